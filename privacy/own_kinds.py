"""What this app writes to people."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Family, MailKind, register


def declare() -> None:
    register(
        Family("privacy", _("Données personnelles")),
        MailKind("privacy.export_ready", _("Copie de vos données prête"), mandatory=True),
        MailKind("privacy.closed", _("Compte fermé, bientôt effacé"), mandatory=True, sensitive=True),
        MailKind("privacy.inactive", _("Compte sans connexion depuis longtemps"), mandatory=True),
        MailKind("privacy.inactive_soon", _("Compte effacé dans quelques jours"), mandatory=True),
    )
