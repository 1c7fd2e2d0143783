"""Making the page of a structure and keeping it: what is asked, what waits, who may, what is never set."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory import actions
from directory.contributions import SENSITIVE, read_structure
from directory.models import Structure, Term
from moderation import actions as moderation
from moderation.models import Case, Revision, Rule, Status, Trust, Verb
from moderation.workflow import Impossible
from tests import makers
from tests.rules.test_access import sign_in

pytestmark = pytest.mark.django_db


def category(slug: str = "centre-hospitalier") -> Term:
    return Term.objects.get(vocabulary="category", slug=slug)


def beginning(**changes) -> dict[str, object]:
    return {
        "name": "Maison des voix de l’Arize",
        "category": category().pk,
        "lieu": "Saint-Girons",
        **changes,
    }


def form_of(structure: Structure, **changes) -> dict[str, object]:
    """What the form of this page sends when only `changes` were typed."""
    page = sign_in(structure.referents.first()).get(reverse("structure_edit", args=[structure.slug]))
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, "")}
    return sent | {"lieu": structure.commune.label, "territoire": structure.commune.ref} | changes


def trusted(user):
    Trust.objects.create(user=user)
    return user


@pytest.fixture
def author():
    return makers.user()


@pytest.fixture
def client(author) -> Client:
    return sign_in(author)


def edit(structure: Structure, by=None, **changes):
    client = sign_in(by or structure.referents.first())
    return client.post(reverse("structure_edit", args=[structure.slug]), form_of(structure, **changes))


# Making one -------------------------------------------------------------------------------------------


def test_three_answers_make_a_draft_that_its_author_keeps(client, author):
    answer = client.post(reverse("structure_new"), beginning())
    made = Structure.objects.get()
    assert (answer.status_code, answer.url) == (302, made.edit_url)
    assert (made.name, made.commune.ref, made.status) == (
        "Maison des voix de l’Arize",
        "com-09261",
        Status.DRAFT,
    )
    assert list(made.referents.all()) == [author]


@pytest.mark.parametrize("missing", ["name", "category", "lieu"])
def test_each_of_the_three_is_asked_for_and_what_was_typed_is_kept(client, missing):
    answer = client.post(reverse("structure_new"), beginning(**{missing: ""}))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [missing]
    assert not Structure.objects.exists()
    if missing != "name":
        assert "Maison des voix de l’Arize" in answer.content.decode()


def test_a_name_is_what_is_seen_of_it(client):
    client.post(reverse("structure_new"), beginning(name="Maison\u200b des  \u202evoix"))
    assert Structure.objects.get().name == "Maison des voix"


def test_a_place_in_doubt_is_asked_about_and_chosen_without_any_script(client):
    answer = client.post(reverse("structure_new"), beginning(lieu="Saint"))
    candidates = answer.context["form"].candidates["lieu"]
    assert len(candidates) > 1
    assert {place.level for place in candidates} == {"com"}
    client.post(reverse("structure_new"), beginning(lieu="Saint", choix=candidates[1].ref))
    assert Structure.objects.get().commune == candidates[1]


def test_a_page_that_exists_is_shown_before_a_second_is_made(client):
    known = makers.structure(name="Maison des Voix de l'Arize")
    answer = client.post(reverse("structure_new"), beginning())
    assert [one.structure for one in answer.context["alike"]] == [known]
    assert reverse("structure_claim", args=[known.slug]) in answer.content.decode()
    assert Structure.objects.count() == 1
    client.post(reverse("structure_new"), beginning(autre="1"))
    assert Structure.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("maison des voix", 1),
        ("Maison des voies de l'Arize", 1),
        ("MDVA", 0),
        ("Clinique du Parc", 0),
        ("ma", 0),
        ("%", 0),
    ],
)
def test_what_is_proposed_while_typing(client, typed, found):
    makers.structure(name="Maison des voix de l’Arize", acronym="MDVA")
    makers.structure(name="Maison des voix de l’Arize", published=False)
    answer = client.get(reverse("structure_alike"), {"name": typed})
    assert len(answer.context["alike"]) == found


def test_an_acronym_finds_its_structure(client):
    known = makers.structure(name="Communauté des vallées", acronym="CPTS-V")
    page = client.post(reverse("structure_new"), beginning(name="Une tout autre écriture", acronym="cpts v"))
    assert [one.structure for one in page.context["alike"]] == [known]


def test_drafts_are_not_without_end(client, author):
    for _ in range(10):
        actions.start_structure(by=author, name="Une de plus", category=category(), commune=makers.commune())
    answer = client.post(reverse("structure_new"), beginning())
    assert "brouillon" in answer.context["form"].non_field_errors()[0]
    assert Structure.objects.count() == 10


def test_a_name_never_takes_the_address_of_a_page_of_ours(client):
    client.post(reverse("structure_new"), beginning(name="Nouvelle"))
    assert Structure.objects.get().slug == "nouvelle-2"


def test_a_newcomers_structure_waits_and_is_published_by_the_team(author):
    structure = makers.structure(published=False, referents=[author])
    answer = edit(structure, envoyer="1", description="Un texte")
    structure.refresh_from_db()
    assert (answer.status_code, structure.status, structure.description) == (
        302,
        Status.SUBMITTED,
        "Un texte",
    )
    case = Case.objects.get()
    assert (case.nature, case.rule) == ("content", Rule.NEWCOMER)
    moderation.decide(case, Verb.PUBLISH, by=makers.user(is_team=True))
    structure.refresh_from_db()
    assert structure.status == Status.PUBLISHED


def test_a_trusted_members_structure_appears_at_once(author):
    structure = makers.structure(published=False, referents=[trusted(author)])
    answer = edit(structure, envoyer="1")
    structure.refresh_from_db()
    assert (answer.url, structure.status) == (structure.get_absolute_url(), Status.PUBLISHED)


def test_a_draft_is_kept_without_being_sent(author):
    structure = makers.structure(published=False, referents=[author])
    edit(structure, description="À moitié")
    structure.refresh_from_db()
    assert (structure.status, structure.description) == (Status.DRAFT, "À moitié")
    assert not Case.objects.exists()


# The numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("siret", "732 829 320 00074", "73282932000074"),
        ("finess", "01 000 382 0", "010003820"),
        ("finess", "2a 000 0014", "2A0000014"),
        ("rna", "w301 000 624", "W301000624"),
    ],
)
def test_a_number_is_kept_without_its_spaces(author, field, typed, kept):
    structure = makers.structure(published=False, referents=[author])
    edit(structure, **{field: typed})
    structure.refresh_from_db()
    assert getattr(structure, field) == kept


@pytest.mark.parametrize(("field", "typed"), [("siret", "732 829 320 00075"), ("finess", "12"), ("rna", "X")])
def test_a_wrong_number_is_said_beside_its_field_and_kept_as_typed(author, field, typed):
    structure = makers.structure(published=False, referents=[author])
    answer = edit(structure, **{field: typed})
    assert list(answer.context["form"].errors) == [field]
    assert f'value="{typed}"' in answer.content.decode()


def test_a_number_already_published_leads_to_the_page_that_bears_it(author):
    holder = makers.structure(name="Celle qui le porte", siret="73282932000074")
    structure = makers.structure(published=False, referents=[author])
    answer = edit(structure, siret="732 829 320 00074")
    assert list(answer.context["form"].errors) == ["siret"]
    assert reverse("structure_claim", args=[holder.slug]) in answer.content.decode()


@pytest.mark.parametrize("key", [{"siret": "73282932000074"}, {"finess": "010003820"}, {"rna": "W301000624"}])
def test_no_two_published_pages_share_a_number_even_when_both_waited(key):
    author = makers.user()
    for _ in range(2):
        moderation.submit(makers.structure(published=False, referents=[author], **key), by=author)
    first, second = Case.objects.filter(nature="content").order_by("pk")
    moderator = makers.user(is_team=True)
    moderation.decide(first, Verb.PUBLISH, by=moderator)
    with pytest.raises(Impossible, match="porte déjà ce numéro"):
        moderation.decide(second, Verb.PUBLISH, by=moderator)
    assert Structure.objects.published().count() == 1


# Editing what is published ------------------------------------------------------------------------------

NEW_VALUES = {
    "name": "Autre nom",
    "acronym": "AN",
    "category": "association-usagers",
    "certification": "Qualiopi",
    "website": "https://autre.example.org/",
    "email": "autre@example.org",
    "phone": "05 00 00 00 00",
    "finess": "010003820",
    "siret": "73282932000074",
    "rna": "W301000624",
}


def test_every_sensitive_field_has_its_case_below():
    assert set(NEW_VALUES) == set(SENSITIVE)


@pytest.mark.parametrize("field", sorted(NEW_VALUES))
def test_what_identifies_a_structure_keeps_its_old_value_until_it_is_accepted(field):
    structure = makers.structure(referents=[trusted(makers.user())])
    value = NEW_VALUES[field]
    sent = category(value).pk if field == "category" else value
    before = read_structure(structure)
    edit(structure, **{field: sent})
    structure.refresh_from_db()
    assert read_structure(structure) == before
    shown = "Association" if field == "category" else value
    public = Client().get(structure.get_absolute_url()).content.decode()
    assert shown not in public.split("</header>", 1)[1].split("</article>")[0] or field == "category"
    case = Case.objects.get()
    revision = Revision.objects.get()
    assert (case.nature, case.rule, list(revision.changes)) == ("edit", Rule.SENSITIVE, [field])
    moderation.decide(case, Verb.ACCEPT_EDIT, by=makers.user(is_team=True))
    structure.refresh_from_db()
    assert read_structure(structure) == before | {field: sent}


def test_of_someone_trusted_the_rest_changes_at_once():
    structure = makers.structure(referents=[trusted(makers.user())])
    edit(structure, name="Autre nom", description="Nouveau texte")
    structure.refresh_from_db()
    assert (structure.name != "Autre nom", structure.description) == (True, "Nouveau texte")
    assert Revision.objects.get().changes == {"name": "Autre nom"}
    assert sorted(Case.objects.values_list("nature", flat=True)) == ["edit", "review"]


def test_of_a_newcomer_everything_waits_and_the_page_says_what_and_why():
    structure = makers.structure(referents=[makers.user()])
    edit(structure, description="Nouveau texte")
    structure.refresh_from_db()
    assert structure.description == ""
    page = sign_in(structure.referents.get()).get(structure.edit_url)
    assert page.context["waiting"] == [("présentation", "", "Nouveau texte")]
    assert str(Rule.NEWCOMER.label) in page.content.decode()
    assert page.context["form"]["description"].value() == "Nouveau texte"


def test_an_edit_that_waits_can_be_given_up():
    structure = makers.structure(referents=[makers.user()])
    edit(structure, description="Nouveau texte")
    sign_in(structure.referents.get()).post(
        reverse("structure_change", args=[structure.slug]), {"verbe": "abandonner"}
    )
    assert structure.open_revision is None


def test_another_commune_forgets_the_point_of_the_former():
    structure = makers.structure(referents=[trusted(makers.user())], lat=42.9, lon=1.1)
    edit(structure, lieu="Toulouse (31)", territoire="com-31555")
    structure.refresh_from_db()
    assert (structure.commune.ref, structure.lat, structure.lon) == ("com-31555", None, None)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://example.org/", "data:text/html,a", "pas une adresse"]
)
def test_a_site_is_a_web_address(address):
    structure = makers.structure(published=False, referents=[makers.user()])
    answer = edit(structure, website=address)
    assert list(answer.context["form"].errors) == ["website"]


def test_territories_and_terms_are_chosen_and_added():
    structure = makers.structure(published=False, referents=[makers.user()])
    domain, theme = makers.terms(domain="recherche-innovation", theme="diabete")
    departement = makers.commune("dep-09")
    edit(structure, zones=[departement.pk], zone="reg-76", domains=[domain.pk], themes=[theme.pk])
    values = read_structure(structure)
    assert (values["terms"], values["themes"]) == ([domain.pk], [theme.pk])
    assert values["zones"] == sorted([departement.pk, makers.commune("reg-76").pk])


def test_nothing_else_can_be_set():
    """T2: whatever is sent beside the fields of the form changes nothing."""
    structure = makers.structure(published=False, referents=[makers.user()])
    other = makers.user()
    before = {**Structure.objects.values().get(), "edited_at": None}
    forbidden = {
        "id": 1,
        "slug": "pris",
        "status": "published",
        "published_at": "2020-01-01",
        "submitted_at": "2020-01-01",
        "confirmed_at": "2020-01-01",
        "verified_at": "2020-01-01",
        "edited_at": "2020-01-01",
        "lat": "1",
        "lon": "1",
        "referents": [other.pk],
        "members": [1],
        "is_staff": "1",
        "owner": other.pk,
    }
    edit(structure, **forbidden)
    assert {**Structure.objects.values().get(), "edited_at": None} == before
    assert list(structure.referents.all()) != [other]
    known = {field.name for field in Structure._meta.get_fields() if field.concrete}
    written = set(read_structure(structure)) - {"lat", "lon"}
    assert known - written == set(forbidden) - {"is_staff", "owner"}


# Names that pass for another's ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Аssociation Diabète Sud",
        "Associati0n Diabète Sud",
        "Ａssociation Diabète Sud",
        "Assoclation Dlabète Sud",
    ],
)
def test_a_name_in_disguise_is_held_even_of_someone_trusted(name):
    makers.structure(name="Association Diabète Sud")
    author = trusted(makers.user())
    structure = makers.structure(name=name, published=False, referents=[author])
    assert moderation.submit(structure, by=author) == Rule.ALIKE
    assert Case.objects.get(nature="content").urgent


def test_a_new_name_in_disguise_is_held_and_urgent():
    makers.structure(name="Association Diabète Sud")
    structure = makers.structure(referents=[trusted(makers.user())])
    edit(structure, name="Аssociation Diabète Sud")
    case = Case.objects.get(nature="edit")
    assert (case.rule, case.urgent) == (Rule.ALIKE, True)


def test_an_ordinary_name_is_no_disguise():
    makers.structure(name="Association Diabète Sud")
    author = trusted(makers.user())
    structure = makers.structure(name="Association Diabète Nord", published=False, referents=[author])
    assert moderation.submit(structure, by=author) is None


# Who may, in which state ---------------------------------------------------------------------------------

STATES = ["draft", "submitted", "returned", "published", "refused", "hidden", "archived"]


def in_state(state: str, referent) -> Structure:
    """A structure brought there by what really brings one there."""
    structure = makers.structure(published=False, referents=[referent])
    moderator = makers.user(is_team=True)
    if state == "draft":
        return structure
    moderation.submit(structure, by=referent)
    case = Case.objects.get(nature="content", closed_at=None)
    verbs = {"returned": Verb.RETURN, "refused": Verb.REFUSE}
    if state in verbs:
        moderation.decide(case, verbs[state], by=moderator, reason="Un motif.")
    elif state != "submitted":
        moderation.decide(case, Verb.PUBLISH, by=moderator)
    structure.refresh_from_db()
    if state == "archived":
        moderation.archive(structure, by=referent)
    if state == "hidden":
        report = moderation.open_case(Case.Nature.REPORT, structure)
        moderation.decide(report, Verb.HIDE, by=moderator, reason="Un motif.")
    structure.refresh_from_db()
    return structure


@pytest.mark.parametrize("state", STATES)
def test_who_edits_in_which_state(state):
    referent, other = makers.user(), makers.user()
    makers.structure(referents=[other])
    structure = in_state(state, referent)
    assert structure.status == state
    people = {
        "referent": referent,
        "other": other,
        "team": makers.user(is_team=True),
        "closed": makers.user(closed="hand"),
    }
    codes = {name: sign_in(person).get(structure.edit_url).status_code for name, person in people.items()}
    assert codes == {"referent": 200, "other": 404, "team": 200, "closed": 302}
    page = sign_in(referent).get(structure.edit_url)
    assert ("Envoyer" in page.content.decode()) == (state in ("draft", "returned", "hidden", "archived"))
    edit(structure, by=referent, description="Changé", envoyer="1")
    structure.refresh_from_db()
    changes = {"draft": "submitted", "returned": "submitted", "hidden": "submitted", "archived": "submitted"}
    assert structure.status == changes.get(state, state)
    assert (structure.description == "Changé") == (state in changes)


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        ("submitted", "reprendre", "draft"),
        ("draft", "reprendre", "draft"),
        ("published", "retirer", "archived"),
        ("draft", "retirer", "draft"),
        ("published", "effacer", "published"),
        ("refused", "effacer", "refused"),
        ("published", "publier", "published"),
        ("draft", "publier", "draft"),
        ("draft", "confirmer", "draft"),
        ("draft", "", "draft"),
    ],
)
def test_each_button_does_its_work_in_its_state_only(state, verb, after):
    referent = makers.user()
    structure = in_state(state, referent)
    sign_in(referent).post(reverse("structure_change", args=[structure.slug]), {"verbe": verb})
    structure.refresh_from_db()
    assert structure.status == after


def test_a_draft_never_sent_is_erased_and_one_taken_back_is_not():
    referent = makers.user()
    kept, erased = in_state("submitted", referent), in_state("draft", referent)
    moderation.take_back(kept, by=referent)
    for structure in (kept, erased):
        sign_in(referent).post(reverse("structure_change", args=[structure.slug]), {"verbe": "effacer"})
    assert list(Structure.objects.all()) == [kept]


def test_confirming_dates_the_page():
    referent = makers.user()
    structure = in_state("published", referent)
    Structure.objects.update(confirmed_at="2025-01-01T00:00Z")
    sign_in(referent).post(reverse("structure_change", args=[structure.slug]), {"verbe": "confirmer"})
    structure.refresh_from_db()
    assert structure.confirmed_at.year > 2025


def test_my_space_asks_as_much_for_three_structures_as_for_one(django_assert_num_queries, author, client):
    makers.structure(referents=[author])
    client.get(reverse("my_space"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("my_space"))
    for _ in range(2):
        makers.structure(referents=[author])
    with django_assert_num_queries(len(one)):
        client.get(reverse("my_space"))
