"""What the pages about one's data show."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.register import PERSONAL, Entry, Link, groups, links, own_apps

from .belongings import Belongings
from .models import DataExport, HealthRead
from .terms import terms


def data_page(user: User) -> dict[str, object]:
    """The state of her copies, and who of the team read what she keeps from members."""
    return {
        "export": DataExport.objects.filter(user=user, state__in=["waiting", "ready"]).first(),
        "readings": readings_of(user),
        "closure": getattr(user, "closure", None),
    }


def readings_of(user: User) -> list[tuple[str, int]]:
    """How many times the team read her health data, by purpose; the most frequent first."""
    counted = HealthRead.objects.filter(subject=user).values_list("purpose").annotate(number=Count("pk"))
    return [
        (HealthRead.Purpose(purpose).label, number)
        for purpose, number in counted.order_by("-number", "purpose")
    ]


def closing_page(user: User) -> dict[str, object]:
    """What she shares with others and stays without her name, as the register says it; only what there is."""
    shared = [
        (_name(link), link.why) for link, keys in Belongings(user) if keys and link.on_erasure != "delete"
    ]
    return {"kept": list(dict.fromkeys(shared))}


@dataclass(frozen=True)
class RegisterRow:
    """A group of data of the register, in words."""

    data: str
    entry: Entry
    erased: str


def register_page() -> dict[str, object]:
    """Every group of personal data, by what it is about."""
    own = {config.label for config in own_apps()}
    chapters: dict[str, list[RegisterRow]] = {}
    for names, entry in groups():
        if entry.level in PERSONAL:
            app, model, _field = names[0].split(".")
            # What libraries keep is told with the accounts it is about.
            title = str(apps.get_app_config(app if app in own else "accounts").verbose_name)
            chapters.setdefault(title, []).append(
                RegisterRow(_words(names), entry, entry.erased or erased_words(f"{app}.{model}"))
            )
    kept = sorted({(str(term.label), in_words(term.days)) for term in terms() if term.days})
    return {"chapters": chapters, "kept": kept}


def in_words(days: int) -> str:
    """A number of days as one says it."""
    if days % 365 == 0:
        return ngettext("%(n)s an", "%(n)s ans", days // 365) % {"n": days // 365}
    return ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days}


def erased_words(label: str) -> str:
    """What becomes of the rows of a model when their person is erased, told from its links."""
    said = {
        "delete": _("Supprimé avec le compte"),
        "anonymise": _("Le nom de la personne est retiré"),
        "keep": _("Gardé"),
    }
    parts = []
    for link in links():
        if link.model == label and link.owner:
            words = said[link.on_erasure]
            parts.append(f"{words} : {link.why}" if link.on_erasure != "delete" and link.why else words)
    return " ; ".join(dict.fromkeys(parts))


def _words(names: list[str]) -> str:
    """Fields as people read them."""
    words = []
    for name in names:
        app, model, field = name.split(".")
        words.append(str(apps.get_model(app, model)._meta.get_field(field).verbose_name))
    return ", ".join(dict.fromkeys(words)).capitalize()


def _name(link: Link) -> str:
    return str(link.get_model()._meta.verbose_name).capitalize()
