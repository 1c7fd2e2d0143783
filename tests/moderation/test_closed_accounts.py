"""Nothing of someone appears while her account is closed, whatever closed it; all comes back with it."""

from __future__ import annotations

import itertools
import threading

import pytest
from django.db import connection

from accounts import actions as accounts
from accounts.models import User
from directory.models import Actor
from moderation import actions
from moderation.models import Appeal, Case, Decision, Ground, Sanction, Status, Verb
from moderation.workflow import Impossible
from notifications.models import Message
from privacy import actions as privacy
from tests import makers
from tests.moderation.test_desk import sign_in

pytestmark = pytest.mark.django_db
SAID = {"ground": Ground.HARASSMENT, "reason": "Vos mots ont blessé."}


@pytest.fixture
def moderator() -> User:
    return makers.user(is_team=True)


def submitted() -> tuple[Actor, Case]:
    page = makers.actor(published=False)
    actions.submit(page, by=page.user)
    return page, Case.objects.of(page).get()


class TestAModerator:
    """What she may decide of the page of someone whose account is closed."""

    @pytest.mark.parametrize(
        ("why", "words"),
        [
            ("suspended", "Le compte de cette personne est suspendu"),
            ("leaving", "Le compte de cette personne est fermé"),
            ("hand", "Le compte de cette personne est fermé"),
        ],
    )
    def test_publishes_it_only_once_the_account_is_open(self, why, words, moderator):
        page, case = submitted()
        accounts.close(page.user, User.Closed(why))
        client = sign_in(moderator)
        address = f"/moderation/dossiers/{case.pk}/decider/"
        answer = client.post(address, {"act": "publish"}, follow=True)
        assert words in answer.content.decode()
        page.refresh_from_db(), case.refresh_from_db()
        assert (page.status, case.closed_at, case.claimed_by) == ("submitted", None, None)
        accounts.open_again(page.user, User.Closed(why))
        client.post(address, {"act": "publish"})
        page.refresh_from_db()
        assert page.status == "published"

    @pytest.mark.parametrize(("verb", "after"), [(Verb.RETURN, "returned"), (Verb.REFUSE, "refused")])
    def test_may_turn_it_down(self, verb, after, moderator):
        page, case = submitted()
        actions.suspend(page.user, by=moderator, **SAID)
        actions.decide(case, verb, by=moderator, **SAID)
        page.refresh_from_db()
        assert page.status == after

    @pytest.mark.parametrize("before", [Status.HIDDEN, Status.ARCHIVED, Status.REFUSED, Status.DRAFT])
    def test_brings_nothing_back_either(self, before, moderator):
        page = makers.actor()
        Actor.objects.filter(pk=page.pk).update(status=before)
        actions.suspend(page.user, by=moderator, **SAID)
        case = actions.open_case(Case.Nature.REPORT, page, author=page.user)
        with pytest.raises(Impossible, match="suspendu"):
            actions.decide(case, Verb.PUBLISH, by=moderator)

    def test_grants_an_appeal_about_it_only_once_the_account_is_open(self, moderator):
        page, case = submitted()
        decision = actions.decide(case, Verb.REFUSE, by=moderator, **SAID)
        sanction = actions.suspend(page.user, by=moderator, **SAID)
        made = actions.appeal(decision, by=page.user, text="Non.")
        contested = Case.objects.of(made).get()
        other = makers.user(is_team=True)
        with pytest.raises(Impossible, match="suspendu"):
            actions.answer_appeal(contested, by=other, granted=True, answer="Oui.")
        assert Appeal.objects.get().outcome == "waiting"
        actions.lift(sanction, by=other)
        actions.answer_appeal(contested, by=other, granted=True, answer="Oui.")
        page.refresh_from_db()
        assert page.status == "published"

    def test_publishes_what_a_structure_shows_whoever_sent_it(self, moderator):
        sender = makers.user()
        structure = makers.structure(published=False, referents=[sender, makers.user()])
        actions.submit(structure, by=sender)
        actions.suspend(sender, by=moderator, **SAID)
        actions.decide(Case.objects.of(structure).get(), Verb.PUBLISH, by=moderator)
        structure.refresh_from_db()
        assert structure.status == "published"


#: What opens an account that each reason closed, by whose hand.
def lift(page: Actor) -> None:
    actions.lift(Sanction.objects.get(user=page.user))


def come_back(page: Actor) -> None:
    privacy.reopen(page.user.closure)


def by_hand(page: Actor) -> None:
    accounts.open_again(page.user, User.Closed.HAND)


CLOSINGS = {
    "suspended": (
        lambda page: actions.suspend(page.user, by=makers.user(is_team=True), hours=24, **SAID),
        lift,
    ),
    "leaving": (lambda page: privacy.close_account(page.user), come_back),
    "hand": (lambda page: accounts.close(page.user, User.Closed.HAND), by_hand),
}


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(CLOSINGS, 2)))
@pytest.mark.parametrize("last_first", [True, False])
def test_opening_for_one_reason_leaves_closed_what_another_closed(first, second, last_first):
    page, stranger = makers.actor(), makers.user()
    for why in (first, second):
        CLOSINGS[why][0](page)
        page = Actor.objects.get(pk=page.pk)
    assert sign_in(stranger).get(page.get_absolute_url()).status_code == 404
    states = []
    for why in (second, first) if last_first else (first, second):
        CLOSINGS[why][1](Actor.objects.select_related("user__closure").get(pk=page.pk))
        page = Actor.objects.get(pk=page.pk)
        shown = sign_in(stranger).get(page.get_absolute_url()).status_code
        states.append((page.user.is_active, page.status, shown))
    assert states == [(False, "hidden", 404), (True, "published", 200)]


@pytest.mark.parametrize(
    ("also", "subject", "told"),
    [
        (None, "Votre compte est de nouveau ouvert", "Vous pouvez vous connecter"),
        ("leaving", "Votre suspension est terminée", "reste fermé pour une autre raison"),
    ],
)
def test_whoever_is_no_longer_suspended_is_told_whether_her_account_is_open(also, subject, told, moderator):
    page = makers.actor()
    sanction = actions.suspend(page.user, by=moderator, **SAID)
    if also:
        CLOSINGS[also][0](page)
    actions.lift(sanction)
    mail = Message.objects.get(kind="moderation.lifted")
    assert (mail.subject, told in mail.text) == (subject, True)


def test_what_a_moderator_hid_meanwhile_stays_hidden(moderator):
    page = makers.actor()
    sanction = actions.suspend(page.user, by=moderator, **SAID)
    case = actions.open_case(Case.Nature.REPORT, page, author=page.user)
    actions.decide(case, Verb.HIDE, by=moderator, **SAID)
    actions.lift(sanction)
    page.refresh_from_db()
    assert (page.status, Decision.objects.of(page).first().rule) == ("hidden", "")


def test_of_a_suspension_and_a_publication_at_the_same_moment_nothing_stays_in_sight(committed):
    for _round in range(5):
        page, case = submitted()
        one, other, gate = makers.user(is_team=True), makers.user(is_team=True), threading.Barrier(2)

        def run(act, gate=gate):
            try:
                gate.wait()
                act()
            except Impossible:
                pass
            finally:
                connection.close()

        acts = [
            lambda case=case, one=one: actions.decide(case, Verb.PUBLISH, by=one),
            lambda page=page, other=other: actions.suspend(page.user, by=other, **SAID),
        ]
        threads = [threading.Thread(target=run, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        page.refresh_from_db()
        assert page.status in ("hidden", "submitted")
