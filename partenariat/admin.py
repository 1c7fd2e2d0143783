"""The administration: the site's own name, and scripts that need no nonce."""

from collections.abc import Callable

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

#: Secrets, and where people connect from: nobody reads them in the administration.
NEVER_SHOWN = {"mfa.Authenticator", "usersessions.UserSession"}
NEVER_SHOWN |= {f"socialaccount.Social{what}" for what in ("Account", "App", "Token")}


class PartenariatAdminSite(admin.AdminSite):
    site_header = _("Administration de Partenariat")
    site_title = _("Administration")
    index_title = _("Que voulez-vous faire ?")

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        super().register(
            [model for model in models if model._meta.label not in NEVER_SHOWN], admin_class, **options
        )

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable[..., HttpResponse]:
        # Django's own pages link their scripts without a nonce: they are allowed by origin, here only.
        allow_own_scripts = csp_replace({"script-src": [SELF]})
        return allow_own_scripts(super().admin_view(view, cacheable))
