"""Every field of every model is in the register, the register names nothing else, and code can act on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from accounts.models import User
from accounts.register import LEVELS, ON_ERASURE, PERSONAL, Link, keeps, links, register
from privacy.belongings import _last_field

#: Models of libraries that hold nothing of a person. Adding one is a decision: it is made here.
NOT_PERSONAL = {ContentType, Group, Permission}


def known_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model not in NOT_PERSONAL]


def fields_of(model: type[models.Model]) -> Iterator[models.Field]:
    for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        if not (field.primary_key and field.auto_created):
            yield field


def fields() -> set[str]:
    return {f"{model._meta.label}.{field.name}" for model in known_models() for field in fields_of(model)}


def model_of(name: str) -> str:
    return name.rpartition(".")[0]


def test_every_field_is_declared():
    assert sorted(fields() - set(register())) == []


def test_nothing_else_is_declared():
    assert sorted(set(register()) - fields()) == []


def test_what_concerns_a_person_is_fully_described():
    lacking = [
        name
        for name, entry in register().items()
        if entry.level in PERSONAL and not all([entry.purpose, entry.basis, entry.retention, entry.readers])
    ]
    assert lacking == []
    assert {entry.level for entry in register().values()} <= set(LEVELS)


def test_what_concerns_a_person_says_whose_it_is():
    """A model with a personal field and no link would be left out of exports and erasures without a word."""
    personal = {model_of(name) for name, entry in register().items() if entry.level in PERSONAL}
    assert sorted(personal - {link.model for link in links()}) == []


def test_every_way_from_a_row_to_an_account_is_a_link():
    """A second foreign key to a person (who decided, who reported) is a second link, with its own end."""
    known = {(link.model, link.owner.split("__")[0]) for link in links()}
    forgotten = [
        f"{model._meta.label}.{field.name}"
        for model in known_models()
        for field in fields_of(model)
        if field.related_model is User and (model._meta.label, field.name) not in known
    ]
    assert forgotten == []


def problems_of(link: Link) -> Iterator[str]:
    if link.on_erasure not in ON_ERASURE:
        yield f"on_erasure is one of {ON_ERASURE}"
    if (link.on_erasure != "delete" or not link.owner) and not link.why:
        yield "says why it stays, or why it is nobody's"
    names = {field.name for field in link.get_model()._meta.get_fields()}
    if unknown := {*link.hides, *link.anonymise_to} - names:
        yield f"names unknown fields: {sorted(unknown)}"
    if not link.owner or link.owner == "self":
        return
    try:
        if link.is_generic:
            kind, number = link.owner.split("+")
            if link.get_model()._meta.get_field(kind).related_model is not ContentType:
                yield f"{kind} is not a content type"
            link.get_model()._meta.get_field(number)
            return
        last = _last_field(link)
    except FieldDoesNotExist as error:
        yield str(error)
        return
    if last.is_relation and last.related_model is not User:
        yield "does not lead to an account"
    if link.on_erasure != "anonymise" or not last.is_relation or last.many_to_many:
        return
    if not last.null or last.remote_field.on_delete is models.CASCADE:
        yield "stays without its person, but its foreign key is not null, or takes it away with her"


@pytest.mark.parametrize("link", links(), ids=lambda link: f"{link.model}.{link.owner}")
def test_a_link_can_be_acted_on(link):
    assert list(problems_of(link)) == []


def test_what_is_exported_is_exported_to_someone():
    exported = {link.model for link in links() if link.owner and link.exported}
    lost = [name for name, entry in register().items() if entry.exported and model_of(name) not in exported]
    assert lost == []


def test_words_never_promise_what_the_code_does_not_do():
    """Nothing is said to go with the account where no link deletes it."""
    deleted = {link.model for link in links() if link.on_erasure == "delete"}
    wrong = [
        name
        for name, entry in register().items()
        if model_of(name) not in deleted and "avec le compte" in entry.erased
    ]
    assert wrong == []


@pytest.mark.parametrize("keep", keeps(), ids=lambda keep: f"{keep.model}.{keep.date_field}")
def test_a_term_can_be_acted_on(keep):
    model = keep.get_model()
    assert isinstance(model._meta.get_field(keep.date_field), models.DateTimeField | models.DateField)
    assert keep.keep_days > 0
    assert keep.why
    for name, value in keep.empty.items():
        model._meta.get_field(name).clean(value, None) if value else None
        assert model._meta.get_field(name).blank
