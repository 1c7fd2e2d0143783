from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """What is done together: the *expériences partagées*, in the grid that the field already uses."""

    name = "projects"
    verbose_name = _("Projets")

    def ready(self) -> None:
        from .contributions import register_kind
        from .listings import register_listed

        register_kind()
        register_listed()
