from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    """What is contributed, and when it is seen."""

    name = "moderation"
    verbose_name = _("Modération")

    def ready(self) -> None:
        from . import mails, own_terms
        from .actions import closing

        mails.declare()
        closing.declare()
        own_terms.declare()
