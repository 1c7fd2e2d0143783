"""What the team may do in the administration: keep structures, words and health territories."""

from django.contrib.auth.models import Group, Permission

GROUP = "Équipe"
#: Models and what may be done to them. Accounts and people's pages are not among them.
RIGHTS = {
    "structure": ("view", "add", "change"),
    "oldaddress": ("view", "add", "change"),
    "charter": ("view", "add", "change", "delete"),
    "term": ("view", "add", "change"),
    "territory": ("view", "add", "change"),
    "instance": ("view", "change"),
}


def team_group() -> Group:
    """The group that carries the team's rights, brought up to date."""
    group, _created = Group.objects.get_or_create(name=GROUP)
    codenames = [f"{verb}_{model}" for model, verbs in RIGHTS.items() for verb in verbs]
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    return group
