"""On a developer's machine, and for the demo of `make run`: nothing leaves the machine."""

from .base import *
from .base import BASE_DIR, DATABASES, env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = "only-for-this-machine-" + "0" * 40
ALLOWED_HOSTS = ["*"]
if not DATABASES:
    raise RuntimeError("No DATABASE_URL. Start with `make run`, `make shell` or `make test`, or set it.")

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / "var" / "mails"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
SHOW_COMPONENTS = True
DEMO_ALLOWED = True
