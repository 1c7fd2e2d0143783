"""What every test stands on: a small real piece of France, the vocabularies, and one viewer per kind."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.test.signals import template_rendered

from accounts.models import User
from directory.index import forget_index
from directory.models import Actor, Term
from directory.taxonomies import load_taxonomies
from tests import mails as _declares_its_kinds  # noqa: F401
from tests.fixtures_territories import load_some_territories

#: The files of the templates rendered since the beginning of the run.
RENDERED: set[str] = set()
UNDEFINED = "⟦undefined:"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """No test reaches the network: only the cache of this run, wherever it is, and the browser's own site."""
    cache_host = urlsplit(os.environ.get("REDIS_URL", "")).hostname
    hosts = [config.option.allow_hosts, "127.0.0.1", "::1", "localhost", cache_host]
    config.option.allow_hosts = ",".join(filter(None, hosts))
    config.option.allow_unix_socket = True


def pytest_sessionstart() -> None:
    template_rendered.connect(_note_template)


def _note_template(template, **kwargs) -> None:
    RENDERED.add(str(template.origin.name))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of a parallel run hands over what it drew; the one that started them judges the whole.

    A part of the tests, or a run that already failed, is not judged.
    """
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["rendered"] = sorted(RENDERED)
        return
    whole = config.args_source == pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    if not whole or session.testsfailed or config.option.collectonly:
        return
    from tests.rules.test_templates import said_of_templates

    said = said_of_templates({name.removeprefix(f"{settings.BASE_DIR}/templates/") for name in RENDERED})
    where = ("tests/rules/test_templates.py", None, "every_template_is_drawn")
    outcome = "failed" if said else "passed"
    report = pytest.TestReport("::".join((where[0], where[2])), where, {}, outcome, said or None, "call")
    config.hook.pytest_runtest_logreport(report=report)
    if said:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    RENDERED.update(getattr(node, "workeroutput", {}).get("rendered", ()))


@pytest.fixture(autouse=True)
def _no_undefined_variable(monkeypatch):
    """A variable that a template reads and nobody gives fails the test, even where the page looks right."""
    answer = Client.request

    def checked(self, **request):
        response = answer(self, **request)
        # The administration's own templates lean on undefined variables everywhere.
        ours = not request.get("PATH_INFO", "").startswith("/gestion/")
        if ours and not response.streaming and UNDEFINED.encode() in response.content:
            name = response.content.decode().split(UNDEFINED)[1].split("⟧")[0]
            raise AssertionError(f"Undefined variable{name} in a template, at {request['PATH_INFO']}")
        return response

    monkeypatch.setattr(Client, "request", checked)
    yield
    from django.core import mail

    assert [
        message.subject for message in getattr(mail, "outbox", []) if UNDEFINED in str(message.message())
    ] == []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Territories and vocabularies are loaded once; each test then rolls its own changes back."""
    with django_db_blocker.unblock():
        load_some_territories()
        load_taxonomies()


@pytest.fixture
def committed(transactional_db):
    """For races between threads: what the test writes is really committed, and emptied away at its end.

    These tests run after all others; the first of them leaves the tables empty for the next.
    """
    if not Term.objects.exists():
        load_some_territories()
        load_taxonomies()


@pytest.fixture(autouse=True)
def _nothing_left_over():
    """No test sees the index, the cache or the files of another."""
    forget_index()
    cache.clear()
    default_storage._root._children.clear()
    yield
    forget_index()


@pytest.fixture(autouse=True)
def _every_mail_is_a_row(monkeypatch):
    """Django's test runner puts its own backend: ours comes back, and hands over to it at the end."""
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "notifications.backend.OutboxBackend")


@pytest.fixture(autouse=True)
def _what_waits_for_the_commit_happens(monkeypatch):
    """The transaction around a test never commits: what waits for it happens when the code's own one ends."""

    def happen(connection) -> None:
        while connection.run_on_commit and all(block._from_testcase for block in connection.atomic_blocks):
            _sids, todo, _robust = connection.run_on_commit.pop(0)
            todo()

    def leave(self, *error):
        left = ended(self, *error)
        happen(transaction.get_connection(self.using))
        return left

    def on_commit(func, using=None, robust=False):
        wait(func, using, robust)
        happen(transaction.get_connection(using))

    ended, wait = transaction.Atomic.__exit__, transaction.on_commit
    monkeypatch.setattr(transaction.Atomic, "__exit__", leave)
    monkeypatch.setattr(transaction, "on_commit", on_commit)


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


def say_why(client: Client, *people: Actor) -> None:
    """Have `client` state, for its session, why it reads these pages: the team is asked before it may."""
    session = client.session
    session["reading_purposes"] = {str(person.user_id): ["moderation", ""] for person in people}
    session.save()


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
