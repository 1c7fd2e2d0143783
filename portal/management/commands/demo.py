from django.core.management.base import BaseCommand, CommandError

from portal.demo import Demo


class Command(BaseCommand):
    help = "Fill the site with the demonstration: real public structures, invented people. Replayable."

    def handle(self, *args, **options) -> None:
        try:
            Demo(self.stdout.write).load()
        except PermissionError as refusal:
            raise CommandError(str(refusal)) from refusal
