"""The forms of allauth in the words of this site: "adresse mail", and labels rather than placeholders."""

from __future__ import annotations

import secrets

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.core.validators import EmailValidator
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import limits
from .passkeys import AnswerField, NewKeyField


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


class SignupForm(PlainForm, allauth.SignupForm):
    """An address, and the way one will come back: a code by mail each time, or a password."""

    class Way(models.TextChoices):
        CODE = "code", _("Recevoir un code par mail à chaque fois")
        PASSWORD = "password", _("Choisir un mot de passe")

    MAIL_FIELD = "email"

    way = forms.ChoiceField(
        label=_("Comment voulez-vous vous connecter ?"),
        choices=Way,
        initial=Way.CODE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une des deux façons.")},
    )
    field_order = ["email", "way", "password1"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("Personne d’autre que l’équipe technique ne la voit.")
        password = self.fields["password1"]
        password.help_text = _("12 caractères au moins. Plusieurs mots à la suite font un bon mot de passe.")
        password.error_messages["required"] = _("Écrivez le mot de passe que vous choisissez.")
        # It is, for whoever chooses that way: `clean` forgives the others.
        password.required, self.use_required_attribute = True, False

    def clean(self) -> dict:
        if self.cleaned_data.get("way") != self.Way.PASSWORD:
            # What a password manager may have typed in a field that is not shown is no choice.
            self._errors.pop("password1", None)
            self.cleaned_data["password1"] = ""
        return super().clean()

    def try_save(self, request: HttpRequest):
        limits.spend(request, "signup")
        limits.spend_mail(request, self.cleaned_data["email"], only_ask=True)
        if self.account_already_exists:
            self._spend_as_long_as_for_a_new_account(request)
        return super().try_save(request)

    def _spend_as_long_as_for_a_new_account(self, request: HttpRequest) -> None:
        """Time must not tell that this address has one: the same work is done, then undone."""
        email = f"{secrets.token_hex(8)}@example.org"
        with transaction.atomic():
            user = get_adapter().new_user(request)
            user.email = email
            user.set_password(self.cleaned_data["password1"] or None)
            user.save()
            setup_user_email(request, user, [EmailAddress(email=email)])
            transaction.set_rollback(True)


class NationalSignupForm(PlainForm, social.SignupForm):
    """The address that Pro Santé Connect does not give."""

    MAIL_FIELD = "email"

    def try_save(self, request: HttpRequest):
        limits.spend(request, "signup")
        limits.spend_mail(request, self.cleaned_data["email"], only_ask=True)
        return super().try_save(request)


class DisconnectForm(social.DisconnectForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].label = _("Lien à retirer")
        self.fields["account"].error_messages["required"] = _("Choisissez le lien à retirer.")
        self.fields["account"].label_from_instance = lambda account: account.get_provider().name


class RequestLoginCodeForm(PlainForm, allauth.RequestLoginCodeForm):
    MAIL_FIELD = "email"


class CodeForm(PlainForm):
    """Six digits, typed or pasted with or without their dash."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Code reçu par mail")
        code.widget.attrs |= {"inputmode": "numeric", "autofocus": True}
        code.error_messages["required"] = _("Écrivez le code reçu par mail.")


class ConfirmCodeForm(CodeForm, allauth.ConfirmLoginCodeForm):
    pass


class ConfirmAddressForm(CodeForm, allauth.ConfirmEmailVerificationCodeForm):
    pass


class OwnCodeForm(CodeForm, allauth.ConfirmLoginCodeForm):
    """The code sent to someone signed in, who proves that it is still she."""


class ChangeAddressForm(PlainForm, allauth.AddEmailForm):
    MAIL_FIELD = "email"

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Nouvelle adresse mail")


class ResetPasswordForm(PlainForm, allauth.ResetPasswordForm):
    MAIL_FIELD = "email"


class NewPasswordForm(PlainForm):
    """A password chosen, and typed once more."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Nouveau mot de passe")
        self.fields["password1"].help_text = _(
            "12 caractères au moins. Plusieurs mots à la suite font un bon mot de passe."
        )
        self.fields["password2"].label = _("Le même, une seconde fois")


class ResetPasswordKeyForm(NewPasswordForm, allauth.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(NewPasswordForm, allauth.ChangePasswordForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Mot de passe actuel")


class SetPasswordForm(NewPasswordForm, allauth.SetPasswordForm):
    pass


class ReauthenticateForm(PlainForm, allauth.ReauthenticateForm):
    pass


class SecondFactorForm(PlainForm):
    """What an application shows, or one of the codes kept for the day it is lost."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Code de votre application, ou code de secours")
        code.widget.attrs |= {"inputmode": "numeric", "autofocus": True}
        code.error_messages["required"] = _("Écrivez le code que montre votre application.")


class AuthenticateForm(SecondFactorForm, mfa.AuthenticateForm):
    pass


class ConfirmWithFactorForm(SecondFactorForm, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(SecondFactorForm, totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code que montre l’application")
        del self.fields["code"].widget.attrs["autofocus"]


class AuthenticateKeyForm(webauthn.AuthenticateWebAuthnForm):
    credential = AnswerField()


class LoginKeyForm(webauthn.LoginWebAuthnForm):
    credential = AnswerField()


class ConfirmWithKeyForm(webauthn.ReauthenticateWebAuthnForm):
    credential = AnswerField()


class AddKeyForm(PlainForm, webauthn.AddWebAuthnForm):
    credential = NewKeyField()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nom de cette clé")
        self.fields["name"].max_length = 60
        self.fields["passwordless"].label = _("Me connecter avec cette clé seule, sans code ni mot de passe")
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True


class RenameKeyForm(PlainForm, webauthn.EditWebAuthnForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nom de cette clé")
        self.fields["name"].error_messages["required"] = _("Donnez un nom à cette clé.")
