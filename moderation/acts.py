"""What a moderator may do with a case of each nature: the buttons of its page, and what they run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from . import actions
from .models import Case, Publishable, Status, Verb
from .registry import Choice, matter_of
from .seen import mark_of
from .workflow import Impossible

#: Runs an act: (case, by=moderator, reason="…", ground="…").
Run = Callable[..., object]


@dataclass(frozen=True)
class Act:
    """One way to settle a case. `code` is also what answer templates are for."""

    code: str
    label: str | Promise
    hint: str | Promise
    run: Run
    #: The person will read why.
    needs_reason: bool = False
    #: And which rule was not kept.
    needs_ground: bool = False
    possible: Callable[[Case], bool] = lambda case: True

    @transaction.atomic
    def do(self, case: Case, *, by: User, reason: str = "", ground: str = "", seen: str = "") -> None:
        """Settle `case` this way, if it still is what was read, of which `seen` is the mark (`mark_of`).

        Raises Impossible when its author changed it meanwhile, and what `run` raises.
        """
        # The page before its case, as its author does who edits it: neither waits for the other for good.
        if isinstance(case.target, Publishable):
            case.target = type(case.target)._default_manager.select_for_update().get(pk=case.object_id)
        actions.claim(case, by=by)
        if seen and seen != mark_of(case):
            raise Impossible(_("Cela a changé depuis que vous l’avez ouvert : relisez avant de décider."))
        self.run(case, by=by, reason=reason, ground=ground)


def _decide(verb: Verb) -> Run:
    return lambda case, **said: actions.decide(case, verb, **said)


def _keep(case: Case, *, by, reason: str = "", ground: str = "") -> None:
    actions.keep(case, by=by)


def _confirm(case: Case, *, by, reason: str = "", ground: str = "") -> None:
    actions.confirm_for_team(case, by=by)


def _answer(granted: bool) -> Run:
    return lambda case, *, by, reason, ground="": actions.answer_appeal(
        case, by=by, granted=granted, answer=reason
    )


def _in_state(*states: Status) -> Callable[[Case], bool]:
    return lambda case: case.target is not None and case.target.status in states


PUBLISH = Act(
    "publish", _("Publier"), _("La page paraît aussitôt ; l’auteur est prévenu."), _decide(Verb.PUBLISH)
)
RETURN = Act(
    "return",
    _("Renvoyer à compléter"),
    _("L’auteur reçoit votre message, corrige et renvoie."),
    _decide(Verb.RETURN),
    needs_reason=True,
)
REFUSE = Act(
    "refuse",
    _("Refuser"),
    _("La page ne paraîtra pas. L’auteur lit pourquoi et peut contester."),
    _decide(Verb.REFUSE),
    needs_reason=True,
    needs_ground=True,
)
HIDE = Act(
    "hide",
    _("Masquer"),
    _("La page n’est plus visible. L’auteur lit pourquoi et peut contester."),
    _decide(Verb.HIDE),
    needs_reason=True,
    needs_ground=True,
    possible=_in_state(Status.PUBLISHED, Status.HIDDEN),
)
SHOW_AGAIN = Act(
    "publish",
    _("Remettre en ligne"),
    _("La page avait été masquée : elle redevient visible."),
    _decide(Verb.PUBLISH),
    possible=_in_state(Status.HIDDEN),
)
KEEP = Act("keep", _("Ne rien changer"), _("Vu, rien à redire : le dossier est classé."), _keep)
ACCEPT_EDIT = Act(
    "accept_edit",
    _("Accepter la modification"),
    _("La nouvelle version remplace l’ancienne."),
    _decide(Verb.ACCEPT_EDIT),
)
RETURN_EDIT = Act(
    "return_edit",
    _("Renvoyer à compléter"),
    _("La version publiée reste ; l’auteur reprend sa modification."),
    _decide(Verb.RETURN_EDIT),
    needs_reason=True,
)
REFUSE_EDIT = Act(
    "refuse_edit",
    _("Refuser la modification"),
    _("La version publiée reste. L’auteur lit pourquoi et peut contester."),
    _decide(Verb.REFUSE_EDIT),
    needs_reason=True,
    needs_ground=True,
)
CONFIRM = Act(
    "confirm",
    _("Toujours à jour"),
    _("Vous l’avez vérifié : la page est confirmée aujourd’hui."),
    _confirm,
    possible=_in_state(Status.PUBLISHED),
)
ARCHIVE = Act(
    "archive",
    _("Archiver"),
    _("La page n’est plus visible ; rien n’est supprimé."),
    _decide(Verb.ARCHIVE),
    needs_reason=True,
    possible=_in_state(Status.PUBLISHED, Status.HIDDEN),
)
GRANT = Act(
    "grant",
    _("Revenir sur la décision"),
    _("Ce qui avait été décidé est défait ; la personne lit votre réponse."),
    _answer(granted=True),
    needs_reason=True,
)
REJECT = Act(
    "reject",
    _("Maintenir la décision"),
    _("La personne lit pourquoi."),
    _answer(granted=False),
    needs_reason=True,
)

Nature = Case.Nature
_acts: dict[str, tuple[Act, ...]] = {
    Nature.CONTENT: (PUBLISH, RETURN, REFUSE),
    Nature.EDIT: (ACCEPT_EDIT, RETURN_EDIT, REFUSE_EDIT),
    Nature.REVIEW: (KEEP, HIDE),
    Nature.REPORT: (SHOW_AGAIN, KEEP, HIDE),
    Nature.STALE: (CONFIRM, ARCHIVE, KEEP),
    Nature.APPEAL: (GRANT, REJECT),
    Nature.SUPPORT: (KEEP,),
}


def acts_for(case: Case) -> list[Act]:
    """What may be done with a case as things stand. Of what is gone, one only takes note."""
    if case.target is None:
        return [KEEP]
    if matter := matter_of(case.target):
        return [_of_choice(choice) for choice in matter.choices]
    return [act for act in _acts.get(case.nature, (KEEP,)) if act.possible(case)]


def outcome_of(case: Case) -> str:
    """What was done with a settled case, in words."""
    known = {act.code: str(act.label) for act in (KEEP, *_acts.get(case.nature, ()), *acts_for(case))}
    return known.get(case.outcome) or str(_("Devenu sans objet"))


def _of_choice(choice: Choice) -> Act:
    """What may be chosen of a matter, whose app settles it."""

    def run(case: Case, *, by: User, reason: str = "", ground: str = "") -> None:
        actions.settle(case, choice.code, by=by, reason=reason)

    return Act(choice.code, choice.label, "", run, needs_reason=choice.needs_reason)
