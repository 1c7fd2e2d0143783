from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """What everyone may ask of her data: a copy, to be forgotten, to know who read what and for how long."""

    name = "privacy"
    verbose_name = _("Données personnelles")

    def ready(self) -> None:
        from . import own_kinds, own_terms

        own_kinds.declare()
        own_terms.declare()
