import time

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from territories.actions import load_official


class Command(BaseCommand):
    help = "Charge ou met à jour communes, intercommunalités, départements, régions et contours."

    def add_arguments(self, parser):
        parser.add_argument(
            "--departements", nargs="+", metavar="CODE", help="ne charger que ces départements (essais)"
        )

    def handle(self, *, departements, verbosity, **options):
        started = time.monotonic()
        counts = load_official(departements=departements, say=self.say if verbosity else lambda message: None)
        if verbosity:
            self.stdout.write(
                _("%(communes)d communes, %(epci)d intercommunalités, %(dep)d départements, %(reg)d régions.")
                % {
                    "communes": counts.get("com", 0),
                    "epci": counts.get("epci", 0),
                    "dep": counts.get("dep", 0),
                    "reg": counts.get("reg", 0),
                }
            )
            self.stdout.write(_("Fait en %(seconds).1f s.") % {"seconds": time.monotonic() - started})

    def say(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()
