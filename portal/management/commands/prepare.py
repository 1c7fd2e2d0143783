from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import User
from directory.taxonomies import load_taxonomies
from territories.models import Territory


class Command(BaseCommand):
    help = "Load what an instance stands on, where it is missing: territories, vocabularies, and the demo."

    def handle(self, *args, **options) -> None:
        if not Territory.objects.exists():
            call_command("load_territories", stdout=self.stdout)
        self.stdout.write(f"  {load_taxonomies()} termes dans les vocabulaires")
        if not User.objects.exists():
            call_command("demo", stdout=self.stdout)
