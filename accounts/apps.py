from django.apps import AppConfig
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Comptes")

    def ready(self) -> None:
        # The admin has no limits and no second factor of its own: everyone comes in by the same door.
        from allauth.account.decorators import secure_admin_login

        from . import reactions

        admin.site.login = secure_admin_login(admin.site.login)
        reactions.connect()
