"""What becomes of letters that nobody answers. How long letters stay is in `personal_data.toml`."""

from django.utils.translation import gettext_lazy as _

from privacy.terms import Term, add

from . import actions

#: When the one reminder goes, and when the wait ends.
REMIND_DAYS = 7
EXPIRE_DAYS = 30

REMINDED = Term(
    name="letters-reminded",
    label=_("Message sans réponse : rappelé une fois"),
    model="contact.Conversation",
    date_field="last_letter_at",
    days=REMIND_DAYS,
    where={"state": "waiting", "reminded_at": None},
    act=actions.remind,
)
EXPIRED = Term(
    name="letters-expired",
    label=_("Message sans réponse : l’attente prend fin, et les deux personnes le savent"),
    model="contact.Conversation",
    date_field="last_letter_at",
    days=EXPIRE_DAYS,
    where={"state": "waiting"},
    act=actions.expire,
)


def declare() -> None:
    add(REMINDED, EXPIRED)
