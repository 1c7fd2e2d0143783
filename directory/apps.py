from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    """Who takes part in the partnership, where, and what each shows to whom."""

    name = "directory"
    verbose_name = _("Répertoire")

    def ready(self) -> None:
        from . import lookups  # noqa: F401 the transforms it declares
        from .contributions import register_kinds
        from .listings import register_listed
        from .mails import register_mails
        from .matters import register_matters

        register_kinds()
        register_listed()
        register_matters()
        register_mails()
