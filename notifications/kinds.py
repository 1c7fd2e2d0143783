"""The kinds of messages. Each app declares its own when it starts."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise


@dataclass(frozen=True)
class MailKind:
    """One thing the platform says, and how it may be said.

    code: "<app>.<name>"; its words are in `templates/<app>/mail/<name>.txt`.
    label: how the team and the person name it, in French.
    mandatory: goes at once whatever the preferences (the account, receipts, decisions).
    sensitive: holds a code or a link that opens something: its words are erased once sent.
    from_anyone: someone without an account can cause it, so it is counted against mail bombing.
    by_member: another member causes it: whoever says it names her, and a block between the two stops it.
    """

    code: str
    label: str | Promise
    mandatory: bool = False
    sensitive: bool = False
    from_anyone: bool = False
    by_member: bool = False

    @property
    def family(self) -> str:
        """What preferences are about: all that an app says."""
        return self.code.partition(".")[0]

    @property
    def template(self) -> str:
        app, _dot, name = self.code.partition(".")
        return f"{app}/mail/{name}.txt"


@dataclass(frozen=True)
class Family:
    """What a person chooses about together, in her words. Where an app says nothing, its own name is used."""

    code: str
    label: str | Promise
    about: str | Promise = ""


#: The family of what this app says itself: the digest, which gathers the others.
OWN_FAMILY = "notifications"

_kinds: dict[str, MailKind] = {}
_families: dict[str, Family] = {}


def register(*declared: MailKind | Family) -> None:
    """Make kinds and families known. Called once per app, from `apps.py`."""
    for one in declared:
        shelf = _kinds if isinstance(one, MailKind) else _families
        if shelf.setdefault(one.code, one) != one:
            raise ValueError(f"{one.code} is declared twice")


def kind(code: str) -> MailKind:
    """The kind of this code. KeyError for a kind nobody declared: a mistake of the code that asks."""
    return _kinds[code]


def known() -> set[str]:
    return set(_kinds)


def kinds() -> list[MailKind]:
    return [_kinds[code] for code in sorted(_kinds)]


def family(code: str) -> Family:
    return _families.get(code) or Family(code, apps.get_app_config(code).verbose_name)


def chosen_families() -> list[Family]:
    """The families a person has a choice about, that is those with a kind that is not mandatory."""
    chosen = {one.family for one in _kinds.values() if not one.mandatory} - {OWN_FAMILY}
    return [family(code) for code in sorted(chosen)]


def codes(**traits: bool) -> list[str]:
    """The codes of the kinds that have these traits: `codes(from_anyone=True)`."""
    return [one.code for one in kinds() if all(getattr(one, name) == value for name, value in traits.items())]
