"""Every kind of message this app sends. Decisions and receipts always go: the person is owed them."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Family, MailKind, register

MANDATORY = {
    "publish": _("Votre contribution est publiée"),
    "return": _("Votre contribution est à compléter"),
    "refuse": _("Votre contribution est refusée"),
    "hide": _("Votre contribution est masquée"),
    "archive": _("Votre contribution est archivée"),
    "accept_edit": _("Votre modification est acceptée"),
    "return_edit": _("Votre modification est à compléter"),
    "refuse_edit": _("Votre modification est refusée"),
    "report_answered": _("Réponse à votre signalement"),
    "warned": _("Avertissement"),
    "suspended": _("Compte suspendu"),
    "lifted": _("Fin d’une sanction"),
    "appeal_received": _("Contestation reçue"),
    "appeal_answered": _("Réponse à votre contestation"),
    "fresh_asked": _("Votre page est-elle à jour ?"),
    "fresh_reminded": _("Votre page est-elle à jour ? (rappel)"),
    "fresh_faded": _("Votre page est marquée non confirmée"),
    "urgent": _("Dossier urgent"),
}


def declare() -> None:
    register(
        Family("moderation", _("Ce que vous publiez"), _("Décisions, signalements, pages à confirmer.")),
        *(MailKind(f"moderation.{name}", label, mandatory=True) for name, label in MANDATORY.items()),
        # Anyone who knows an address can cause it.
        MailKind("moderation.report_received", _("Signalement reçu"), mandatory=True, from_anyone=True),
    )
