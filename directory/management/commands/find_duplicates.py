from django.core.management.base import BaseCommand

from directory import actions


class Command(BaseCommand):
    help = "Compare all structures, and put before the team the pairs that may be one. Safe to run twice."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{actions.look_for_duplicates()} new pairs")
