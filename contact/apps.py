from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Family, MailKind, register


class ContactConfig(AppConfig):
    """Writing to someone without knowing her address: letters, limits, blocks."""

    name = "contact"
    verbose_name = _("Messages entre membres")

    def ready(self) -> None:
        from . import own_terms

        own_terms.declare()
        register(
            Family("contact", _("Messages entre membres"), _("Réponses, rappels, messages sans suite.")),
            # At once, whatever the pace: someone waits for an answer. Being « en pause » stops them all.
            MailKind("contact.first", _("Une personne vous écrit"), by_member=True, mandatory=True),
            MailKind("contact.more", _("D’autres personnes vous écrivent"), by_member=True),
            MailKind("contact.reply", _("Réponse à un message"), by_member=True),
            MailKind("contact.declined", _("Message sans suite"), by_member=True),
            MailKind("contact.reminder", _("Un message attend votre réponse"), by_member=True),
            MailKind("contact.expired", _("Message resté sans réponse")),
        )
