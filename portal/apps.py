from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The doors of the site: home, territory pages, my space, and what this instance is called."""

    name = "portal"
    verbose_name = _("Portail")
