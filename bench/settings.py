"""The development settings with the reference page beside the project's own, and nothing of debugging."""

from pathlib import Path

from partenariat.settings.dev import *  # noqa: F403
from partenariat.settings.dev import TEMPLATES

DEBUG = False
WHITENOISE_AUTOREFRESH = False
ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
