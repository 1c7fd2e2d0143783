"""Who gets what at every address: `access.csv` says it by hand, the resolver says what it must cover."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.audience import Audience
from accounts.models import User
from contact.models import Conversation
from directory import actions
from directory.charter import load_charter
from directory.models import Actor, Duplicate, OldAddress, Structure
from moderation import actions as moderation
from notifications.dress import dressed
from notifications.letterhead import Letterhead
from notifications.mailbox import MailboxBackend, name_of
from notifications.stop import stop_path
from privacy import tokens
from privacy.actions import close_account
from privacy.models import DataExport
from tests import mails, makers
from tests.conftest import VIEWERS, make_viewer
from tests.rules.desk_world import desk_paths
from tests.rules.project_world import project_paths
from tests.rules.routes import routes

with (Path(__file__).parent / "access.csv").open(encoding="utf-8") as table:
    ROWS = list(csv.DictReader(table))

#: What anyone may read without an account. Adding one is a decision: it is made here.
OPEN = [
    "accessibility",
    "account_closed",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "actor",
    "actors",
    "actors_export",
    "admin:login",
    "charter",
    "closed_account",
    "components",
    "confirm_page",
    "health",
    "home",
    "invitation",
    "join_by_poster",
    "joining",
    "legal",
    "mailbox",
    "mailbox_html",
    "mailbox_mail",
    "map",
    "map_data",
    "map_embed",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "moderation_appeal",
    "moderation_confirm",
    "moderation_report",
    "moderation_report_follow_up",
    "national_callback",
    "national_login",
    "old_barometer",
    "old_directory",
    "old_member",
    "old_resource",
    "old_structure",
    "open_source",
    "privacy",
    "project",
    "projects",
    "projects_export",
    "register_of_data",
    "robots",
    "security_txt",
    "set_language",
    "site_plan",
    "socialaccount_login_cancelled",
    "socialaccount_signup",
    "stop_mails",
    "structure",
    "structures",
    "structures_export",
    "territories",
    "territory",
    "territory_contours",
    "territory_search",
]


def declared() -> set[str]:
    return {row["route"] for row in ROWS}


def test_every_address_is_declared_for_reading_and_writing():
    for method in ("GET", "POST"):
        said = {row["route"] for row in ROWS if row["method"] == method}
        forgotten = [route.key for route in routes() if route.key not in said and not route.is_inner_admin]
        assert forgotten == [], f"add rows to access.csv ({method})"


def test_nothing_else_is_declared():
    assert sorted(declared() - {route.key for route in routes()}) == []


def test_the_open_addresses_are_these():
    assert sorted(route.key for route in routes() if route.is_open) == OPEN


def build_world() -> tuple[dict[str, User | None], dict[tuple[str, str], str]]:
    users = {name: make_viewer(name) for name in VIEWERS}
    pages = {circle.name.lower(): makers.actor(audience=circle) for circle in Audience}
    pages["draft"] = makers.actor(published=False)
    pages["archived"] = makers.actor()
    actions.withdraw(pages["archived"])
    pages["submitted"] = makers.actor(published=False)
    moderation.submit(pages["submitted"], by=pages["submitted"].user)
    pages["own draft of the member"] = makers.actor(user=users["member"], published=False)
    structures = {
        "published": makers.structure(),
        "draft": makers.structure(published=False),
        "archived": makers.structure(),
        "draft kept by the referent": makers.structure(published=False, referents=[users["referent"]]),
    }
    actions.withdraw(structures["archived"])
    users["ambassador"].ambassador_of.add(makers.commune())
    letters = {"to the member": _letter_to(users["member"]), "to others": makers.conversation()}
    structures["with a referent"] = makers.structure(referents=[users["referent"]])
    letters["to a structure of the referent"] = makers.conversation(to=structures["with a referent"])
    block = accounts.block(blocker=users["member"], blocked=makers.user())
    paths = {("actor", state): page.get_absolute_url() for state, page in pages.items()}
    for state, letter in letters.items():
        for route in ("", "_read", "_decline", "_address", "_block", "_report"):
            name = f"conversation{route}"
            paths[name, state] = reverse(name, args=[letter.public_id])
    for route in ("write_to_actor", "block_actor"):
        paths |= {(route, state): reverse(route, args=[page.slug]) for state, page in pages.items()}
    paths |= {
        ("write_to_structure", state): reverse("write_to_structure", args=[page.slug])
        for state, page in structures.items()
    }
    paths["unblock", "made by the member"] = reverse("unblock", args=[block.pk])
    paths |= {("structure", state): page.get_absolute_url() for state, page in structures.items()}
    paths |= around_structures(structures, users, pages["own draft of the member"])
    paths |= {
        ("actor", "unknown"): "/acteurs/personne/",
        ("structure", "unknown"): "/structures/aucune/",
        ("territory", "known"): "/territoires/dep-09/",
        ("territory", "unknown"): "/territoires/dep-9999/",
        ("map_data", "invalid"): reverse("map_data") + "?bbox=nowhere",
        ("actors", "invalid"): reverse("actors") + "?theme=inconnu",
        ("actors_export", "invalid"): reverse("actors_export") + "?theme=inconnu",
        ("territory_contours", "dep"): "/territoires/contours/dep.geojson",
        ("territory_contours", "unknown"): "/territoires/contours/lune.geojson",
        ("stop_mails", "known"): stop_path(mails.told(mails.reader("at_once")).message),
        ("outbox_settle", "stuck"): reverse("outbox_settle", args=[mails.stuck().pk]),
        ("outbox_settle", "unknown"): reverse("outbox_settle", args=[0]),
        ("outbox_retry", "failed"): reverse("outbox_retry", args=[mails.failed().pk]),
        ("outbox_retry", "unknown"): reverse("outbox_retry", args=[0]),
        ("mailbox_mail", "known"): reverse("mailbox_mail", args=[kept_mail()]),
        ("mailbox_mail", "unknown"): reverse("mailbox_mail", args=["0" * 40]),
        ("mailbox_html", "known"): reverse("mailbox_html", args=[kept_mail()]),
        ("mailbox_html", "unknown"): reverse("mailbox_html", args=["0" * 40]),
        ("stop_mails", "unknown"): "/messages/arreter/inconnu/",
        ("national_login", "unknown"): "/compte/identite/psc/",
        ("national_callback", "unknown"): "/compte/identite/psc/retour/",
        ("mfa_edit_webauthn", "unknown"): "/compte/securite/webauthn/keys/1/edit/",
        ("mfa_remove_webauthn", "unknown"): "/compte/securite/webauthn/keys/1/remove/",
        ("account_reset_password_from_key", "unknown"): "/compte/password/reset/key/1-inconnu/",
    }
    paths |= desk_paths(pages["submitted"]) | project_paths(users["member"])
    return users, paths | own_data(users["member"]) | joining(users, structures["draft kept by the referent"])


def own_data(member: User) -> dict[tuple[str, str], str]:
    """A copy of the member's data that is ready, and the link that keeps someone's closed account."""
    copy = DataExport.objects.create(
        user=member, state="ready", ready_at=timezone.now(), file=ContentFile(b"copy", "copy.zip")
    )
    closure = close_account(makers.user())
    return {
        ("data_export", "the member's"): reverse("data_export", args=[copy.pk]),
        ("data_export", "unknown"): reverse("data_export", args=["7" * 8 + "-7777-4777-8777-" + "7" * 12]),
        ("closed_account", "known"): reverse("closed_account", args=[tokens.of_closure(closure)]),
        ("closed_account", "unknown"): reverse("closed_account", args=["unknown"]),
    }


BY_LINK = ("invitation", "confirm_page", "join_by_poster")


def joining(users: dict[str, User | None], kept: Structure) -> dict[tuple[str, str], str]:
    """What each does with a page of one's own; the charter comes into force once the world is made."""
    load_charter()
    poster = actions.make_poster("Hall", by=users["team"])
    known = {
        "joining_step": "qui-je-suis",
        "my_page_topic": "parcours",
        "see_as": "membre",
        "my_page_deed": "pause",
        "consent": "store",
    }
    return {
        ("joining_step", "charter"): reverse("joining_step", args=["charte"]),
        **{(route, "known"): reverse(route, args=[slug]) for route, slug in known.items()},
        ("invitation", "known"): reverse("invitation", args=[makers.invitation()]),
        ("confirm_page", "known"): reverse("confirm_page", args=[makers.entered_page()]),
        ("join_by_poster", "known"): poster.get_absolute_url(),
        ("poster_pdf", "known"): reverse("poster_pdf", args=[poster.code]),
        ("invite_for_structure", "known"): reverse("invite_for_structure", args=[kept.slug]),
        **{(route, "unknown"): reverse(route, args=["inconnu"]) for route in (*known, *BY_LINK)},
    }


def kept_mail() -> str:
    """A mail in the mailbox of the demonstration."""
    message = mails.queued()[0]
    MailboxBackend().send_messages([dressed(message, Letterhead())])
    return name_of(message.message_id)


@pytest.fixture(autouse=True)
def _own_mailbox(settings, tmp_path):
    settings.OUTBOX_MAILBOX = tmp_path


def _letter_to(user: User) -> Conversation:
    """A letter to someone whatever her page."""
    asker = makers.member()
    made = Conversation.objects.create(asker=asker, recipient=user)
    made.letters.create(author=asker, text="Bonjour")
    return made


def around_structures(
    structures: dict[str, Structure], users: dict[str, User | None], page: Actor
) -> dict[tuple[str, str], str]:
    """What is asked, proposed and answered around structures."""
    another = makers.user()
    kept = makers.structure(referents=[users["referent"], another])
    claimed = makers.structure()
    actions.claim_structure(claimed, by=users["member"], function="Bénévole", proof="Le site nous nomme.")
    invitation = actions.invite_referent(kept, by=another, user=users["member"])
    proposal = actions.propose_member(kept, page, by=another)
    tie = actions.join_structure(page, structures["published"])
    states = {
        name: one for name, one in structures.items() if name in ("published", "draft kept by the referent")
    }
    about = ("edit", "change", "claim", "drop_claim", "referents", "step_down", "members", "join")
    return (
        {
            (f"structure_{what}", state): reverse(f"structure_{what}", args=[one.slug])
            for what in about
            for state, one in states.items()
        }
        | {
            ("structure_edit", "unknown"): reverse("structure_edit", args=["aucune"]),
            ("structure_drop_claim", "claimed by the member"): reverse(
                "structure_drop_claim", args=[claimed.slug]
            ),
            ("structure_remove_referent", "another"): reverse(
                "structure_remove_referent", args=[kept.slug, another.pk]
            ),
            ("structure_cancel_invitation", "to the member"): reverse(
                "structure_cancel_invitation", args=[kept.slug, invitation.pk]
            ),
            ("referent_invitation", "to the member"): reverse("referent_invitation", args=[invitation.pk]),
            ("structure_proposal", "to the member"): reverse("structure_proposal", args=[proposal.pk]),
            ("structure_member", "of the member"): reverse("structure_member", args=[tie.pk]),
        }
        | pairs_and_old_addresses(structures["published"])
    )


def pairs_and_old_addresses(structure: Structure) -> dict[tuple[str, str], str]:
    twins = [makers.structure(name="Maison des voix") for _ in range(2)]
    pair = Duplicate.objects.get(second=twins[1])
    for name, circle in (("membres", Audience.MEMBERS), ("personne", Audience.ME)):
        OldAddress.objects.create(path=f"/membres/{name}/", target=makers.actor(audience=circle))
    OldAddress.objects.create(path="/structure/maison/", target=structure)
    return {
        ("structure_merge", "a pair"): reverse("structure_merge", args=[pair.pk]),
        ("structure_merge", "unknown"): reverse("structure_merge", args=[0]),
        ("old_member", "of a page for members"): "/membres/membres/",
        ("old_member", "of a page for nobody"): "/membres/personne/",
        ("old_member", "unknown"): "/membres/inconnue/",
        ("old_structure", "known"): "/structure/maison/",
        ("old_structure", "unknown"): "/structure/inconnue/",
        ("old_resource", "unknown"): "/ressources/inconnue/",
    }


def sign_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def _a_worker_is_up():
    from portal.tasks import record_heartbeat

    record_heartbeat()


def code(client: Client, row: dict[str, str], paths: dict[tuple[str, str], str]) -> int:
    path = paths[row["route"], row["sample"]] if row["sample"] else reverse(row["route"])
    return client.generic(row["method"], path).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("viewer", VIEWERS)
def test_access(viewer):
    users, paths = build_world()
    client = sign_in(users[viewer])
    found, expected = {}, {}
    for row in ROWS:
        if row["route"].endswith("logout"):
            client = sign_in(users[viewer])
        key = f"{row['method']} {row['route']} {row['sample']}".strip()
        found[key], expected[key] = code(client, row, paths), int(row[viewer])
        if row["route"].endswith("logout"):
            client = sign_in(users[viewer])
    assert {key: value for key, value in found.items() if value != expected[key]} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name != "admin"])
def test_the_administration_is_closed(viewer):
    """One rule for every page behind its door: whoever is not staff is sent to the door."""
    client = sign_in(make_viewer(viewer))
    inner = [route for route in routes() if route.is_inner_admin and route.key not in declared()]
    assert len(inner) > 20
    answers = set()
    for route in inner:
        for method in ("GET", "POST"):
            response = client.generic(method, route.example)
            answers.add((response.status_code, response.headers.get("Location", "").split("?")[0]))
    assert answers <= {(302, "/gestion/login/"), (302, "/compte/login/")}


@pytest.mark.django_db
def test_staff_without_permission_reads_nothing_in_the_administration():
    clerk = User.objects.create_user("clerk@example.org", is_staff=True)
    client = sign_in(clerk)
    pages = [
        route.key
        for route in routes()
        if route.key.startswith("admin:") and route.key.endswith(("_changelist", "_add"))
    ]
    codes = {page: client.get(reverse(page)).status_code for page in pages}
    assert {page: code for page, code in codes.items() if code != 403} == {}
