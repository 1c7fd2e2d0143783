"""What the team and only the team does in the administration."""

import pytest
from django.urls import reverse

from accounts.models import User
from directory.models import Structure, Term
from portal.team import team_group
from territories.models import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(client):
    user = User.objects.create_user("team@example.org", is_team=True, is_staff=True)
    user.groups.add(team_group())
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize(
    "page",
    [
        "directory_structure_add",
        "directory_structure_changelist",
        "directory_term_changelist",
        "territories_territory_add",
    ],
)
def test_the_team_keeps_structures_words_and_territories(team, page):
    assert team.get(reverse(f"admin:{page}")).status_code == 200


@pytest.mark.parametrize("page", ["accounts_user_changelist", "accounts_user_add", "auth_group_changelist"])
def test_the_team_does_not_keep_accounts(team, page):
    assert team.get(reverse(f"admin:{page}")).status_code == 403


def test_the_team_adds_a_structure(team):
    category = Term.objects.get(vocabulary="category", slug="centre-hospitalier")
    data = {
        "slug": "maison-nouvelle",
        "name": "Maison nouvelle",
        "category": category.pk,
        "commune": Territory.objects.by_ref("com-09261").pk,
    }
    assert team.post(reverse("admin:directory_structure_add"), data).status_code == 302
    assert Structure.objects.filter(slug="maison-nouvelle", status="draft").exists()


def test_scripts_of_the_administration_are_allowed_by_origin_only_there(team):
    inside = team.get(reverse("admin:index")).headers["Content-Security-Policy"]
    outside = team.get(reverse("home")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in inside
    assert "unsafe" not in inside
    assert "script-src 'nonce-" in outside
