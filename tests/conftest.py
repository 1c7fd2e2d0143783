"""What every test stands on: a small real piece of France, the vocabularies, and one viewer per kind."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from directory.index import forget_index
from directory.models import Term
from directory.taxonomies import load_taxonomies
from tests.fixtures_territories import load_some_territories


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Territories and vocabularies are loaded once; each test then rolls its own changes back."""
    with django_db_blocker.unblock():
        load_some_territories()
        load_taxonomies()


@pytest.fixture(autouse=True)
def _nothing_left_over():
    """No test sees the index or the cache of another."""
    forget_index()
    cache.clear()
    yield
    forget_index()


@pytest.fixture
def term(db):
    """`term("role", "proche-aidant")`"""
    return lambda vocabulary, slug: Term.objects.get(vocabulary=vocabulary, slug=slug)


#: Every kind of viewer, from the widest circle to the narrowest.
VIEWERS = ("visitor", "member", "professional", "referent", "ambassador", "team", "admin")


def make_viewer(name: str) -> User | None:
    """The account of a kind of viewer; None for the visitor."""
    traits = {
        "visitor": None,
        "member": {},
        "professional": {"is_verified_professional": True},
        "referent": {},
        "ambassador": {},
        "team": {"is_team": True},
        "admin": {"is_team": True, "is_staff": True, "is_superuser": True},
    }[name]
    return (
        None
        if traits is None
        else User.objects.create_user(f"{name}@example.org", "a good long password", **traits)
    )


@pytest.fixture
def as_viewer(db):
    """`as_viewer("member")`: a client signed in as that kind of viewer."""

    def sign_in(name: str) -> Client:
        client = Client()
        user = make_viewer(name)
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.viewer = user
        return client

    return sign_in
