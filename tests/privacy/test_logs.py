"""Nothing of anyone goes to the logs: not in a journey, not where something is refused or not found."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audience import Audience
from directory import actions as directory
from privacy import terms
from tests import makers
from tests.privacy.test_export import PASSWORD, client_of, confirmed, ready_export

pytestmark = pytest.mark.django_db
SECRET = "qzlogged"


def test_a_journey_leaves_nothing_personal_in_the_logs(caplog, capfd):
    caplog.set_level(logging.INFO)
    user = makers.user(password=PASSWORD)
    user.email = f"{SECRET}@example.org"
    user.save()
    actor = makers.actor(
        user=user,
        name_style="full",
        first_name=SECRET,
        last_name=SECRET,
        audience=Audience.TEAM,
        texts={"presentation": SECRET},
    )
    client = confirmed(client_of(user))
    Client().post(reverse("account_login"), {"login": user.email, "password": SECRET})
    Client().get(actor.get_absolute_url())
    Client().get(reverse("actors"), {"q": SECRET, "territoire": SECRET})
    client_of(makers.user(is_team=True)).get(actor.get_absolute_url())
    client.get(reverse("data_export", args=[ready_export(user).pk]))
    Client().get(reverse("closed_account", args=[SECRET]))
    directory.withdraw(actor)
    client.post(reverse("close_account"), {"when": SECRET})
    client.post(reverse("close_account"), {"when": "now"})
    terms.apply_all()
    assert SECRET in actor.slug, "an address that is not found would tell her name"
    assert SECRET not in caplog.text
    assert SECRET not in "".join(capfd.readouterr())
