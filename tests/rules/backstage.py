"""What people confide beside their pages: letters, reports, notes, reasons, appeals, invitations, entries.

Each text and each address is a word found nowhere else, with the people who may read it, said here by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.urls import reverse

from accounts import actions as accounts
from accounts.audience import Audience
from accounts.models import User
from contact import actions as letters
from contact.models import Conversation
from directory import actions
from directory.models import Actor, Invitation, Structure
from moderation import actions as moderation
from moderation import links
from moderation.models import Case, Ground
from notifications.models import Message
from privacy.models import DataExport, HealthRead
from tests import makers
from tests.conftest import VIEWERS, make_viewer
from tests.rules.canaries import COMMUNE, word

TEAM = ("team", "admin")
#: Those whose desk holds what is contributed at COMMUNE.
MODERATORS = (*TEAM, "ambassador")


@dataclass
class Confided:
    """A word, what it stands for, and who may read it."""

    word: str
    what: str
    readers: frozenset[str]


@dataclass
class Backstage:
    """Everyone, and everything they told someone and not others."""

    users: dict[str, User | None]
    #: Those of them who wrote, reported, were reported…: with a page, and no desk.
    parties: set[str] = field(default_factory=set)
    confided: dict[str, Confided] = field(default_factory=dict)
    #: Who reads each mailbox.
    mailboxes: dict[str, str] = field(default_factory=dict)
    #: The pages that only whoever got the mail knows of, by holder.
    links: dict[str, list[str]] = field(default_factory=dict)
    pages: list[Actor | Structure] = field(default_factory=list)

    def hide(self, what: str, *readers: str) -> str:
        made = Confided(word("backstage", what), what, frozenset(readers))
        assert made.word not in self.confided, what
        self.confided[made.word] = made
        return made.word

    def mail_of(self, owner: str, *knowing: str, what: str = "mail") -> str:
        """A mail address, that its owner knows, and `knowing`."""
        address = f"{self.hide(f'{what} of {owner}', owner, *knowing)}@example.org"
        self.mailboxes[address] = owner
        return address

    def read_in(self, text: str) -> set[str]:
        """The words confided that `text` holds."""
        return set(re.findall("|".join(self.confided), text.lower()))

    def open_to(self, reader: str) -> set[str]:
        return {one.word for one in self.confided.values() if reader in one.readers}

    def member(self, name: str, *knowing: str, **page: object) -> User:
        """Someone with a page; the administrator reads her address where accounts are kept."""
        user = makers.member(
            texts={"email": f"{self.hide(f'address on the page of {name}', name, *knowing)}@example.org"},
            **page,
        )
        user.email = self.mail_of(name, "admin")
        user.save()
        user.emailaddress_set.update(email=user.email)
        self.users[name] = user
        self.parties.add(name)
        self.pages.append(user.actor)
        return user


def confide() -> Backstage:
    """Everything there is to betray."""
    # As regards what is confided, a professional is a member.
    world = Backstage({name: make_viewer(name) for name in VIEWERS if name != "professional"})
    world.users["ambassador"].ambassador_of.add(makers.commune(COMMUNE))
    world.users["ambassador elsewhere"] = makers.user()
    world.users["ambassador elsewhere"].ambassador_of.add(makers.commune("com-75056"))
    world.users["moderator"] = makers.user(is_team=True)
    structure = makers.structure(place=COMMUNE, referents=[world.users["referent"]])
    world.pages.append(structure)
    _reported(world, structure)
    _contested(world)
    _letters(world, structure)
    _invited(world, structure)
    _entered(world)
    _around_data(world)
    world.mailboxes |= {user.email: name for name, user in world.users.items() if user}
    # The team looks at the mails that did not leave.
    Message.objects.update(state="failed", failure="550 no such user here", sent_at=None)
    return world


def _reported(world: Backstage, structure: Structure) -> None:
    """One page reported and hidden, one whose reports wait, a structure reported to those who do not keep it.

    Who reports has a page that nobody sees: its name is known to those who moderate alone.
    """
    seen = (*MODERATORS, "moderator", "reporter")
    author, suspect = world.member("author"), world.member("suspect")
    reporter = world.member(
        "reporter",
        audience=Audience.ME,
        name_style=Actor.NameStyle.FULL,
        first_name=world.hide("first name of who reports", *seen),
        last_name=world.hide("last name of who reports", *seen),
    )
    world.links |= {"reporting by mail": [], "reporter": []}
    items = {"author": author.actor, "suspect": suspect.actor, "structure": structure}
    for name, item in items.items():
        text = world.hide(f"report about the {name}", *seen)
        made = moderation.report(item, ground=Ground.MINOR, text=text, reporter=reporter)
        mail = world.mail_of("reporting by mail", what=f"mail about the {name}")
        text = world.hide(f"report about the {name} by mail", *MODERATORS, "moderator")
        by_mail = moderation.report(item, ground=Ground.SPAM, text=text, mail=mail)
        world.links["reporting by mail"].append(links.follow_up_path(by_mail))
        world.links["reporter"].append(links.follow_up_path(made))
        note = world.hide(f"note about the {name}", *MODERATORS, "moderator")
        moderation.write_note(made.case, by=world.users["moderator"], text=note)
    edited = world.hide("an edit that waits", *MODERATORS, "moderator", "suspect")
    moderation.revise(suspect.actor, {"headline": edited}, by=suspect)


def _contested(world: Backstage) -> None:
    """What was decided of the author and of her page, and what she answers, to others than who decided."""
    author, moderator = world.users["author"], world.users["moderator"]
    told = (*MODERATORS, "moderator", "author")
    case = Case.objects.of(author.actor).get(nature=Case.Nature.REPORT)
    why = world.hide("why the page is hidden", *told)
    hidden = moderation.decide(case, "hide", by=moderator, reason=why, ground="false")
    why = world.hide("why she was warned", *told)
    warned = moderation.warn(author, by=moderator, ground=Ground.SPAM, reason=why)
    world.links["author"] = [links.appeal_path(one, author) for one in (hidden, warned)]
    moderation.appeal(hidden, by=author, text=world.hide("what she contests", *TEAM, "author"))
    appeal = moderation.appeal(warned, by=author, text=world.hide("what she contests too", *TEAM, "author"))
    answer = world.hide("what she is answered", *TEAM, "author")
    moderation.answer_appeal(
        Case.objects.of(appeal).get(), by=world.users["team"], granted=False, answer=answer
    )


def _letters(world: Backstage, structure: Structure) -> None:
    """What two people write to each other: the team reads none of it, but what one of them reports."""
    asker, asked = world.member("asker"), world.member("asked", "asker")
    between = lambda what, *readers: world.hide(what, "asker", "asked", *readers)  # noqa: E731
    made = letters.start(asker=asker, page=asked.actor, text=between("a first letter"))
    letters.write(made, author=asked, text=between("an answer"))
    letters.give_address(made, by=asked, given=True)
    text = world.hide("a letter to a structure", "asker", "referent")
    asking = letters.start(asker=asker, page=structure, text=text)
    text = world.hide("an answer of a structure", "asker", "referent")
    letters.write(asking, author=world.users["referent"], text=text)
    insistent = world.member("insistent")
    text = world.hide("a letter that is reported", "insistent", "asked", *MODERATORS, "moderator")
    reported = letters.start(asker=insistent, page=asked.actor, text=text)
    text = world.hide("what is said of that letter", "asked", *MODERATORS, "moderator")
    letters.report_other(reported, insistent.actor, by=asked, ground=Ground.HARASSMENT, text=text)
    letters.block_others(reported, by=asked)


def _invited(world: Backstage, structure: Structure) -> None:
    """Who invited whom: the one who did, and the one who was."""
    referent = world.users["referent"]
    sponsor = world.member("sponsor", audience=Audience.ME, name_style=Actor.NameStyle.FULL)
    sponsor.actor.last_name = world.hide("name of who invites", "sponsor", "invited", *TEAM, "moderator")
    sponsor.actor.save()
    actions.invite(world.mail_of("invited", "sponsor"), by=sponsor)
    world.links["invited"] = [reverse("invitation", args=[makers.token_mailed("invitation")])]
    actions.invite(world.mail_of("invited too", "referent"), by=referent, structure=structure)
    kept = (*TEAM, "moderator", "referent")
    actions.invite_referent(structure, by=referent, email=world.mail_of("asked to keep a page", *kept))
    claimant = world.member("claimant")
    orphan = makers.structure(place=COMMUNE)
    hide = lambda what: world.hide(what, *TEAM, "moderator", "claimant")  # noqa: E731
    actions.claim_structure(orphan, by=claimant, function=hide("her function"), proof=hide("her proof"))
    world.pages.append(orphan)
    function = world.hide("function asked for", *kept, "claimant")
    actions.ask_to_be_named(structure, claimant.actor, function=function)
    brought = world.member("brought in")
    used = Invitation.objects.get(sponsor=sponsor)
    brought.actor.invitation, brought.actor.origin = used, "member"
    brought.actor.save()
    accounts.block(blocker=brought, blocked=world.users["suspect"])


def _entered(world: Backstage) -> None:
    """A page entered by the team for someone who has not confirmed it."""
    said = {
        "first_name": world.hide("first name entered", *TEAM, "moderator", "entered"),
        "last_name": world.hide("last name entered", "entered"),
    }
    role = makers.terms(role="proche-aidant")[0]
    page = actions.enter_for(
        world.mail_of("entered", "admin", "moderator"),
        {**said, "commune": makers.commune(COMMUNE).pk, "terms": {str(role.pk): None}},
        by=world.users["moderator"],
    )
    world.links["entered"] = [reverse("confirm_page", args=[makers.token_mailed("confirmer-ma-fiche")])]
    world.pages.append(page)


def _around_data(world: Backstage) -> None:
    """Why the team read her, and the copy of her data."""
    author, moderator = world.users["author"], world.users["moderator"]
    HealthRead.objects.create(
        subject=author,
        reader=moderator,
        purpose="other",
        explanation=world.hide("why the team read her", "admin"),
        page="actor",
    )
    DataExport.objects.create(user=author)


def addresses(world: Backstage, reader: str) -> list[str]:
    """Every kind of page where someone may read what another confided, whoever asks for it.

    Those who take part read the pages of everyone as a member does, and have no desk: their own pages alone.
    """
    return own_pages(world) if reader in world.parties else [*own_pages(world), *other_pages(world)]


def own_pages(world: Backstage) -> list[str]:
    kept, orphan = (page for page in world.pages if isinstance(page, Structure))
    found = [*OWN_PAGES, *(reverse(f"structure_{route}", args=[kept.slug]) for route in KEPT)]
    found += [reverse(route, args=[kept.slug]) for route in ("invite_for_structure", "write_to_structure")]
    found.append(reverse("structure_claim", args=[orphan.slug]))
    found += [one.get_absolute_url() for one in Conversation.objects.all()]
    found += [reverse("conversation_report", args=[one.public_id]) for one in Conversation.objects.all()]
    return found + [reverse("data_export", args=[one.pk]) for one in DataExport.objects.all()]


def other_pages(world: Backstage) -> list[str]:
    found = ["/", "/acteurs/", "/acteurs/export.csv", "/structures/export.csv", f"/territoires/{COMMUNE}/"]
    found += ["/carte/donnees.geojson?zoom=14", "/gestion/accounts/user/", *DESK]
    found += [page.get_absolute_url() for page in world.pages]
    asked = world.users["asked"].actor
    found += [reverse(route, args=[asked.slug]) for route in ("write_to_actor", "block_actor")]
    for name in ("author", "reporter", "sponsor"):
        found.append(reverse("moderation_person", args=[world.users[name].pk]))
    return found + [case.get_absolute_url() for case in Case.objects.all()]


OWN_PAGES = [
    f"/mon-espace/{page}"
    for page in (
        *("", "messages/", "blocages/", "notifications/", "messages-recus/", "mes-donnees/", "inviter/"),
        *("ma-page/", "ma-page/voir-comme/membre/", "consentements/"),
    )
]
OWN_PAGES += ["/compte/sessions/", "/compte/email/"]
DESK = [
    f"/moderation/{page}"
    for page in ("", "?a_moi=on", "fraicheur/", "affiches/", "saisir-une-fiche/", "envois/?etat=echoues")
]
DESK += ["/donnees-personnelles/lectures/"]
KEPT = ("edit", "referents", "members", "join", "step_down")
