"""A copy of one's data: asked for, made apart, told by mail, taken once by the one person it is for."""

from __future__ import annotations

import csv
import io
import time
import zipfile

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.text import as_cell
from directory.models import Actor
from notifications.models import Message, Notice
from privacy import actions, terms
from privacy.export import write_export
from privacy.models import DataExport
from tests import makers

pytestmark = pytest.mark.django_db
PASSWORD = "a good long password"


def person() -> User:
    user = makers.user(password=PASSWORD)
    makers.actor(user=user)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def confirmed(client: Client) -> Client:
    """As if the person had just given her password again."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def ready_export(user: User) -> DataExport:
    export = actions.request_export(user)
    actions.make_export(str(export.pk))
    export.refresh_from_db()
    return export


def test_the_whole_journey(django_capture_on_commit_callbacks):
    user = person()
    client = client_of(user)
    assert client.get(reverse("my_data")).status_code == 200
    asked = client.post(reverse("ask_export"))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(asked.url, {"password": PASSWORD})
    assert answer.url == reverse("my_data")
    export = DataExport.objects.get(user=user)
    assert export.state == "ready"
    message = Message.objects.get(kind="privacy.export_ready")
    assert (message.recipient, message.link) == (user, reverse("data_export", args=[export.pk]))
    assert "Aller à ma copie" in client.get(reverse("my_data")).content.decode()
    assert client.get(message.link).status_code == 200
    name = export.file.name
    with django_capture_on_commit_callbacks(execute=True):
        taken = client.post(message.link)
        content = b"".join(taken.streaming_content)
    assert taken.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "a-lire.html" in archive.namelist()
    export.refresh_from_db()
    assert (export.state, export.file.name) == ("taken", "")
    assert not default_storage.exists(name)


def test_it_is_asked_for_only_by_someone_who_has_just_proved_who_she_is():
    user = person()
    client = client_of(user)
    client.post(reverse("ask_export"))
    assert not DataExport.objects.exists()
    session = confirmed(client).session
    session["account_authentication_methods"][0]["at"] -= 301
    session.save()
    client.post(reverse("ask_export"))
    assert not DataExport.objects.exists()


def test_it_is_taken_only_by_someone_who_has_just_proved_who_she_is():
    user = person()
    export = ready_export(user)
    answer = client_of(user).post(reverse("data_export", args=[export.pk]))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert DataExport.objects.get().state == "ready"


def test_it_is_taken_once(django_capture_on_commit_callbacks):
    user = person()
    export = ready_export(user)
    client = confirmed(client_of(user))
    address = reverse("data_export", args=[export.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert b"".join(client.post(address).streaming_content)[:2] == b"PK"
    again = client.post(address, follow=True)
    assert "déjà été téléchargé" in again.content.decode()
    assert "Ce fichier n’est plus là" in client.get(address).content.decode()


def test_reading_its_page_does_not_take_it():
    user = person()
    export = ready_export(user)
    client = confirmed(client_of(user))
    for _time in range(2):
        assert client.get(reverse("data_export", args=[export.pk])).status_code == 200
    assert DataExport.objects.get().state == "ready"


def test_nobody_else_takes_it():
    export = ready_export(person())
    for other in (person(), makers.user(is_team=True, is_staff=True, is_superuser=True)):
        client = confirmed(client_of(other))
        assert client.get(reverse("data_export", args=[export.pk])).status_code == 404
        assert client.post(reverse("data_export", args=[export.pk])).status_code == 404
    assert Client().get(reverse("data_export", args=[export.pk])).status_code == 302


@pytest.mark.parametrize(("hours", "state"), [(23.9, "ready"), (24, "expired"), (24.1, "expired")])
def test_it_lasts_a_day(hours, state, django_capture_on_commit_callbacks):
    with time_machine.travel("2026-03-01 10:00Z", tick=False) as now:
        export = ready_export(person())
        name = export.file.name
        now.shift(hours * 3600)
        with django_capture_on_commit_callbacks(execute=True):
            terms.apply_all()
    export.refresh_from_db()
    assert export.state == state
    assert default_storage.exists(name) == (state == "ready")


def test_asking_twice_gives_the_same_copy():
    user = person()
    assert actions.request_export(user) == actions.request_export(user)
    ready = ready_export(user)
    assert actions.request_export(user) == ready


def test_making_it_twice_makes_one_file():
    user = person()
    export = ready_export(user)
    name = export.file.name
    actions.make_export(str(export.pk))
    export.refresh_from_db()
    assert export.file.name == name
    assert Message.objects.filter(kind="privacy.export_ready").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "ready"},
        {"state": "waiting", "file": "exports/x.zip"},
        {"state": "taken"},
        {"state": "waiting", "taken_at": "2026-01-01T00:00Z"},
    ],
)
def test_the_database_refuses_a_copy_that_makes_no_sense(wrong):
    with pytest.raises(IntegrityError):
        DataExport.objects.create(user=makers.user(), **wrong)


def archive_of(user: User) -> zipfile.ZipFile:
    file = io.BytesIO()
    write_export(user, file)
    return zipfile.ZipFile(file)


@pytest.mark.parametrize("start", ["=1+1", "+33612345678", "-2", "@here", "＝1"])
def test_no_cell_of_a_spreadsheet_is_a_formula(start):
    user = person()
    Actor.objects.filter(user=user).update(headline=start)
    with archive_of(user) as archive:
        text = archive.read("tableur/directory-acteur.csv").decode()
    assert text.startswith("\ufeff")
    header, row = csv.reader(io.StringIO(text[1:]))
    assert dict(zip(header, row, strict=True))["En une phrase"] == as_cell(start) == f"'{start}"


def test_it_says_in_words_what_it_holds():
    user = person()
    with archive_of(user) as archive:
        page = archive.read("a-lire.html").decode()
    assert "Copie faite le" in page
    assert "<dt>Prénom</dt><dd>Camille</dd>" in page
    assert "⟦undefined" not in page


def test_it_is_read_many_rows_at_a_time(django_assert_max_num_queries):
    """Five hundred, with what they name: two thousand more things are four more questions."""
    user = person()
    Notice.objects.bulk_create(
        Notice(user=user, kind="privacy.closed", key=f"notice {number}", subject="Bonjour")
        for number in range(2_000)
    )
    with django_assert_max_num_queries(130), archive_of(user) as archive:
        assert archive.read("json/notifications-notification.json").count(b"Bonjour") == 2_000


def test_who_signs_in_by_code_proves_it_too():
    """allauth by itself would ask nothing of someone with neither password nor second factor."""
    user = makers.user()
    answer = client_of(user).post(reverse("ask_export"))
    assert (answer.status_code, answer.url.partition("?")[2]) == (
        302,
        "next=%2Fmon-espace%2Fmes-donnees%2Fcopie%2F",
    )
    assert not DataExport.objects.exists()
