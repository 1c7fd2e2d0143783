from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import User


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est fermé."),
        "cannot_remove_primary_email": _(
            "L’adresse mail principale ne se retire pas : choisissez-en d’abord une autre."
        ),
        "duplicate_email": _("Cette adresse mail est déjà celle de votre compte."),
        "email_password_mismatch": _("L’adresse mail ou le mot de passe ne va pas. Vérifiez les deux."),
        "email_taken": _("Un compte existe déjà avec cette adresse mail."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_password": _("Ce n’est pas votre mot de passe."),
        "max_email_addresses": _("Un compte n’a pas plus de %d adresses mail."),
        "too_many_login_attempts": _(
            "Trop d’essais à la suite. Attendez un quart d’heure, puis essayez encore."
        ),
        "unverified_primary_email": _("Confirmez d’abord votre adresse mail principale."),
    }

    def render_mail(self, template_prefix: str, email: str, context: dict, headers: dict | None = None):
        """Say to the outbox which mail it is, and whose."""
        # "account/email/login_code" is the kind "accounts.login_code".
        told = {"X-Kind": f"accounts.{template_prefix.rpartition('/')[2]}"}
        if (user := context.get("user")) and user.pk:
            told["X-Recipient"] = str(user.pk)
        return super().render_mail(template_prefix, email, context, {**(headers or {}), **told})

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Registering comes with its guided page; until then accounts are made by the team."""
        return False


def user_display(user: User) -> str:
    """How allauth's messages name someone. Their own address: only they read it."""
    return user.email
