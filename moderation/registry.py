"""What the kernel must know of each kind of contribution, filled in by the apps above in their `apps.py`."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest

    from accounts.models import User

    from .models import Publishable, Rule

#: A year: after that long without a word, the owner is asked whether a page is still true.
A_YEAR = datetime.timedelta(days=365)


@dataclass(frozen=True)
class Kind:
    """One kind of contribution.

    `read` gives the fields an author may edit as plain JSON, `write` sets some of them and saves; an edit
    that waits is the difference between the two. `changed` is called after every change of state.
    """

    model: type[Publishable]
    #: In addresses and mail keys: "acteur", "structure".
    slug: str
    label: str | Promise
    #: Those who answer for it: told of each decision, and asked whether it is still true.
    owners: Callable[[Publishable], Iterable[User]]
    #: Its territories of every level, for the desk of ambassadors.
    places: Callable[[Publishable], Iterable[int]]
    changed: Callable[[Publishable], None]
    read: Callable[[Publishable], dict[str, object]]
    write: Callable[[Publishable, Mapping[str, object]], None]
    #: Each editable field in words, and how its value reads in a difference.
    labels: Mapping[str, str | Promise]
    show: Callable[[str, object], str] = field(default=lambda name, value: str(value or ""))
    #: Fields whose edit is always looked at first, whoever made it.
    sensitive: frozenset[str] = frozenset()
    #: What this kind alone knows to be worth a look, whoever contributes: from the thing and what is edited.
    doubt: Callable[[Publishable, Mapping[str, object]], Rule | None] = field(
        default=lambda item, changes: None
    )
    #: What `user` alone shows: hidden while her account is suspended.
    shown_by: Callable[[User], Iterable[Publishable]] = field(default=lambda user: ())
    #: The fields of a contribution that a moderator may read; the others only show that they changed.
    readable: Callable[[Publishable, User], Container[str]] | None = None
    #: The person it tells of, whose health may be read in it: opening its case is written down.
    subject: Callable[[Publishable], User | None] = field(default=lambda item: None)
    #: By which way it came, in words for those who moderate.
    came_by: Callable[[Publishable], str] = field(default=lambda item: "")
    #: The page as it will appear, for the desk.
    preview: Callable[[Publishable, HttpRequest], str] | None = None
    #: After how long it must be confirmed.
    term: datetime.timedelta = A_YEAR
    #: The field that says in which commune it is.
    commune: str = "commune"
    #: Raises Impossible, with words for the person, while something is missing before it can be sent.
    check: Callable[[Publishable, User], None] = field(default=lambda item, by: None)
    #: Deletes a draft that was left aside, with what was made for it alone.
    forget_draft: Callable[[Publishable], object] = field(default=lambda item: item.delete())
    #: The page where those who answer for it edit it.
    edit_link: Callable[[Publishable], str] = field(default=lambda item: item.get_absolute_url())


@dataclass(frozen=True)
class Choice:
    """One thing that may be decided of a matter."""

    code: str
    label: str | Promise
    #: Told to whoever asked: not decided without it.
    needs_reason: bool = False
    #: That of its button.
    variant: str = "primary"


@dataclass(frozen=True)
class Matter:
    """What a case may be about that is no contribution: a request, a pair of pages that look alike.

    The desk draws `template`, which reads `case` and `matter`, and a button for each choice; what is chosen
    is done by `settle`, inside the transaction that closes the case.
    """

    model: type[Model]
    #: Its territories of every level, for the desk of ambassadors.
    places: Callable[[Model], Iterable[int]]
    template: str
    choices: tuple[Choice, ...]
    #: Takes the thing, the code of the choice, who decides, and why.
    settle: Callable[[Model, str, User, str], None]


_kinds: dict[type, Kind] = {}
_matters: dict[type, Matter] = {}


def register(kind: Kind) -> None:
    """Make a kind of contribution known."""
    _kinds[kind.model] = kind


def register_matter(matter: Matter) -> None:
    """Make known what cases may be about beside contributions."""
    _matters[matter.model] = matter


def matter_of(thing: Model) -> Matter | None:
    """How a case about `thing` is shown and settled; None when it is a contribution."""
    return _matters.get(type(thing))


def places_of(thing: Model) -> Iterable[int]:
    """The territories of what a case is about, contribution or not."""
    return (matter_of(thing) or kind_of(thing)).places(thing)


def kind_of(item: Publishable) -> Kind:
    """The kind of a contribution. Raises KeyError for what nobody registered."""
    return _kinds[type(item)]


def kind_named(slug: str) -> Kind | None:
    """The kind that bears this name in addresses."""
    return next((kind for kind in _kinds.values() if kind.slug == slug), None)


def kinds() -> list[Kind]:
    """Every kind."""
    return list(_kinds.values())


def kind_with_model(label: str) -> Kind | None:
    """The kind whose model is "app.model"."""
    return next((kind for kind in _kinds.values() if kind.model._meta.label_lower == label), None)


_name_people: Callable[[Iterable[int]], Mapping[int, str]] = lambda people: {}  # noqa: E731


def name_people_with(name: Callable[[Iterable[int]], Mapping[int, str]]) -> None:
    """Say how those who moderate call people: the app that holds their pages does, in its `apps.py`."""
    global _name_people
    _name_people = name


def names_of(people: Iterable[User | None]) -> dict[int, str]:
    """How to call accounts on the desk: by the name of their page, else a moderator by her address."""
    accounts = {person.pk: person for person in people if person}
    known = _name_people(accounts)
    return {
        pk: known.get(pk) or (person.email if person.is_team else str(_("compte n° %s") % pk))
        for pk, person in accounts.items()
    }
