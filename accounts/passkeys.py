"""What a passkey answers, read before anything is done with it."""

from __future__ import annotations

import contextlib
import struct

from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

NO_ANSWER = _("La clé n’a pas répondu. Essayez encore.")
#: What reading bytes that come from no key may raise: the library promises nothing of them.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, struct.error)


class AnswerField(forms.JSONField):
    """The answer of a key one has. What is none is refused in words: allauth would break down on it."""

    widget = forms.HiddenInput
    default_error_messages = {"required": NO_ANSWER, "invalid": NO_ANSWER}

    def clean(self, value: str) -> dict:
        try:
            answer = super().clean(value)
            self.read(answer)
        except UNREADABLE as unreadable:
            raise ValidationError(NO_ANSWER) from unreadable
        return answer

    def read(self, answer: dict) -> None:
        """Raises one of UNREADABLE for what no key says."""
        AuthenticationResponse.from_dict(answer)

    def bound_data(self, data: str, initial: object) -> object:
        # An answer serves once: the page asks the key again.
        return initial


class NewKeyField(AnswerField):
    """The answer of a key that is being added: it holds a public key that can be used, and no more."""

    def clean(self, value: str) -> dict:
        if r"\u0000" in (value or ""):
            raise ValidationError(NO_ANSWER)
        return super().clean(value)

    def read(self, answer: dict) -> None:
        made = RegistrationResponse.from_dict(answer).response.attestation_object.auth_data
        # A key that can be used finds this signature wrong; any other raises something else.
        with contextlib.suppress(InvalidSignature):
            made.credential_data.public_key.verify(b"", b"")
