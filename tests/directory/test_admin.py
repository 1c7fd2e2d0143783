"""What is changed in the admin is seen in the lists at the next request."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from directory import listings
from directory.index import current_index
from directory.models import Listing, ListingChange, OldAddress, Structure, Term
from tests import makers

pytestmark = pytest.mark.django_db


def save(client, instance, **changes):
    """Post the admin's own form for `instance`, with some fields changed."""
    url = reverse(f"admin:{instance._meta.app_label}_{instance._meta.model_name}_change", args=[instance.pk])
    form = client.get(url).context["adminform"].form
    values = {}
    for field in form:
        value = field.value()
        if value is not None and value is not False:
            values[field.html_name] = value
    return client.post(url, values | changes)


def test_a_renamed_structure_is_found_by_its_new_name(as_viewer):
    client, structure = as_viewer("admin"), makers.structure(name="Ancien nom")
    assert save(client, structure, name="Maison nouvelle").status_code == 302
    assert Listing.objects.get(object_id=structure.pk, kind="structure").name == "Maison nouvelle"


def test_a_published_structure_keeps_its_address(as_viewer):
    client, structure = as_viewer("admin"), makers.structure()
    save(client, structure, slug="autre-adresse")
    assert Structure.objects.get(pk=structure.pk).slug == structure.slug


@pytest.mark.parametrize(("action", "listed"), [("publish", True), ("withdraw", False)])
def test_publishing_and_withdrawing_from_the_list(as_viewer, action, listed):
    client, structure = as_viewer("admin"), makers.structure(published=action == "withdraw")
    url = reverse("admin:directory_structure_changelist")
    client.post(url, {"action": action, "_selected_action": [structure.pk]})
    assert Listing.objects.filter(object_id=structure.pk, kind="structure").exists() is listed


def test_a_deleted_structure_leaves_the_lists(as_viewer):
    client, structure = as_viewer("admin"), makers.structure()
    client.post(reverse("admin:directory_structure_delete", args=[structure.pk]), {"post": "yes"})
    assert not Structure.objects.filter(pk=structure.pk).exists()
    assert not Listing.objects.filter(object_id=structure.pk, kind="structure").exists()


def test_a_renamed_term_shows_at_the_next_request(as_viewer):
    client, term = as_viewer("admin"), Term.objects.get(vocabulary="theme", slug="diabete")
    current_index()
    assert save(client, term, name="Diabètes").status_code == 302
    assert current_index().terms[term.pk].name == "Diabètes"


def test_the_journal_forgets_what_is_old_but_the_last_change():
    ListingChange.objects.all().delete()
    for days in (9, 5, 2):
        change = ListingChange.objects.create(position=1)
        ListingChange.objects.filter(pk=change.pk).update(
            changed_at=timezone.now() - datetime.timedelta(days=days)
        )
    assert listings.forget_old_changes() == 2
    assert list(ListingChange.objects.values_list("pk", flat=True)) == [change.pk]


def test_a_process_that_slept_through_the_journal_reads_everything_anew():
    makers.structure(name="Avant")
    index = current_index()
    for name in ("Un", "Deux", "Trois"):
        makers.structure(name=name)
    ListingChange.objects.filter(pk__lt=ListingChange.objects.latest("pk").pk).delete()
    assert current_index() is not index
    assert len(current_index().kinds["structure"]) == 4


def test_people_are_not_in_the_admin(as_viewer):
    page = as_viewer("admin").get(reverse("admin:index")).content.decode()
    assert "/gestion/directory/structure/" in page
    assert "/gestion/directory/actor" not in page
    assert User.objects.filter(is_superuser=True).exists()


def test_a_deleted_account_leaves_the_lists_at_once():
    kept, gone = makers.actor(), makers.actor()
    index = current_index()
    assert len(index.kinds["acteur"]) == 2
    gone.user.delete()
    assert list(Listing.objects.values_list("object_id", flat=True)) == [kept.pk]
    assert current_index() is index
    assert len(index.kinds["acteur"]) == 1


def test_what_cannot_be_published_is_said_and_the_rest_is(as_viewer):
    """Two pages of one number: the second stays as it was, with a sentence rather than an error."""
    first, second = (makers.structure(siret="73282932000074", published=False) for _ in range(2))
    answer = as_viewer("admin").post(
        reverse("admin:directory_structure_changelist"),
        {"action": "publish", "_selected_action": [first.pk, second.pk]},
        follow=True,
    )
    assert "porte déjà ce numéro SIRET" in answer.content.decode()
    assert sorted(Structure.objects.values_list("status", flat=True)) == ["draft", "published"]


def test_the_team_writes_an_old_address_of_a_structure(as_viewer):
    structure, client = makers.structure(), as_viewer("admin")
    path = reverse("admin:directory_oldaddress_add")
    assert client.post(path, {"path": "/structure/nom/", "leads_to": "inconnue"}).status_code == 200
    assert client.post(path, {"path": "nom", "leads_to": structure.slug}).status_code == 200
    assert client.post(path, {"path": "/structure/nom/", "leads_to": structure.slug}).status_code == 302
    assert client.get("/structure/nom/").url == structure.get_absolute_url()
    OldAddress.objects.create(path="/membres/lune/", target=makers.actor())
    assert "lune" not in client.get(reverse("admin:directory_oldaddress_changelist")).content.decode()
