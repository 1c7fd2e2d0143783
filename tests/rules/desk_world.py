"""One thing at each address of moderation, for the table of who gets what."""

from __future__ import annotations

from django.urls import reverse

from accounts.audience import Audience
from directory.models import Actor
from moderation import actions, links
from moderation.models import AnswerTemplate, Case, Decision, Ground
from tests import makers


def desk_paths(submitted: Actor) -> dict[tuple[str, str], str]:
    """Paths by route and sample. Everything lies where the ambassador of the world is."""
    content = Case.objects.of(submitted).get()
    elsewhere = makers.actor(published=False, place="com-75056")
    actions.submit(elsewhere, by=elsewhere.user)
    reported = makers.structure()
    report = actions.report(reported, ground=Ground.SPAM)
    moderator, person = makers.user(is_team=True), makers.actor().user
    warning = actions.warn(person, by=moderator, ground=Ground.SPAM, reason="Publicité.")
    kept = makers.actor()
    members_only = makers.actor(audience=Audience.MEMBERS)
    actions.submit(turned_down := makers.actor(published=False), by=turned_down.user)
    actions.decide(Case.objects.of(turned_down).get(), "refuse", by=moderator, reason="Non.", ground="spam")
    refusal = Decision.objects.of(turned_down).first()
    ready = AnswerTemplate.objects.create(act="refuse", title="Publicité", text="Ce site n’en publie pas.")
    cases = {"known": content.pk, "elsewhere": Case.objects.of(elsewhere).get().pk, "unknown": 0}
    by_case = ("case", "claim", "release", "decide", "note")
    by_person = ("person", "trust", "warn", "suspend")
    people = {"known": submitted.user_id, "unknown": 0, "elsewhere": elsewhere.user_id}
    return {
        **{
            (f"moderation_{name}", sample): reverse(f"moderation_{name}", args=[pk])
            for name in by_case
            for sample, pk in cases.items()
        },
        **{
            (f"moderation_{name}", sample): reverse(f"moderation_{name}", args=[pk])
            for name in by_person
            for sample, pk in people.items()
        },
        **{
            (f"moderation_{name}", sample): reverse(f"moderation_{name}", args=[pk])
            for name in ("answer", "answer_retire")
            for sample, pk in (("known", ready.pk), ("unknown", 0))
        },
        ("moderation_lift", "warning"): reverse("moderation_lift", args=[warning.pk]),
        ("moderation_lift", "unknown"): reverse("moderation_lift", args=[0]),
        ("moderation_report", "open"): reverse("moderation_report", args=["structure", reported.slug]),
        ("moderation_report", "members"): reverse("moderation_report", args=["acteur", members_only.slug]),
        ("moderation_report", "unknown"): reverse("moderation_report", args=["lune", reported.slug]),
        ("moderation_report_follow_up", "known"): links.follow_up_path(report),
        ("moderation_report_follow_up", "unknown"): "/signaler/suivi/inconnu/",
        ("moderation_appeal", "known"): links.appeal_path(refusal, turned_down.user),
        ("moderation_appeal", "unknown"): "/contester/inconnu/",
        ("moderation_confirm", "known"): links.confirm_path(kept, kept.user),
        ("moderation_confirm", "unknown"): "/confirmer/inconnu/",
    }
