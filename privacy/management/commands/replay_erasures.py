from django.core.management.base import BaseCommand

from privacy import actions


class Command(BaseCommand):
    help = "After a restore: erase again the accounts that were erased since the backup was made."

    def handle(self, **options) -> None:
        self.stdout.write(f"{actions.replay_erasures()} account(s) erased again.")
