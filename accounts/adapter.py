from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from .models import User


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Registering comes with its guided page; until then accounts are made by the team."""
        return False


def user_display(user: User) -> str:
    """How allauth's messages name someone. Their own address: only they read it."""
    return user.email
