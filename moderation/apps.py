from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from notifications.kinds import MailKind, register


class ModerationConfig(AppConfig):
    """What is contributed, and when it is seen."""

    name = "moderation"
    verbose_name = _("Modération")

    def ready(self) -> None:
        from .models import Verb

        told = (verb for verb in Verb if verb not in (Verb.SUBMIT, Verb.TAKE_BACK))
        register(*(MailKind(f"moderation.{verb}", verb.label, mandatory=True) for verb in told))
