from django.core.management.base import BaseCommand, CommandError

from directory.fabricate import fabricate
from portal.demo import Demo


class Command(BaseCommand):
    help = "Fill the site with the demonstration: real public structures, invented people. Replayable."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--scale", type=int, default=0, help="then fabricate so many actors more, for the bench"
        )

    def handle(self, *args, **options) -> None:
        try:
            Demo(self.stdout.write).load()
        except PermissionError as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["scale"] > 0:
            fabricate(options["scale"], self.stdout.write)
