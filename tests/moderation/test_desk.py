"""The desk: who sees which case, in what order, and what one may do with it."""

from __future__ import annotations

import datetime
import threading
import time

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from directory import actions as directory
from directory.models import Actor
from moderation import actions
from moderation.acts import acts_for
from moderation.models import AnswerTemplate, Case, Decision, Ground, Note, Status
from moderation.queue import PAGE_SIZE
from moderation.workflow import Impossible
from tests import makers

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "com-09261", "com-75056"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def ambassador(of: str = "dep-09") -> User:
    user = makers.user()
    user.ambassador_of.add(makers.commune(of))
    return user


def case(nature: str = "content", place: str = HERE, **options) -> Case:
    page = makers.actor(place=place, published=nature != "content")
    if nature == "content":
        page.status, page.submitted_at = Status.SUBMITTED, timezone.now()
        page.save()
    return actions.open_case(Case.Nature(nature), page, author=page.user, **options)


def labels(response) -> list[str]:
    return [row.case.label for row in response.context["queue"].rows]


def pks(response) -> list[int]:
    return [row.case.pk for row in response.context["queue"].rows]


TEAM_PAGES = {"/moderation/saisir-une-fiche/", "/moderation/affiches/", "/moderation/envois/"}
#: Who may open a case of each nature, here and elsewhere: "h", "e", or both; by hand, from the rule.
SEEN = {
    "team": dict.fromkeys(Case.Nature.values, "he"),
    "ambassador": {
        **dict.fromkeys(Case.Nature.values, ""),
        **dict.fromkeys(["content", "edit", "review", "report", "stale"], "h"),
    },
    "member": dict.fromkeys(Case.Nature.values, ""),
    "suspended": dict.fromkeys(Case.Nature.values, ""),
}


@pytest.mark.parametrize("who", SEEN)
def test_who_has_which_case(who):
    user = {
        "team": lambda: makers.user(is_team=True),
        "ambassador": ambassador,
        "member": makers.user,
        "suspended": lambda: makers.user(is_team=True, closed="hand"),
    }[who]()
    found = {}
    for nature in Case.Nature.values:
        cases = {"h": case(nature, HERE), "e": case(nature, ELSEWHERE)}
        mine = Case.objects.for_moderator(user)
        found[nature] = "".join(letter for letter, one in cases.items() if mine.filter(pk=one.pk).exists())
    assert found == SEEN[who]


def test_the_desk_does_not_exist_for_who_moderates_nothing():
    one = case()
    client = sign_in(makers.user(is_verified_professional=True))
    addresses = ["/moderation/", one.get_absolute_url(), "/moderation/fraicheur/"]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_nobody_handles_her_own_nor_what_she_answers_for():
    team = makers.user(is_team=True)
    own = makers.actor(user=team)
    kept = makers.structure(referents=[team])
    cases = [
        actions.open_case(Case.Nature.REPORT, own, author=team),
        actions.open_case(Case.Nature.REPORT, kept),
    ]
    client = sign_in(team)
    assert [client.get(one.get_absolute_url()).status_code for one in cases] == [404, 404]
    assert labels(client.get("/moderation/")) == []
    with pytest.raises(Impossible):
        actions.claim(cases[1], by=team)
    for field in ("closed_by", "claimed_by"):
        with pytest.raises(IntegrityError, match="case_not_by_its_author"), transaction.atomic():
            Case.objects.filter(pk=cases[0].pk).update(**{field: team, "claimed_at": timezone.now()})


@pytest.mark.parametrize("who", ["team", "ambassador"])
def test_from_the_desk_one_reaches_every_page_of_those_who_moderate_and_only_hers(who):
    client = sign_in(makers.user(is_team=True) if who == "team" else ambassador())
    text = client.get("/moderation/").content.decode()
    linked = {path for path in TEAM_PAGES if f'href="{path}"' in text}
    assert linked == (TEAM_PAGES if who == "team" else set())
    assert {client.get(path).status_code for path in TEAM_PAGES} == ({200} if who == "team" else {404})


def test_the_urgent_first_then_the_oldest():
    now = timezone.now()
    made = [case(urgent=urgent) for urgent in (False, True, False, True)]
    for days, one in zip((1, 2, 3, 4), made, strict=True):
        Case.objects.filter(pk=one.pk).update(opened_at=now - datetime.timedelta(days=days))
    found = pks(sign_in(makers.user(is_team=True)).get("/moderation/"))
    assert found == [made[3].pk, made[1].pk, made[2].pk, made[0].pk]


def test_a_page_follows_another_and_nothing_is_lost_or_shown_twice():
    about = {
        "nature": "content",
        "opened_at": timezone.now(),
        "content_type": ContentType.objects.get_for_model(User),
    }
    numbers = range(1, 2 * PAGE_SIZE + 4)
    cases = [Case(object_id=n, label=f"n° {n}", urgent=n % 3 == 0, **about) for n in numbers]
    Case.objects.bulk_create(cases)
    client, found, address = sign_in(makers.user(is_team=True)), [], "/moderation/"
    for _page in range(5):
        response = client.get(address)
        found += pks(response)
        if not response.context["queue"].next_url:
            break
        address = "/moderation/" + response.context["queue"].next_url
    expected = [one.pk for one in Case.objects.in_order()]
    assert found == expected
    assert _page == 2


@pytest.mark.parametrize("value", ["", "abc", "W10:1:2", "\u00e9", "a" * 3000])
def test_a_place_in_the_queue_that_we_did_not_write_is_its_beginning(value):
    one = case()
    assert pks(sign_in(makers.user(is_team=True)).get("/moderation/", {"apres": value})) == [one.pk]


def test_filters():
    team = makers.user(is_team=True)
    here, there, old = case(), case("report", ELSEWHERE), case("review")
    Case.objects.filter(pk=old.pk).update(opened_at=timezone.now() - datetime.timedelta(days=8))
    actions.claim(there, by=team)
    client = sign_in(team)
    ariege = makers.commune("dep-09").pk
    found = {
        query: pks(client.get("/moderation/" + query))
        for query in ("?nature=report", f"?territoire={ariege}", "?depuis=7", "?a_moi=on", "?nature=lune")
    }
    assert found == {
        "?nature=report": [there.pk],
        f"?territoire={ariege}": [old.pk, here.pk],
        "?depuis=7": [old.pk],
        "?a_moi=on": [there.pk],
        "?nature=lune": [],
    }


def test_an_ambassador_filters_by_her_own_territories_only():
    case()
    client = sign_in(ambassador())
    choices = client.get("/moderation/").context["form"].fields["territoire"].queryset
    assert [one.ref for one in choices] == ["dep-09"]
    assert pks(client.get("/moderation/", {"territoire": makers.commune("reg-76").pk})) == []


def test_the_queue_costs_the_same_for_one_case_and_for_three(django_assert_num_queries):
    client = sign_in(makers.user(is_team=True))
    actions.claim(case("report"), by=makers.user(is_team=True))
    client.get("/moderation/")
    with django_assert_num_queries(6):
        client.get("/moderation/")
    for nature, place in (("content", HERE), ("edit", ELSEWHERE)):
        actions.claim(case(nature, place), by=makers.actor(user=makers.user(is_team=True)).user)
    with django_assert_num_queries(6):
        client.get("/moderation/")


def test_what_one_took_is_shown_to_the_others_and_not_theirs_to_decide():
    one, first, second = case(), makers.user(is_team=True), sign_in(makers.user(is_team=True))
    sign_in(first).post(f"/moderation/dossiers/{one.pk}/prendre/")
    assert f"Pris par {first.email}" in second.get("/moderation/").content.decode()
    page = second.get(one.get_absolute_url()).content.decode()
    assert "Quelqu’un s’en occupe déjà" in page
    assert "Décider et passer au suivant" not in page
    response = second.post(f"/moderation/dossiers/{one.pk}/decider/", {"act": "publish"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "Quelqu’un d’autre s’occupe déjà de ce dossier, ou l’a réglé."
    ]
    one.refresh_from_db()
    assert (one.claimed_by, one.closed_at) == (first, None)


@pytest.mark.parametrize("nature", ["content", "edit"])
def test_what_its_author_changed_meanwhile_is_not_decided_unread(nature):
    page = makers.actor(published=nature == "edit", texts={"headline": "Un café"})
    if nature == "edit":
        actions.revise(page, {"headline": "Un thé"}, by=page.user)
    else:
        actions.submit(page, by=page.user)
    one = Case.objects.get(nature=nature)
    client = sign_in(makers.user(is_team=True))
    read = client.get(one.get_absolute_url())
    said = {"act": read.context["form"].fields["act"].choices[0][0], "seen": read.context["dossier"].seen}
    address = f"/moderation/dossiers/{one.pk}/decider/"
    page = type(page).objects.get(pk=page.pk)
    actions.revise(page, {"headline": "Mes cures miracle"}, by=page.user)
    refused = client.post(address, said)
    assert (refused.status_code, [str(message) for message in refused.context["messages"]]) == (
        409,
        ["Cela a changé depuis que vous l’avez ouvert\N{NO-BREAK SPACE}: relisez avant de décider."],
    )
    assert "miracle" in refused.content.decode()
    one.refresh_from_db()
    assert (one.closed_at, one.claimed_by) == (None, None)
    # The page that refused shows the new version: deciding from there is deciding of what was read.
    client.post(address, said | {"seen": refused.context["dossier"].seen})
    one.refresh_from_db()
    assert one.outcome == said["act"]


def test_what_was_written_before_someone_else_took_it_is_given_back():
    one, first = case(), makers.user(is_team=True)
    actions.claim(one, by=first)
    said = {"act": "return", "reason": "Dites-nous en plus."}
    response = sign_in(makers.user(is_team=True)).post(f"/moderation/dossiers/{one.pk}/decider/", said)
    assert response.status_code == 409
    assert "Dites-nous en plus." in response.content.decode()


def test_what_one_gives_back_is_free_again_and_nobody_gives_back_for_another():
    one, first, other = case(), makers.user(is_team=True), makers.user(is_team=True)
    actions.claim(one, by=first)
    sign_in(other).post(f"/moderation/dossiers/{one.pk}/rendre/")
    one.refresh_from_db()
    assert one.claimed_by == first
    sign_in(first).post(f"/moderation/dossiers/{one.pk}/rendre/")
    one.refresh_from_db()
    assert one.claimed_by is None


def test_after_a_decision_the_next_case_of_the_same_queue():
    team = makers.user(is_team=True)
    one, held, following = case(), case(), case()
    case("report")
    actions.claim(held, by=makers.user(is_team=True))
    client = sign_in(team)
    address = f"/moderation/dossiers/{one.pk}/decider/"
    response = client.post(address, {"act": "publish", "filtres": "?nature=content"})
    assert response["Location"] == f"/moderation/dossiers/{following.pk}/?filtres=%3Fnature%3Dcontent"
    response = client.post(
        f"/moderation/dossiers/{following.pk}/decider/", {"act": "publish", "filtres": "?nature=content"}
    )
    assert response["Location"] == "/moderation/?nature=content"


@pytest.mark.parametrize(
    ("nature", "said", "missing"),
    [
        ("content", {}, ["act"]),
        ("content", {"act": "lune"}, ["act"]),
        ("content", {"act": "return"}, ["reason"]),
        ("content", {"act": "refuse"}, ["reason", "ground"]),
        ("content", {"act": "refuse", "reason": "Non."}, ["ground"]),
        ("content", {"act": "return", "reason": "a" * 2001}, ["reason"]),
        ("content", {"act": "return", "reason": "a\0b"}, ["reason"]),
        ("content", {"act": "hide", "reason": "Non.", "ground": "spam"}, ["act"]),
        ("report", {"act": "hide", "reason": "Non."}, ["ground"]),
        ("report", {"act": "publish"}, ["act"]),
        # What nobody would read is not thrown away without a word.
        ("report", {"act": "keep", "reason": "Rien à redire."}, ["reason"]),
        ("stale", {"act": "confirm", "reason": "Vérifié."}, ["reason"]),
        (
            "content",
            {"act": "publish", "reason": "Cette page vend un produit.", "ground": "spam"},
            ["reason"],
        ),
    ],
)
def test_what_a_decision_must_say(nature, said, missing):
    one = case(nature)
    response = sign_in(makers.user(is_team=True)).post(f"/moderation/dossiers/{one.pk}/decider/", said)
    assert (response.status_code, sorted(response.context["form"].errors)) == (422, sorted(missing))
    assert said.get("reason", "") in response.content.decode()
    one.refresh_from_db()
    assert one.closed_at is None


#: What may be done with a case of each nature, when its page is published.
ACTS = {
    "content": ["publish", "return", "refuse"],
    "edit": ["accept_edit", "return_edit", "refuse_edit"],
    "review": ["keep", "hide"],
    "report": ["keep", "hide"],
    "stale": ["confirm", "archive", "keep"],
    "support": ["keep"],
}


@pytest.mark.parametrize("nature", ACTS)
def test_what_may_be_done_with_each_nature(nature):
    assert [act.code for act in acts_for(case(nature))] == ACTS[nature]


def test_a_hidden_page_may_be_shown_again_or_its_hiding_confirmed():
    team = makers.user(is_team=True)
    one = case("report")
    actions.decide(
        actions.open_case(Case.Nature.REVIEW, one.target), "hide", by=team, reason="Vu.", ground="spam"
    )
    one = Case.objects.get(pk=one.pk)
    assert [act.code for act in acts_for(one)] == ["publish", "keep", "hide"]
    actions.decide(one, "hide", by=team, reason="Confirmé.", ground="spam")
    latest = Decision.objects.of(one.target).first()
    assert (latest.before, latest.after, latest.by, latest.reason) == ("hidden", "hidden", team, "Confirmé.")


def test_what_a_case_was_about_may_be_gone():
    one = case()
    one.target.delete()
    client = sign_in(makers.user(is_team=True))
    page = client.get(one.get_absolute_url())
    assert "Ce que ce dossier concernait n’existe plus." in page.content.decode()
    assert [act.code for act in acts_for(Case.objects.get(pk=one.pk))] == ["keep"]
    client.post(f"/moderation/dossiers/{one.pk}/decider/", {"act": "keep"})
    one.refresh_from_db()
    assert one.outcome == "keep"


def test_the_difference_shows_words_taken_out_and_added():
    page = makers.actor(texts={"headline": "Un café chaque lundi"})
    actions.revise(page, {"headline": "Un thé chaque lundi"}, by=page.user)
    one = Case.objects.get(nature="edit")
    text = sign_in(makers.user(is_team=True)).get(one.get_absolute_url()).content.decode()
    assert "Un <del>café</del> chaque lundi" in text
    assert "Un <ins>thé</ins> chaque lundi" in text


#: A secret in each field, and who on the desk reads it in the difference. Audiences are those by default.
FIELDS = {"presentation": "ta", "experience": "ta", "phone": "", "email": "", "last_name": ""}


@pytest.mark.parametrize("who", ["team", "ambassador"])
def test_the_difference_keeps_what_its_author_does_not_show(who):
    reader = makers.user(is_team=True) if who == "team" else ambassador()
    secrets = {
        "presentation": "canari-presentation",
        "experience": "canari-experience",
        "phone": "0561999999",
        "email": "canari-mail@example.org",
        "last_name": "Canarinom",
    }
    page = makers.actor(name_style="pseudonym", pseudonym="Lila")
    actions.revise(page, secrets, by=page.user)
    text = sign_in(reader).get(Case.objects.get(nature="edit").get_absolute_url()).content.decode()
    assert {name: secrets[name] in text for name in secrets} == {
        name: who[0] in readers for name, readers in FIELDS.items()
    }
    assert text.count("l’auteur ne vous le montre pas") == 3


def test_the_page_is_shown_as_it_will_appear():
    page = makers.actor(published=False, texts={"headline": "Le pont des aidants", "phone": "0561888888"})
    actions.submit(page, by=page.user)
    client = sign_in(makers.user(is_team=True))
    assert client.get(page.get_absolute_url()).status_code == 404
    text = client.get(Case.objects.get().get_absolute_url()).content.decode()
    assert "Le pont des aidants" in text
    assert "0561888888" not in text


def test_notes_are_for_moderators():
    page = makers.actor(published=False)
    actions.submit(page, by=page.user)
    one = Case.objects.get()
    client = sign_in(makers.user(is_team=True))
    client.post(f"/moderation/dossiers/{one.pk}/noter/", {"text": "canari-note"})
    assert Note.objects.get().text == "canari-note"
    assert "canari-note" in client.get(one.get_absolute_url()).content.decode()
    assert "canari-note" not in sign_in(page.user).get(page.get_absolute_url()).content.decode()


def test_a_ready_answer_fills_in_the_act_and_the_words():
    ready = AnswerTemplate.objects.create(act="return", title="Court", text="Quelques mots de plus ?")
    one = case()
    client = sign_in(makers.user(is_team=True))
    form = client.get(one.get_absolute_url(), {"reponse": ready.pk}).context["form"]
    assert (form["act"].value(), form["reason"].value()) == ("return", "Quelques mots de plus ?")
    for junk in ("", "abc", "9" * 40, "²"):
        assert client.get(one.get_absolute_url(), {"reponse": junk}).context["form"]["act"].value() is None


def test_how_long_it_waits_in_words():
    team = sign_in(makers.user(is_team=True))
    one, said = case(), []
    for hours in (0.5, 1, 5, 25, 24 * 10):
        Case.objects.filter(pk=one.pk).update(
            opened_at=timezone.now() - datetime.timedelta(hours=hours, minutes=1)
        )
        text = team.get("/moderation/").content.decode()
        said.append((text.split('#clock"/></svg>')[-1].split("</span>")[0]).strip())
    assert said == [
        "depuis moins d’une heure",
        "depuis 1 heure",
        "depuis 5 heures",
        "depuis 1 jour",
        "En retard : depuis 10 jours",
    ]


def test_a_case_says_who_settled_it_and_how():
    one, team = case("report"), makers.user(is_team=True)
    actions.decide(one, "hide", by=team, reason="Publicité.", ground=Ground.SPAM)
    text = sign_in(makers.user(is_team=True)).get(one.get_absolute_url()).content.decode()
    assert "Ce dossier est réglé" in text
    assert "Masquer, le" in text
    assert team.email in text


def test_a_request_to_keep_a_page_is_shown_with_its_proof_and_answered():
    structure, asker = makers.structure(), makers.actor().user
    directory.claim_structure(structure, by=asker, function="Directrice", proof="Appelez le standard.")
    one, team = Case.objects.get(nature="claim"), makers.user(is_team=True)
    client = sign_in(team)
    assert "Appelez le standard." in client.get(one.get_absolute_url()).content.decode()
    address = f"/moderation/dossiers/{one.pk}/decider/"
    assert list(client.post(address, {"act": "refuse"}).context["form"].errors) == ["reason"]
    client.post(address, {"act": "grant"})
    one.refresh_from_db()
    assert (list(structure.referents.all()), one.outcome, one.closed_by) == ([asker], "grant", team)
    assert "Accorder, le" in client.get(one.get_absolute_url()).content.decode()
    assert sign_in(asker).get(one.get_absolute_url()).status_code == 404


def test_two_pages_that_look_alike_are_shown_together_and_told_apart():
    first, second = (makers.structure(name="Maison de santé du Couserans") for _ in range(2))
    directory.propose_duplicates(second)
    one = Case.objects.get(nature="duplicate")
    client = sign_in(makers.user(is_team=True))
    page = client.get(one.get_absolute_url()).content.decode()
    assert [address in page for address in (first.get_absolute_url(), second.get_absolute_url())] == [
        True,
        True,
    ]
    client.post(f"/moderation/dossiers/{one.pk}/decider/", {"act": "different"})
    assert directory.propose_duplicates(second) == 0
    assert not Case.objects.open().filter(nature="duplicate").exists()


def test_who_decides_and_who_edits_do_not_wait_for_each_other_for_good(committed):
    """The page is locked before its case by both: here an author is between the two when someone decides."""
    page = makers.actor()
    one = actions.open_case(Case.Nature.REVIEW, page, author=page.user)
    team, waiting = makers.user(is_team=True), "SELECT count(*) FROM pg_locks WHERE NOT granted"

    def decide():
        sign_in(team).post(f"/moderation/dossiers/{one.pk}/decider/", {"act": "keep"})
        connection.close()

    deciding = threading.Thread(target=decide)
    with transaction.atomic(), connection.cursor() as cursor:
        Actor.objects.select_for_update().get(pk=page.pk)
        deciding.start()
        for _try in range(200):
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                break
            time.sleep(0.05)
        Case.objects.select_for_update(nowait=True).get(pk=one.pk)
    deciding.join()
    one.refresh_from_db()
    assert one.outcome == "keep"
