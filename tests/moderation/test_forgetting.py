"""What nobody sees is not kept: drafts left aside, the pages of people suspended for good, their numbers."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from directory import actions as directory
from directory.models import Actor, Origin, Structure
from moderation import actions
from moderation.models import Case, Decision, Ground, Revision, Sanction
from privacy.erasure import erase
from privacy.tasks import apply_terms
from tests import makers

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2027, 6, 15, 12, tzinfo=datetime.UTC)
AROUND = [(-1, 1), (0, 0), (1, 0)]
SAID = {"ground": Ground.HARASSMENT, "reason": "Vos mots ont blessé."}


def after(days: int, since: datetime.datetime = NOON) -> None:
    """Apply the terms twice, that many days later."""
    with time_machine.travel(since + datetime.timedelta(days=days), tick=False):
        apply_terms()
        apply_terms()


def here(model) -> int:
    return model.objects.count()


@pytest.mark.parametrize(("late", "left"), AROUND)
@pytest.mark.parametrize(
    ("model", "make"), [(Actor, makers.actor), (Structure, makers.structure)], ids=["person", "structure"]
)
class TestDrafts:
    def test_go_180_days_after_their_last_edit(self, model, make, late, left):
        with time_machine.travel(NOON, tick=False):
            make(published=False)
        after(180 + late)
        assert here(model) == left

    def test_begin_again_at_each_edit(self, model, make, late, left):
        with time_machine.travel(NOON, tick=False) as now:
            draft = make(published=False)
            now.shift(datetime.timedelta(days=100))
            name = {Actor: "headline", Structure: "acronym"}[model]
            actions.revise(draft, {name: "Encore"}, by=makers.user(last_login=timezone.now()))
        after(180 + late)
        assert here(model) == 1
        after(280 + late)
        assert here(model) == left

    @pytest.mark.parametrize("state", ["submitted", "published", "archived", "was published"])
    def test_are_not_what_was_sent(self, state, model, make, late, left):
        with time_machine.travel(NOON, tick=False):
            page = make(published=state not in ("submitted",))
            moves = {
                "submitted": {"status": "submitted", "submitted_at": NOON},
                "archived": {"status": "archived"},
                "was published": {"status": "draft"},
            }
            model.objects.filter(pk=page.pk).update(**moves.get(state, {"status": "published"}))
        after(180 + late)
        assert here(model) == 1


def test_the_account_stays_but_that_of_someone_who_never_came_goes_with_the_page_the_team_entered():
    with time_machine.travel(NOON, tick=False):
        own = makers.actor(published=False)
        makers.entered_page()
        came = makers.actor(published=False, user=makers.user(last_login=NOON))
        Actor.objects.filter(pk=came.pk).update(origin=Origin.TEAM)
    entered = Actor.objects.exclude(pk__in=[own.pk, came.pk]).get()
    after(180)
    assert here(Actor) == 0
    left = {
        user: User.objects.filter(pk=pk).exists()
        for user, pk in {"own": own.user_id, "entered": entered.user_id, "came": came.user_id}.items()
    }
    assert left == {"own": True, "entered": False, "came": True}


@pytest.mark.parametrize(("late", "left"), AROUND)
def test_an_edit_sent_back_and_left_there_goes_too(late, left):
    with time_machine.travel(NOON, tick=False):
        page, moderator = makers.actor(), makers.user(is_team=True, last_login=NOON)
        actions.revise(page, {"headline": "Encore"}, by=page.user)
        actions.decide(Case.objects.of(page).get(), "return_edit", by=moderator, **SAID)
    after(180 + late)
    assert (here(Revision), here(Actor)) == (left, 1)


class TestSuspendedForGood:
    """`since`: the day from which the thirty are counted."""

    @pytest.fixture
    def page(self) -> Actor:
        with time_machine.travel(NOON, tick=False):
            page = makers.actor(user=makers.user(last_login=NOON), consents=("store",), themes=("diabete",))
            makers.structure(referents=[page.user])
            actions.revise(page, {"headline": "Encore"}, by=page.user)
        return page

    def suspend(self, page: Actor, hours: int | None = None) -> Sanction:
        with time_machine.travel(NOON, tick=False):
            moderator = makers.user(is_team=True, last_login=NOON)
            return actions.suspend(page.user, by=moderator, hours=hours, **SAID)

    @pytest.mark.parametrize(("late", "left"), AROUND)
    def test_what_she_alone_showed_goes_after_thirty_days(self, page, late, left):
        self.suspend(page)
        after(30 + late)
        assert (here(Actor), here(Revision)) == (left, left)
        assert (here(Structure), User.objects.filter(pk=page.user_id).exists()) == (1, True)
        assert Decision.objects.of(page).count() == 2, "what was decided stays for its own term"
        assert Case.objects.of(page).open().count() == left

    def test_what_is_suspended_for_a_time_stays(self, page):
        self.suspend(page, hours=24 * 60)
        after(59)
        assert here(Actor) == 1

    def test_what_was_lifted_stays(self, page):
        sanction = self.suspend(page)
        with time_machine.travel(NOON + datetime.timedelta(days=29), tick=False):
            actions.lift(sanction)
        after(31)
        assert here(Actor) == 1

    @pytest.mark.parametrize(("granted", "late", "left"), [(False, *one) for one in AROUND] + [(True, 1, 1)])
    def test_an_appeal_puts_it_off(self, page, granted, late, left):
        sanction = self.suspend(page)
        with time_machine.travel(NOON + datetime.timedelta(days=10), tick=False) as now:
            case = Case.objects.of(actions.appeal(sanction, by=page.user, text="Non.")).get()
            after(40)
            assert here(Actor) == 1
            now.move_to(NOON + datetime.timedelta(days=50))
            other = makers.user(is_team=True, last_login=NOON)
            actions.answer_appeal(case, by=other, granted=granted, answer="Voici.")
        after(50 + 30 + late)
        assert here(Actor) == left

    def test_one_may_begin_again_once_it_is_lifted(self, page):
        sanction = self.suspend(page)
        after(30)
        actions.lift(Sanction.objects.get(pk=sanction.pk))
        user = User.objects.get(pk=page.user_id)
        directory.start_page(user=user, changes={"first_name": "Aubin", "last_name": "Ombrelune"})
        assert (user.is_active, Actor.objects.get().status) == (True, "draft")


def test_the_number_of_an_erased_account_leaves_the_cases_of_others():
    one, other = makers.user(), makers.user()
    structure = makers.structure(referents=[one, other])
    case = actions.open_case(Case.Nature.REPORT, structure)
    assert case.parties == [one.pk, other.pk]
    erase(one)
    case.refresh_from_db()
    assert case.parties == [other.pk]
