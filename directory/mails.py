"""What is said by mail about structures and about joining. Their words are in templates/directory/mail/."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Family, MailKind, register

KINDS = {
    "claim_granted": _("Votre demande de tenir une page est accordée"),
    "claim_refused": _("Votre demande de tenir une page est refusée"),
    "referent_removed": _("Vous ne tenez plus la page d’une structure"),
    "structures_merged": _("Deux pages d’une structure n’en font plus qu’une"),
}
#: What another member asks or does: one may prefer to read it in the digest, or only in one's space.
BY_MEMBERS = {
    "referent_joined": _("Quelqu’un tient avec vous la page d’une structure"),
    "member_asks": _("Quelqu’un demande à être nommé sur une page que vous tenez"),
    "member_proposed": _("Une structure propose de vous nommer sur sa page"),
}
#: What answers one's own request, at the same pace.
BY_CHOICE = {
    "member_named": _("Vous êtes nommé sur la page d’une structure"),
}


def register_mails() -> None:
    """Declare these kinds."""
    register(
        Family(
            "directory",
            _("Pages et structures"),
            _("Invitations acceptées, demandes et propositions autour des pages que vous tenez."),
        ),
        MailKind(
            "directory.referent_invited",
            _("Invitation à tenir la page d’une structure"),
            mandatory=True,
            from_anyone=True,
            by_member=True,
        ),
        MailKind(
            "directory.invited_by_member",
            _("Invitation d’un membre"),
            by_member=True,
            mandatory=True,
            sensitive=True,
            from_anyone=True,
        ),
        MailKind(
            "directory.invited_by_structure",
            _("Invitation d’une structure"),
            by_member=True,
            mandatory=True,
            sensitive=True,
            from_anyone=True,
        ),
        MailKind("directory.page_entered", _("Fiche à confirmer"), mandatory=True, sensitive=True),
        *(MailKind(f"directory.{name}", label, mandatory=True) for name, label in KINDS.items()),
        *(MailKind(f"directory.{name}", label, by_member=True) for name, label in BY_MEMBERS.items()),
        *(MailKind(f"directory.{name}", label) for name, label in BY_CHOICE.items()),
    )
