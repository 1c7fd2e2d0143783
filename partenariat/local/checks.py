"""`make check`: everything that can be said of the code without running the tests."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

from .services import ROOT

#: Enough of a production environment for Django to judge its settings.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "partenariat.settings.prod",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "partenariat.example.org",
    "SITE_URL": "https://partenariat.example.org",
    "EMAIL_URL": "smtp://localhost:25",
}


def main() -> int:
    """Run every check, whatever the others say. Returns an exit status."""
    bin_dir = Path(sys.executable).parent
    templates = subprocess.run(
        ["git", "ls-files", "*.html"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    steps = {
        "Python style": [bin_dir / "ruff", "check", "."],
        "Python format": [bin_dir / "ruff", "format", "--check", "."],
        "Template style": [bin_dir / "djade", "--check", "--target-version", "5.2", *templates],
        "Migrations up to date": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    }
    failed = [name for name, command in steps.items() if not _passes(name, command)]
    deployment = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    if not _passes("Deployment settings", deployment, PRODUCTION):
        failed.append("Deployment settings")
    if not _catalogue_is_current():
        failed.append("English catalogue")
    print(f"\n{'All checks passed.' if not failed else 'Failed: ' + ', '.join(failed)}")
    return 1 if failed else 0


def _passes(name: str, command: list, env: dict[str, str] | None = None) -> bool:
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    print(f"{'✓' if done.returncode == 0 else '✗'} {name}", flush=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def _catalogue_is_current() -> bool:
    """Whether every text of the code is in the English catalogue (its words are tested elsewhere)."""
    if not shutil.which("xgettext"):
        print("✗ English catalogue: gettext is needed to collect the texts (apt-get install gettext)")
        return False
    catalogue = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
    with tempfile.TemporaryDirectory() as kept:
        shutil.copy(catalogue, kept)
        before = {
            (entry.msgctxt, entry.msgid) for entry in polib.pofile(str(catalogue)) if not entry.obsolete
        }
        subprocess.run(
            [
                *(
                    sys.executable,
                    "manage.py",
                    "makemessages",
                    "--locale",
                    "en",
                    "--no-location",
                    "--no-obsolete",
                ),
                *("--ignore", ".venv/*", "--ignore", "tests/*", "--ignore", "var/*", "--verbosity", "0"),
            ],
            cwd=ROOT,
            check=True,
        )
        after = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(catalogue)) if not entry.obsolete}
        shutil.copy(Path(kept) / "django.po", catalogue)
    missing, surplus = sorted(map(str, after - before)), sorted(map(str, before - after))
    print(f"{'✓' if not missing and not surplus else '✗'} English catalogue", flush=True)
    for name, texts in (("not collected", missing), ("no longer used", surplus)):
        if texts:
            print(f"  {name}: run `make messages`\n    " + "\n    ".join(texts[:20]))
    return not missing and not surplus


if __name__ == "__main__":
    sys.exit(main())
