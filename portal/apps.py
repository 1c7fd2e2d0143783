from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The doors of the site: home, territory pages, my space, and what this instance is called."""

    name = "portal"
    verbose_name = _("Portail")

    def ready(self) -> None:
        from notifications.letterhead import Letterhead, answer_with
        from territories import home

        from .context import current_instance

        def today() -> Letterhead:
            instance = self.get_model("Instance").current()
            return Letterhead(instance.name, instance.bearer_line, instance.contact_email)

        answer_with(today)
        home.answer_with(lambda: current_instance().region)
