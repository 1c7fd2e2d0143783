"""The kinds that this app says itself, and those of the account mails, whose app is on a lower floor."""

from django.utils.translation import gettext_lazy as _

from .digest import KIND as DIGEST
from .kinds import MailKind, register

#: What `OutboxBackend` gives to a mail that does not say what it is: taken for the most delicate there is.
UNKNOWN = "notifications.other"

#: The mails of an account that hold a code or a link, and that whoever knows the address can cause.
KEYS = {
    "account_already_exists": _("Un compte existe déjà"),
    "email_confirmation": _("Confirmer une adresse mail"),
    "email_confirmation_signup": _("Confirmer une adresse mail"),
    "login_code": _("Code pour se connecter"),
    "password_reset_code": _("Code pour choisir un nouveau mot de passe"),
    "password_reset_key": _("Choisir un nouveau mot de passe"),
    "unknown_account": _("Aucun compte à cette adresse"),
}
#: Those that tell the person what has just changed in her account.
CHANGES = {
    "account_connected": _("Compte d’un autre site relié"),
    "account_disconnected": _("Compte d’un autre site détaché"),
    "email_changed": _("Adresse mail changée"),
    "email_confirm": _("Adresse mail confirmée"),
    "email_deleted": _("Adresse mail retirée"),
    "password_changed": _("Mot de passe changé"),
    "password_reset": _("Nouveau mot de passe choisi"),
    "password_set": _("Mot de passe choisi"),
    "recovery_codes_generated": _("Codes de secours créés"),
    "totp_activated": _("Application d’authentification ajoutée"),
    "totp_deactivated": _("Application d’authentification retirée"),
    "webauthn_added": _("Clé d’accès ajoutée"),
    "webauthn_removed": _("Clé d’accès retirée"),
}


def declare() -> None:
    register(
        MailKind(DIGEST, _("Récapitulatif du jour")),
        MailKind(UNKNOWN, _("Autre message"), mandatory=True, sensitive=True, from_anyone=True),
    )
    for name, label in KEYS.items():
        register(MailKind(f"accounts.{name}", label, mandatory=True, sensitive=True, from_anyone=True))
    # Only she can cause it, once signed in.
    own_code = _("Code pour confirmer que c’est bien vous")
    register(MailKind("accounts.own_code", own_code, mandatory=True, sensitive=True))
    for name, label in CHANGES.items():
        register(MailKind(f"accounts.{name}", label, mandatory=True))
