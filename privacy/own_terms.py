"""The terms that no date of a field can tell by itself."""

from django.utils.translation import gettext_lazy as _

from . import actions
from .terms import Term, add

#: How long an account waits for its address to be confirmed.
UNCONFIRMED_DAYS = 3
#: Two years without signing in, the last month of which is told; then the account is erased.
INACTIVE_DAYS = 730
NOTICE_DAYS = 30
REMINDER_DAYS = 7

#: The team's accounts are opened and closed by its administrators.
MEMBERS = {"is_team": False, "is_staff": False, "is_superuser": False, "closure": None, "is_active": True}


def declare() -> None:
    add(
        # Those made by the team on behalf of someone wait for her.
        Term(
            name="accounts-unconfirmed",
            label=_("Compte demandé en ligne, dont l’adresse n’a jamais été confirmée"),
            model="accounts.User",
            date_field="date_joined",
            days=UNCONFIRMED_DAYS,
            where={"is_unconfirmed": True},
        ),
        Term(
            name="accounts-announced",
            label=_("Compte sans connexion : la personne est prévenue un mois avant"),
            model="accounts.User",
            date_field="last_login",
            days=INACTIVE_DAYS - NOTICE_DAYS,
            where=MEMBERS,
            act=actions.announce,
        ),
        Term(
            name="accounts-never-used-announced",
            label=_("Compte jamais ouvert : la personne est prévenue un mois avant"),
            model="accounts.User",
            date_field="date_joined",
            days=INACTIVE_DAYS - NOTICE_DAYS,
            where=MEMBERS | {"last_login": None},
            act=actions.announce,
        ),
        Term(
            name="accounts-reminded",
            label=_("Compte sans connexion : la personne est prévenue encore, sept jours avant"),
            model="privacy.Closure",
            date_field="asked_at",
            days=NOTICE_DAYS - REMINDER_DAYS,
            where={"reason": "inactive", "reminded_at": None},
            act=actions.remind,
        ),
        Term(
            name="accounts-erased",
            label=_("Compte fermé à la demande, ou sans connexion : effacé au jour annoncé"),
            model="privacy.Closure",
            date_field="due_at",
            days=0,
            act=actions.erase_due,
        ),
        Term(
            name="exports-expired",
            label=_("Copie des données non téléchargée : son fichier est effacé"),
            model="privacy.DataExport",
            date_field="ready_at",
            days=1,
            where={"state": "ready"},
            act=actions.expire,
        ),
        Term(
            name="erasures-forgotten",
            label=_("Empreinte d’un compte effacé"),
            model="privacy.Erasure",
            date_field="erased_at",
            days=5 * 365 + 1,
            act=actions.forget_erasures,
        ),
        Term(
            name="sessions",
            label=_("Session finie"),
            model="sessions.Session",
            date_field="expire_date",
            days=0,
        ),
    )
