"""The second factor as allauth keeps it: its secrets locked, its words ours."""

from __future__ import annotations

import base64
import hashlib
from io import BytesIO

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import User


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Votre rôle demande un second facteur : ajoutez d’abord une clé d’accès, "
            "puis retirez l’application."
        ),
        "cannot_generate_recovery_codes": _(
            "Les codes de secours viennent avec une application ou une clé d’accès : ajoutez-en une d’abord."
        ),
        "incorrect_code": _("Ce n’est pas le bon code. Attendez le suivant, puis essayez encore."),
        "unverified_email": _("Confirmez d’abord votre adresse mail."),
    }

    def encrypt(self, text: str) -> str:
        """Nothing that gives codes lies readable in the database or its copies."""
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _lock().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever must have a second factor keeps one."""
        others = factors_of(authenticator.user).exclude(pk=authenticator.pk)
        return not authenticator.user.must_have_second_factor or others.exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Ma clé") if number == 1 else gettext("Ma clé n° %d") % number

    def build_totp_svg(self, url: str) -> str:
        """On its own white ground: a dark page would make it unreadable."""
        drawn = BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", xmldecl=False, light="#fff", scale=5, border=4)
        return drawn.getvalue().decode()


def factors_of(user: User):
    """What confirms a sign-in by itself. Recovery codes only stand in for it."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)


def _lock() -> MultiFernet:
    # The first locks, all open: a key that is replaced goes to SECRET_KEY_FALLBACKS.
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    hashes = (hashlib.sha256(f"accounts.second_factor{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in hashes])
