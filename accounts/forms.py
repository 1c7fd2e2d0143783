"""The forms of allauth in the words of this site: "adresse mail", and labels rather than placeholders."""

from __future__ import annotations

from allauth.account import forms as allauth
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _


class PlainForm:
    """A placeholder goes away as soon as one types, and says again what the label says: there is none."""

    MAIL_FIELD = ""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if self.MAIL_FIELD:
            mail = self.fields[self.MAIL_FIELD]
            mail.label = _("Adresse mail")
            mail.error_messages["required"] = _("Écrivez votre adresse mail.")
            # EmailField speaks through its validator, not through its own messages.
            mail.validators = [self._named(validator) for validator in mail.validators]

    @staticmethod
    def _named(validator: object) -> object:
        if not isinstance(validator, EmailValidator):
            return validator
        return EmailValidator(_("Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr"))


class LoginForm(PlainForm, allauth.LoginForm):
    MAIL_FIELD = "login"

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = _("Écrivez votre mot de passe.")
        self.fields["remember"].label = _("Rester connecté sur cet appareil")


class AddEmailForm(PlainForm, allauth.AddEmailForm):
    MAIL_FIELD = "email"


class ResetPasswordForm(PlainForm, allauth.ResetPasswordForm):
    MAIL_FIELD = "email"


class ResetPasswordKeyForm(PlainForm, allauth.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(PlainForm, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(PlainForm, allauth.SetPasswordForm):
    pass


class ReauthenticateForm(PlainForm, allauth.ReauthenticateForm):
    pass
