from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from accounts.models import User
from directory.charter import load_charter
from directory.taxonomies import load_taxonomies
from moderation.answers import load_answers
from portal.demo import ACCOUNTS, PASSWORD
from portal.models import Instance
from portal.team import team_group
from territories.models import Territory


class Command(BaseCommand):
    help = "Migrate, then load what is missing: territories, vocabularies, and on an empty site the demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", type=Path, help="file that gets the demo accounts, in words")

    def handle(self, *args, **options) -> None:
        call_command("migrate", verbosity=0)
        if not Territory.objects.exists():
            call_command("load_territories", stdout=self.stdout)
        self.stdout.write(f"  {load_taxonomies()} termes dans les vocabulaires")
        self.stdout.write(f"  {load_answers()} réponses prêtes pour la modération")
        load_charter()
        team_group()
        if settings.DEMO_ALLOWED and not User.objects.exists():
            call_command("demo", stdout=self.stdout)
        if options["accounts"]:
            options["accounts"].write_text(self._accounts(), encoding="utf-8")

    @staticmethod
    def _accounts() -> str:
        """The demo accounts in words; nothing on a real site."""
        if not Instance.current().is_demo:
            return ""
        lines = [f"    {label:<38} {email}" for label, email in ACCOUNTS.values()]
        return "\n".join(
            ["  Comptes de démonstration :", *lines, f"    Mot de passe de tous : {PASSWORD}", ""]
        )
