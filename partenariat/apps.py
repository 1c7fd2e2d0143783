import sys
import types

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class LeafletWithoutGdalConfig(AppConfig):
    """Keep `leaflet.admin` from being imported: it needs GDAL, which we do without.

    The admin discovers an `admin` module in every installed app. An empty one in its place, set before
    the discovery, is all it takes; django-leaflet stays for its assets and settings.
    """

    name = "partenariat"

    def ready(self) -> None:
        sys.modules.setdefault("leaflet.admin", types.ModuleType("leaflet.admin"))


class PartenariatAdminConfig(AdminConfig):
    default_site = "partenariat.admin.PartenariatAdminSite"
