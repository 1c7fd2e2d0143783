"""How long contributions stay that nobody sees: drafts left aside, and what a suspension for good hides."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from privacy.terms import Term, add, add_source

from .actions import forgetting
from .registry import Kind, kinds

#: A draft that was never published, after its last edit.
DRAFT_DAYS = 180
#: What a person alone shows, after her account was suspended without a term and that is no longer contested.
SUSPENDED_DAYS = 30
FOR_GOOD = {"kind": "suspension", "until": None, "lifted_at": None, "emptied_at": None}


def declare() -> None:
    label = _("Contributions d’un compte suspendu jusqu’à nouvel ordre, une fois la décision définitive")
    add(
        Term(
            name="suspended-emptied",
            label=label,
            model="moderation.Sanction",
            date_field="at",
            days=SUSPENDED_DAYS,
            where={**FOR_GOOD, "appeal": None},
            act=forgetting.empty_accounts,
        ),
        Term(
            name="suspended-emptied-after-appeal",
            label=label,
            model="moderation.Sanction",
            date_field="appeal__answered_at",
            days=SUSPENDED_DAYS,
            where={**FOR_GOOD, "appeal__outcome": "rejected"},
            act=forgetting.empty_accounts,
        ),
    )
    add_source(lambda: map(_of_drafts, kinds()))


def _of_drafts(kind: Kind) -> Term:
    return Term(
        name=f"drafts-{kind.slug}",
        label=format_lazy(_("Brouillon laissé sans modification ({kind})"), kind=kind.label),
        model=kind.model._meta.label,
        date_field="edited_at",
        days=DRAFT_DAYS,
        where={"status": "draft", "published_at": None},
        act=forgetting.forget_drafts,
    )
