"""Who keeps a page and who is named on it: asked, answered by the right side, never nobody by mistake."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.audience import Audience
from accounts.models import Block
from directory import actions
from directory.models import ClaimRequest, Membership, MembershipProposal, ReferentInvitation, Structure
from moderation import actions as moderation
from moderation.models import Case
from moderation.workflow import Impossible
from notifications.models import Message, Notice
from tests import makers
from tests.rules.test_access import sign_in

pytestmark = pytest.mark.django_db
SAID = {"function": "Directrice", "proof": "Le site me nomme."}


def told(user) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def with_address(user):
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def team(db):
    return makers.user(is_team=True)


# Claiming a page that nobody keeps ----------------------------------------------------------------------


def test_a_claim_waits_for_the_team_and_is_granted(team):
    structure, person = makers.structure(), makers.user()
    answer = sign_in(person).post(reverse("structure_claim", args=[structure.slug]), SAID)
    assert answer.status_code == 302
    case = Case.objects.get(nature="claim")
    assert (case.author, str(case.target)) == (person, structure.name)
    assert makers.commune("dep-09").pk in case.places
    assert list(structure.referents.all()) == []
    moderation.settle(case, "grant", by=team)
    structure.refresh_from_db()
    assert (list(structure.referents.all()), told(person)) == ([person], ["directory.claim_granted"])
    assert structure.verified_at.date() == timezone.now().date()
    assert "Vérifiée le" in sign_in(None).get(structure.get_absolute_url()).content.decode()


def test_a_refusal_says_why_and_needs_to(team):
    structure, person = makers.structure(), makers.user()
    actions.claim_structure(structure, by=person, **SAID)
    case = Case.objects.get(nature="claim")
    with pytest.raises(Exception, match="Dites pourquoi"):
        moderation.settle(case, "refuse", by=team)
    moderation.settle(case, "refuse", by=team, reason="Le numéro donné n’est pas le vôtre.")
    assert (list(structure.referents.all()), told(person)) == ([], ["directory.claim_refused"])
    assert "n’est pas le vôtre" in Message.objects.get().text
    structure.refresh_from_db()
    assert structure.verified_at is None


def test_two_who_claim_the_same_page_each_have_their_case_and_both_may_be_granted(team):
    structure, people = makers.structure(), [makers.user(), makers.user()]
    for person in people:
        actions.claim_structure(structure, by=person, **SAID)
    cases = list(Case.objects.filter(nature="claim").order_by("pk"))
    for case in cases:
        moderation.settle(case, "grant", by=team)
    assert (len(cases), list(structure.referents.order_by("pk"))) == (2, people)


def test_one_does_not_ask_twice_nor_for_what_is_kept():
    structure, person = makers.structure(), makers.user()
    client = sign_in(person)
    for _ in range(2):
        client.post(reverse("structure_claim", args=[structure.slug]), SAID)
    assert ClaimRequest.objects.count() == 1
    kept = makers.structure(referents=[makers.user()])
    with pytest.raises(Impossible):
        actions.claim_structure(kept, by=person, **SAID)
    assert (
        "tient déjà cette page" in client.get(reverse("structure_claim", args=[kept.slug])).content.decode()
    )


def test_a_claim_taken_back_leaves_the_queue_and_may_be_made_again():
    structure, person = makers.structure(), makers.user()
    actions.claim_structure(structure, by=person, **SAID)
    sign_in(person).post(reverse("structure_drop_claim", args=[structure.slug]))
    assert list(Case.objects.open()) == []
    actions.claim_structure(structure, by=person, **SAID)
    assert list(ClaimRequest.objects.order_by("pk").values_list("state", flat=True)) == ["dropped", "open"]


def test_nobody_grants_her_own_claim(team):
    actions.claim_structure(makers.structure(), by=team, **SAID)
    assert list(Case.objects.for_moderator(team)) == []


def test_a_claim_is_answered_once(committed):
    structure, person = makers.structure(), makers.user()
    claim = actions.claim_structure(structure, by=person, **SAID)
    gate, answers = threading.Barrier(4), []

    def answer(granted: bool) -> None:
        try:
            gate.wait()
            actions.answer_claim(
                ClaimRequest.objects.get(pk=claim.pk),
                granted=granted,
                by=person,
                reason="" if granted else "Non.",
            )
            answers.append(granted)
        except Impossible:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(turn % 2 == 0,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 1
    assert structure.referents.exists() is answers[0]


# Inviting ------------------------------------------------------------------------------------------------


def test_an_address_gets_one_mail_whether_it_has_an_account_or_not():
    referent, known = makers.user(), makers.user()
    structure = makers.structure(referents=[referent])
    client = sign_in(referent)
    bodies = []
    for address in (known.email, "inconnue@example.org"):
        for _ in range(2):
            answer = client.post(
                reverse("structure_referents", args=[structure.slug]), {"email": address}, follow=True
            )
        bodies.append(answer.content.decode().replace(address, "…"))
    assert sorted(Message.objects.values_list("address", flat=True)) == sorted(
        [known.email, "inconnue@example.org"]
    )
    assert ReferentInvitation.objects.count() == 2
    assert known.email not in Message.objects.get(address="inconnue@example.org").text


def test_the_person_invited_and_nobody_else_answers():
    referent, guest, other = makers.user(), with_address(makers.user()), with_address(makers.user())
    structure = makers.structure(referents=[referent])
    invitation = actions.invite_referent(structure, by=referent, email=guest.email.upper())
    path = reverse("referent_invitation", args=[invitation.pk])
    assert sign_in(other).post(path, {"reponse": "oui"}).status_code == 404
    assert sign_in(guest).get(path).status_code == 200
    assert list(structure.referents.all()) == [referent]
    sign_in(guest).post(path, {"reponse": "oui"})
    assert list(structure.referents.order_by("pk")) == [referent, guest]
    assert told(referent) == ["directory.referent_joined"]
    assert sign_in(guest).get(path).status_code == 404


def test_an_address_not_shown_to_be_hers_opens_nothing():
    referent, guest = makers.user(), makers.user()
    guest.emailaddress_set.create(email="autre@example.org", verified=False)
    structure = makers.structure(referents=[referent])
    invitation = actions.invite_referent(structure, by=referent, email="autre@example.org")
    answer = sign_in(guest).get(reverse("referent_invitation", args=[invitation.pk]))
    assert answer.status_code == 404
    assert f"Vous êtes connecté avec {guest.email}" in answer.content.decode()
    unknown = sign_in(guest).get(reverse("referent_invitation", args=[invitation.pk + 1000]))
    assert [unknown.status_code, unknown.context["user"]] == [404, guest]
    assert "Cette invitation n’attend pas de réponse ici" in unknown.content.decode()


@pytest.mark.parametrize("case", ["no", "cancelled", "old", "archived"])
def test_an_invitation_that_is_over_makes_nobody_a_referent(case):
    referent, guest = makers.user(), with_address(makers.user())
    structure = makers.structure(referents=[referent])
    invitation = actions.invite_referent(structure, by=referent, email=guest.email)
    path = reverse("referent_invitation", args=[invitation.pk])
    client = sign_in(guest)
    if case == "no":
        client.post(path, {"reponse": "non"})
    if case == "cancelled":
        sign_in(referent).post(reverse("structure_cancel_invitation", args=[structure.slug, invitation.pk]))
    if case == "old":
        ReferentInvitation.objects.update(made_at=timezone.now() - datetime.timedelta(days=31))
    if case == "archived":
        actions.withdraw(structure)
    client.post(path, {"reponse": "oui"})
    assert list(structure.referents.all()) == [referent]


def test_a_structure_does_not_invite_the_whole_country():
    referent = makers.user()
    structure = makers.structure(referents=[referent])
    for number in range(10):
        actions.invite_referent(structure, by=referent, email=f"invite{number}@example.org")
    with pytest.raises(Impossible):
        actions.invite_referent(structure, by=referent, email="onzieme@example.org")


def people_offered(client, structure) -> list[str]:
    page = client.get(reverse("structure_referents", args=[structure.slug]))
    return [tie.actor.display_name for tie in page.context["members"]]


def test_someone_named_on_the_page_is_asked_without_her_address():
    referent, member = makers.user(), makers.actor()
    structure = makers.structure(referents=[referent])
    actions.join_structure(member, structure)
    client, path = sign_in(referent), reverse("structure_referents", args=[structure.slug])
    assert people_offered(client, structure) == [member.display_name]
    said = client.post(path, {"personne": member.slug}, follow=True).content.decode()
    assert (f"{member.display_name} dira oui ou non" in said, member.user.email in said) == (True, False)
    assert client.post(path, {"personne": member.slug}).status_code == 404, "she is asked already"
    invitation = ReferentInvitation.objects.get()
    assert (invitation.user, invitation.email, told(member.user)) == (
        member.user,
        "",
        ["directory.referent_invited"],
    )
    assert list(structure.referents.all()) == [referent], "she has not said yes"
    assert people_offered(client, structure) == []
    sign_in(member.user).post(reverse("referent_invitation", args=[invitation.pk]), {"reponse": "oui"})
    assert list(structure.referents.order_by("pk")) == [referent, member.user]
    assert people_offered(client, structure) == []


@pytest.mark.parametrize("who", ["named elsewhere", "hidden from her", "blocked", "herself", "nobody"])
def test_nobody_else_is_asked_that_way(who):
    referent = makers.user()
    own = makers.actor(user=referent)
    structure = makers.structure(referents=[referent])
    person = makers.actor(audience=Audience.ME if who == "hidden from her" else Audience.MEMBERS)
    if who == "blocked":
        Block.objects.create(blocker=person.user, blocked=referent)
    if who != "named elsewhere":
        actions.join_structure(own if who == "herself" else person, structure)
    slug = {"herself": own.slug, "nobody": "\x00 <x>"}.get(who, person.slug)
    client = sign_in(referent)
    path = reverse("structure_referents", args=[structure.slug])
    assert client.post(path, {"personne": slug.replace("\x00", "")}).status_code == 404
    assert not ReferentInvitation.objects.exists()


def test_people_are_listed_in_as_many_queries_whatever_their_number(django_assert_num_queries):
    referent = makers.user()
    structure = makers.structure(referents=[referent])
    client = sign_in(referent)
    actions.join_structure(makers.actor(), structure)
    client.get(reverse("structure_referents", args=[structure.slug]))
    with django_assert_num_queries(7):
        assert len(people_offered(client, structure)) == 1
    actions.join_structure(makers.actor(), structure), actions.join_structure(makers.actor(), structure)
    with django_assert_num_queries(7):
        assert len(people_offered(client, structure)) == 3


def test_inviting_someone_to_come_is_one_link_away():
    referent = makers.user()
    structure = makers.structure(referents=[referent])
    link = reverse("invite_for_structure", args=[structure.slug])
    for page in ("structure_members", "structure_referents"):
        assert link in sign_in(referent).get(reverse(page, args=[structure.slug])).content.decode()


# Leaving ---------------------------------------------------------------------------------------------------


def test_one_removes_another_who_is_told_and_never_oneself_that_way():
    one, other = makers.user(), makers.user()
    structure = makers.structure(referents=[one, other])
    client = sign_in(one)
    client.post(reverse("structure_remove_referent", args=[structure.slug, one.pk]))
    assert structure.referents.count() == 2
    client.post(reverse("structure_remove_referent", args=[structure.slug, other.pk]))
    assert (list(structure.referents.all()), told(other)) == ([one], ["directory.referent_removed"])


def test_the_last_one_leaves_only_after_saying_so_twice():
    referent = makers.user()
    structure = makers.structure(referents=[referent])
    path = reverse("structure_step_down", args=[structure.slug])
    answer = sign_in(referent).post(path, {"quitter": "1"})
    assert (answer.status_code, structure.referents.count()) == (200, 1)
    sign_in(referent).post(path, {"personne": "1"})
    assert list(Structure.objects.orphans()) == [structure]
    page = sign_in(None).get(structure.get_absolute_url()).content.decode()
    assert reverse("structure_claim", args=[structure.slug]) in page


def test_two_who_leave_at_once_do_not_leave_nobody(committed):
    people = [makers.user(), makers.user()]
    structure = makers.structure(referents=people)
    gate = threading.Barrier(2)

    def leave(person) -> None:
        try:
            gate.wait()
            actions.step_down(structure, by=person)
        except Impossible:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert structure.referents.count() == 1


# Being named -----------------------------------------------------------------------------------------------


def test_nobody_is_named_without_a_yes_from_both_sides():
    referent, actor = makers.user(), makers.actor()
    structure = makers.structure(referents=[referent])
    sign_in(referent).post(reverse("structure_members", args=[structure.slug]), {"personne": actor.slug})
    assert (list(Membership.objects.all()), told(actor.user)) == ([], ["directory.member_proposed"])
    proposal = MembershipProposal.objects.get()
    answer = reverse("structure_proposal", args=[proposal.pk])
    assert sign_in(referent).post(answer, {"reponse": "oui"}).status_code == 404
    sign_in(actor.user).post(answer, {"reponse": "oui"})
    assert [tie.actor for tie in structure.memberships.all()] == [actor]


def test_one_s_own_space_says_where_one_is_named():
    actor, structure = makers.actor(), makers.structure(name="Maison des voix")
    actions.join_structure(actor, structure, "bénévole")
    actions.join_structure(makers.actor(), makers.structure())
    actions.join_structure(actor, makers.structure(published=False))
    mine = sign_in(actor.user).get(reverse("my_space"))
    assert [tie.structure for tie in mine.context["named"]] == [structure]
    assert f'<a href="{structure.get_absolute_url()}">Maison des voix</a>' in mine.content.decode()


def test_a_person_asks_and_those_who_keep_the_page_answer():
    referent, actor = makers.user(), makers.actor()
    structure = makers.structure(referents=[referent])
    sign_in(actor.user).post(reverse("structure_join", args=[structure.slug]), {"function": "Infirmière"})
    proposal = MembershipProposal.objects.get()
    answer = reverse("structure_proposal", args=[proposal.pk])
    assert sign_in(actor.user).post(answer, {"reponse": "oui"}).status_code == 404
    assert told(referent) == ["directory.member_asks"]
    sign_in(referent).post(answer, {"reponse": "oui"})
    assert structure.memberships.get().function == "Infirmière"
    assert told(actor.user) == ["directory.member_named"]


@pytest.mark.parametrize("by_person", [True, False])
def test_a_no_names_nobody_and_a_proposal_may_be_taken_back(by_person):
    referent, actor = makers.user(), makers.actor()
    structure = makers.structure(referents=[referent])

    def propose() -> MembershipProposal:
        if by_person:
            return actions.ask_to_be_named(structure, actor)
        return actions.propose_member(structure, actor, by=referent)

    asking, asked = (actor.user, referent) if by_person else (referent, actor.user)
    for who, answer in ((asked, "non"), (asking, "retirer")):
        path = reverse("structure_proposal", args=[propose().pk])
        sign_in(who).post(path, {"reponse": answer})
    assert list(MembershipProposal.objects.order_by("pk").values_list("state", flat=True)) == [
        "no",
        "dropped",
    ]
    assert not Membership.objects.exists()


def test_a_page_nobody_keeps_takes_no_requests():
    with pytest.raises(Impossible):
        actions.ask_to_be_named(makers.structure(), makers.actor())


def test_who_blocked_one_is_not_mailed_by_her_structure():
    referent, actor = makers.user(), makers.actor()
    Block.objects.create(blocker=actor.user, blocked=referent)
    structure = makers.structure(referents=[referent])
    answer = sign_in(referent).post(
        reverse("structure_members", args=[structure.slug]), {"personne": actor.slug}
    )
    assert answer.status_code in (302, 404)
    assert told(actor.user) == []


def test_only_people_one_may_see_are_found_and_by_the_name_they_show():
    referent = makers.user()
    structure = makers.structure(referents=[referent])
    shown = makers.actor(first_name="Maëlle", last_name="Rivesauge", name_style="full")
    makers.actor(first_name="Maëlle", last_name="Rivesauge", name_style="pseudonym", pseudonym="Lune")
    makers.actor(first_name="Maëlle", last_name="Rivesauge", name_style="full", audience=30)
    makers.actor(first_name="Maëlle", last_name="Rivesauge", name_style="full", published=False)
    client = sign_in(referent)
    path = reverse("structure_members", args=[structure.slug])
    assert client.get(path, {"q": "maelle rive"}).context["found"] == [shown]
    assert client.get(path, {"q": "m"}).context["found"] == []


@pytest.mark.parametrize("who", ["person", "referent", "stranger"])
def test_who_takes_a_name_off_or_changes_a_function(who):
    referent, actor = makers.user(), makers.actor()
    structure = makers.structure(referents=[referent])
    tie = actions.join_structure(actor, structure, "Bénévole")
    client = sign_in({"person": actor.user, "referent": referent, "stranger": makers.user()}[who])
    path = reverse("structure_member", args=[tie.pk])
    client.post(path, {"verbe": "fonction", "function": "Présidente"})
    tie.refresh_from_db()
    assert tie.function == ("Bénévole" if who == "stranger" else "Présidente")
    client.post(path, {"verbe": "retirer"})
    assert Membership.objects.exists() is (who == "stranger")
