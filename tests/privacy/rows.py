"""Rows of any model for anyone, made from the models and the register alone: a new model is in at once."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import uuid
from collections.abc import Callable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone

from accounts.models import User
from accounts.register import Link, links
from directory.models import Actor, Structure, Term
from moderation.models import Decision
from privacy.belongings import _last_field
from territories.models import Territory
from tests import makers

#: What the constraints of a model ask for and its fields do not tell: of every row, or of a link's alone.
HINTS: dict[str, Callable[[], dict[str, object]]] = {
    "privacy.DataExport": lambda: {"state": "ready", "ready_at": timezone.now()},
    "moderation.Case": lambda: {"claimed_at": timezone.now()},
    "directory.Invitation.used_by": lambda: {"used_at": timezone.now()},
    "moderation.Appeal": lambda: {"decision": row_of(Decision)},
    "directory.ReferentInvitation.user": lambda: {"email": ""},
    # By her page, so without a name typed.
    "projects.ProjectPerson": lambda: {"name": ""},
}
#: How a word is written where it may not stand alone.
SHAPES = {"directory.OldAddress.path": "/{}/"}
#: Shorter texts hold no word of ours.
SHORTEST = 13

_numbers = itertools.count(1)


def hints(*names: str) -> dict[str, object]:
    """What the constraints ask of rows known by these names."""
    return {key: value for name in names if name in HINTS for key, value in HINTS[name]().items()}


def word(prefix: str, *parts: str) -> str:
    """Thirteen letters found nowhere else: seven say whose, six say where."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    return prefix + "".join("bdfgjklmpqvz"[byte % 12] for byte in digest[:6])


class Person:
    """Someone with an account, a page, and a row of every model that says it is hers."""

    def __init__(self, prefix: str, **traits: object) -> None:
        assert len(prefix) == 7
        self.prefix = prefix
        self.user = User.objects.create_user(f"{word(prefix, 'account')}@example.org", **traits)
        self.user.emailaddress_set.create(email=self.user.email, verified=True, primary=True)
        self.actor = makers.actor(
            user=self.user,
            name_style="full",
            first_name=self.word("directory.Actor", "first_name"),
            last_name=self.word("directory.Actor", "last_name"),
            pseudonym=self.word("directory.Actor", "pseudonym"),
            texts={
                name: self.word("directory.Actor", name)
                for name in ("headline", "presentation", "offers", "needs", "experience", "training")
                + ("engagements", "interests", "phone")
            }
            | {
                "website": f"https://{self.word('directory.Actor', 'website')}.example.org/",
                "email": f"{self.word('directory.Actor', 'email')}@example.org",
            },
            consents=("store", "everyone"),
            themes=("diabete",),
        )
        self.planted: dict[tuple[Link, str], str] = {}
        page = next(link for link in links() if (link.model, link.owner) == ("directory.Actor", "user"))
        self.given = {page, *(link for link in links() if link.owner == "self")}
        for link in links():
            if link.owner and link not in self.given:
                self.give(link)
        said = [name for name in texts_of(Actor) if name not in ("slug", "audiences")]
        self.planted |= {(page, name): self.word(page.model, name) for name in said}

    def word(self, *where: str) -> str:
        return word(self.prefix, *where)

    def give(self, link: Link, **given: object) -> models.Model:
        """A row of hers. Words go in every text of what is deleted with her, else where it is emptied."""
        model = link.get_model()
        known = {**hints(link.model, f"{link.model}.{link.owner}"), **self._owner(link), **given}
        row = model(**{**self._plain(model), **known})
        for name in texts_of(model):
            if name not in known and (link.on_erasure == "delete" or name in link.anonymise_to):
                self._plant(row, link, name)
        row.save()
        self.given.add(link)
        if not link.is_generic and _last_field(link).many_to_many:
            getattr(row, link.owner).add(self.user)
        return row

    def _plant(self, row: models.Model, link: Link, name: str) -> None:
        field = row._meta.get_field(name)
        said = self.word(link.model, link.owner, name)
        self.planted[link, name] = said
        setattr(row, name, shaped(field, said))

    def _owner(self, link: Link) -> dict[str, object]:
        if link.is_generic:
            kind, number = link.owner.split("+")
            return {kind: ContentType.objects.get_for_model(Actor), number: self.actor.pk}
        first, *rest = link.owner.split("__")
        field = link.get_model()._meta.get_field(first)
        if field.many_to_many:
            return {}
        if isinstance(field, ArrayField):
            return {first: [self.user.pk]}
        if not field.is_relation:
            return {first: self.user.email}
        return {first: self._own(field.related_model) if rest else self.user}

    def _own(self, model: type[models.Model]) -> models.Model:
        """A row of `model` that is hers, for the rows that reach her through it."""
        if model is Actor:
            return self.actor
        ways = [one for one in links() if one.model == model._meta.label and not one.is_generic]
        link = min(ways, key=lambda way: way.on_erasure != "delete")
        found = model._base_manager.filter(**{link.owner: self.user}).first()
        return found or self.give(link)

    def _plain(self, model: type[models.Model]) -> dict[str, object]:
        """A value for each field that must have one."""
        return {
            field.name: plain(field)
            for field in model._meta.local_fields
            if not (field.primary_key or field.generated or field.null or field.has_default())
            and not getattr(field, "auto_now_add", False)
        }


def texts_of(model: type[models.Model]) -> Iterator[str]:
    """The fields that can hold a word of someone's."""
    texts = models.CharField | models.TextField | models.FileField
    for field in model._meta.local_fields:
        if field.primary_key or field.generated or field.choices or field.is_relation:
            continue
        long = getattr(field, "max_length", None) is None or field.max_length >= SHORTEST
        of_texts = isinstance(field, ArrayField) and isinstance(field.base_field, models.CharField)
        if of_texts or isinstance(field, models.JSONField) or (long and isinstance(field, texts)):
            yield field.name


def shaped(field: models.Field, said: str) -> object:
    """A word in the shape that a field takes."""
    said = SHAPES.get(str(field), "{}").format(said)
    if isinstance(field, models.EmailField):
        return f"{said}@example.org"
    if isinstance(field, models.URLField):
        return f"https://{said}.example.org/"
    if isinstance(field, models.FileField):
        return ContentFile(said.encode(), name=f"{said}.txt")
    if isinstance(field, models.JSONField):
        return {"said": said}
    return [said] if isinstance(field, ArrayField) else said


def plain(field: models.Field) -> object:
    """Something that says nothing of anyone."""
    if field.is_relation:
        return _other_row(field)
    if field.choices:
        return "" if field.blank else field.choices[0][0]
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DateTimeField):
        return timezone.now() + datetime.timedelta(hours=1)  # an end comes after its beginning
    if isinstance(field, models.DateField):
        return timezone.localdate()
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.7"
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.CharField | models.TextField):
        needed = field.unique or not field.blank
        return shaped(field, f"x{next(_numbers)}")[: field.max_length] if needed else ""
    if isinstance(field, models.FileField):
        return ""
    return next(_numbers)


def _other_row(field: models.Field) -> models.Model:
    model = field.related_model
    if model is User:
        return makers.user()
    if model is Structure:
        return makers.structure()
    if model is Actor:
        return makers.actor()
    if model is ContentType:
        return ContentType.objects.get_for_model(Structure)
    if model is Territory:
        return makers.commune()
    if model is Term:
        return Term.objects.complex_filter(field.get_limit_choices_to()).first()
    return row_of(model)


def row_of(model: type[models.Model], **given: object) -> models.Model:
    """A row of any model that says nothing of anyone, but for what is given."""
    values = {
        one.name: plain(one)
        for one in model._meta.local_fields
        if one.name not in given and not (one.primary_key or one.generated or one.null or one.has_default())
    }
    return model._base_manager.create(**{**values, **hints(model._meta.label), **given})
