from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """What the platform says to people: notices in their space, and every mail that leaves."""

    name = "notifications"
    verbose_name = _("Messages envoyés")

    def ready(self) -> None:
        from . import own_kinds

        own_kinds.declare()
