"""People and structures whose every field holds a word found nowhere else, and who may read each of them.

What may be read is worked out here from the rules in plain words, never from the code that applies them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from accounts.audience import Audience
from accounts.models import User
from directory import actions
from directory.listings import everything_changed
from directory.models import Actor, OldAddress, Structure, Term
from moderation import actions as moderation
from tests import mails, makers

#: How far each kind of viewer sees. Nobody reads what is for its owner only, the team included.
SIGHT = {
    "visitor": 0,
    "member": 10,
    "professional": 20,
    "referent": 10,
    "ambassador": 10,
    "team": 30,
    "admin": 30,
}
NOBODY = 1_000
#: Fields that go with the page, and fields whose owner chooses a narrower circle.
PAGE_FIELDS = ("headline", "presentation", "offers", "needs")
OWN_CIRCLE_FIELDS = ("experience", "training", "engagements", "interests", "website", "email", "phone")
#: A search reads the fields open to everyone or to members; narrower ones are read on the page alone.
SEARCHED_UP_TO = 10

COMMUNE, PLACES = "com-09261", ("com-09261", "dep-09", "reg-76")


def word(*parts: object) -> str:
    """Twelve letters that nothing else on the site contains or resembles."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return "".join("bdfgjklmpqvxz"[byte % 13] + "aeiou"[byte % 5] for byte in digest[:6])


@dataclass
class Secret:
    """A word, how far one must see to know it is there, and whether the search and the pages use it."""

    word: str
    what: str
    needs: int
    owner: str
    searched: bool = False
    shown: bool = True


@dataclass
class Aviary:
    """Every secret, by its word; the pages that hold them, by name."""

    secrets: dict[str, Secret] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    structures: dict[str, Structure] = field(default_factory=dict)
    #: The theme of each person, and how far one must see to know it is hers.
    themes: dict[str, tuple[Term, int]] = field(default_factory=dict)

    def hide(self, owner: str, what: str, needs: int, *, searched: bool = False, shown: bool = True) -> str:
        secret = Secret(word(owner, what), what, needs, owner, searched and needs < NOBODY, shown)
        self.secrets[secret.word] = secret
        return secret.word

    def read_in(self, text: str) -> set[str]:
        """The secret words that `text` holds."""
        if not hasattr(self, "_pattern"):
            self._pattern = re.compile("|".join(self.secrets))
        return set(self._pattern.findall(text.lower()))

    def open_to(self, sight: int, owners: tuple[str, ...] = ()) -> set[str]:
        return {one.word for one in self.secrets.values() if one.needs <= sight or one.owner in owners}

    def person(
        self,
        name: str,
        *,
        audience: Audience = Audience.EVERYONE,
        fields_for: Audience | None = None,
        consents: tuple[str, ...] = (),
        themes_need: int = NOBODY,
        seen: bool = True,
        **extra: object,
    ) -> Actor:
        """Someone with a secret in every field; `fields_for` is the circle chosen for those that allow it."""
        page = int(audience) if seen and audience < Audience.ME else NOBODY
        texts = {what: self.hide(name, what, page, searched=True) for what in PAGE_FIELDS}
        audiences = {}
        for what in OWN_CIRCLE_FIELDS:
            usual = 40 if what in ("email", "phone") else 10
            circle = usual if fields_for is None else int(fields_for)
            if fields_for is not None:
                audiences[what] = fields_for
            needs = max(page, circle) if circle < Audience.ME else NOBODY
            texts[what] = self.hide(name, what, needs, searched=needs <= SEARCHED_UP_TO)
        texts["website"] = f"https://{texts['website']}.example.org/"
        texts["email"] = f"{texts['email']}@example.org"
        user = extra.pop("user", None) or User.objects.create_user(
            f"{self.hide(name, 'account', NOBODY, shown=False)}@example.org"
        )
        role = Term.objects.get(vocabulary="role", slug="patient-partenaire")
        made = makers.actor(
            user=user,
            terms=[role, *Term.objects.filter(vocabulary="domain")[:1]],
            place=COMMUNE,
            audience=audience,
            first_name=self.hide(name, "first name", page, searched=True),
            last_name=self.hide(name, "last name", page, searched=True),
            name_style="full",
            texts=texts,
            audiences=audiences,
            consents=consents,
            published=False,
            **extra,
        )
        if "store" in consents:
            self._theme(name, made, max(page, themes_need))
        if seen:
            actions.publish(made)
        self.actors[name] = made
        return made

    def _theme(self, name: str, made: Actor, needs: int) -> None:
        label = self.hide(name, "theme", needs, searched=True)
        theme = Term.objects.create(
            vocabulary="theme",
            slug=f"theme-{len(self.themes)}",
            name=label,
            name_en=label,
            synonyms=[self.hide(name, "synonym", needs, searched=True, shown=False)],
            rank=900 + len(self.themes),
        )
        self.themes[name] = theme, needs
        everything_changed()
        actions.set_themes(made, [theme])


def release(users: dict[str, User | None]) -> Aviary:
    """Everyone there is to betray."""
    aviary = Aviary()
    for circle in Audience:
        aviary.person(f"listed to {circle.name}", audience=circle, fields_for=Audience.EVERYONE)
        aviary.person(f"fields for {circle.name}", fields_for=circle)
    aviary.person("usual circles")
    aviary.person("member with usual circles", audience=Audience.MEMBERS)
    _themes(aviary)
    _names(aviary)
    _unseen(aviary)
    aviary.person("own page", user=users["member"], audience=Audience.ME, fields_for=Audience.ME, seen=False)
    _structures(aviary, users)
    _mails(aviary, users)
    _ambassador(aviary)
    return aviary


def _themes(aviary: Aviary) -> None:
    aviary.person("theme kept", consents=("store",))
    aviary.person("theme for matching", consents=("store", "matching"))
    aviary.person("theme for members", consents=("store", "members"), themes_need=10)
    aviary.person("theme for everyone", consents=("store", "everyone"), themes_need=0)
    aviary.person("theme for both", consents=("store", "members", "everyone"), themes_need=0)
    aviary.person(
        "theme for everyone, page for members",
        audience=Audience.MEMBERS,
        consents=("store", "everyone"),
        themes_need=0,
    )
    # For the pages and the filters; the search never reads what members may not see.
    aviary.person(
        "theme for everyone, page for the team",
        audience=Audience.TEAM,
        consents=("store", "everyone"),
        themes_need=0,
    )
    back = aviary.person(
        "theme no longer for everyone", consents=("store", "members", "everyone"), themes_need=10
    )
    actions.consent_to_themes(back, "everyone", granted=False)


def _mails(aviary: Aviary, users: dict[str, User | None]) -> None:
    """What the platform tells someone is hers alone, and a code not even hers to read again."""
    for owner, reader in (("own mails", users["member"]), ("mails of another", mails.reader())):
        notice = mails.told(reader, title=aviary.hide(owner, "notice", NOBODY))
        notice.link = f"/{aviary.hide(owner, 'link of a notice', NOBODY)}/"
        notice.save()
        for state in ("failed", "withheld", "queued"):
            mails.queued(
                recipient=reader,
                address=f"{aviary.hide(owner, f'address of a {state} mail', NOBODY)}@example.org",
                subject=aviary.hide(owner, f"subject of a {state} mail", NOBODY),
                text=aviary.hide(owner, f"words of a {state} mail", NOBODY),
                state=state,
                failure="raison",
            )
        mails.queued(
            recipient=reader,
            sensitive=True,
            text=aviary.hide("nobody", f"code of {owner}", NOBODY, shown=False),
            link=f"/{aviary.hide('nobody', f'key of {owner}', NOBODY, shown=False)}/",
        )
        mails.stuck(recipient=reader, subject=aviary.hide(owner, "subject of a mail in doubt", NOBODY))


def _names(aviary: Aviary) -> None:
    initial = aviary.person("by initial")
    initial.name_style = Actor.NameStyle.INITIAL
    initial.save()
    hidden = aviary.person(
        "by pseudonym", pseudonym=aviary.hide("by pseudonym", "pseudonym", 0, searched=True)
    )
    hidden.name_style = Actor.NameStyle.PSEUDONYM
    hidden.save()
    for actor in (initial, hidden):
        actor.slug = f"page-{actor.pk}"
        actor.save()
        actions.set_audience(actor, actor.audience)
    for owner, what in (
        ("by initial", "last name"),
        ("by pseudonym", "last name"),
        ("by pseudonym", "first name"),
    ):
        secret = aviary.secrets[word(owner, what)]
        secret.needs, secret.searched = NOBODY, False


def _unseen(aviary: Aviary) -> None:
    aviary.person("draft", seen=False)
    submitted = aviary.person("submitted", seen=False)
    moderation.submit(submitted, by=submitted.user)
    archived = aviary.person("archived", seen=False, consents=("store", "everyone"))
    actions.publish(archived)
    actions.withdraw(archived)


def _structures(aviary: Aviary, users: dict[str, User | None]) -> None:
    for state, needs in (("open", 0), ("draft", NOBODY), ("archived", NOBODY), ("kept draft", NOBODY)):
        name = f"{state} structure"
        hide = lambda what, name=name, needs=needs: aviary.hide(name, what, needs)  # noqa: E731
        made = makers.structure(
            place=COMMUNE,
            name=hide("name"),
            acronym=hide("acronym"),
            description=hide("description"),
            address=hide("address"),
            website=f"https://{hide('website')}.example.org/",
            email=f"{hide('email')}@example.org",
            certification=hide("certification"),
            referents=[users["referent"]] if state == "kept draft" else [],
            published=state in ("open", "archived"),
        )
        aviary.structures[name] = made
    actions.withdraw(aviary.structures["archived structure"])
    for person, structure, needs in (
        ("listed to EVERYONE", "open structure", 0),
        ("listed to MEMBERS", "open structure", 10),
        ("listed to TEAM", "open structure", 30),
        ("listed to ME", "open structure", NOBODY),
        ("draft", "open structure", NOBODY),
        ("listed to EVERYONE", "draft structure", NOBODY),
        ("listed to EVERYONE", "archived structure", NOBODY),
        ("listed to EVERYONE", "kept draft structure", NOBODY),
    ):
        owner = structure if structure.startswith("kept") else f"{person} in {structure}"
        function = aviary.hide(owner, f"function of {person}", needs)
        actions.join_structure(aviary.actors[person], aviary.structures[structure], function)

    _around_structures(aviary, users)


def _around_structures(aviary: Aviary, users: dict[str, User | None]) -> None:
    """What is asked and answered around structures: for those it concerns, and the team at its desk."""
    aside = lambda owner, what, needs: aviary.hide(owner, what, needs, shown=False)  # noqa: E731
    open_one, kept = aviary.structures["open structure"], aviary.structures["kept draft structure"]
    stranger = makers.user()
    actions.claim_structure(
        open_one,
        by=stranger,
        function=aside("claim", "function", 30),
        proof=aside("claim", "proof", 30),
    )
    keeper = makers.user()
    edited = makers.structure(name="Structure en cours de relecture", referents=[keeper], place=COMMUNE)
    moderation.revise(edited, {"name": aside("waiting edit", "name", 30)}, by=keeper)
    address = f"{aside('kept draft structure', 'invited address', NOBODY)}@example.org"
    actions.invite_referent(kept, by=users["referent"], email=address)
    function = aside("kept draft structure", "proposed function", NOBODY)
    actions.propose_member(kept, aviary.actors["usual circles"], by=users["referent"], function=function)
    hidden = aviary.actors["listed to ME"]
    OldAddress.objects.create(path=f"/membres/{aside('listed to ME', 'old address', NOBODY)}/", target=hidden)


def _ambassador(aviary: Aviary) -> None:
    welcoming = aviary.person("ambassador for members", audience=Audience.MEMBERS)
    welcoming.user.ambassador_of.add(makers.commune(COMMUNE))
