"""For the test runs: strict where production forgives, so that a mistake is seen at once."""

import os
from urllib.parse import urlsplit

from .base import *
from .base import BASE_DIR, CACHES, DATABASES, REDIS_URL, TEMPLATES

DEBUG = False
SECRET_KEY = "only-for-tests-" + "0" * 40
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
if not DATABASES:
    raise RuntimeError("No DATABASE_URL. Run the tests with `make test`, or set it.")
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Tests run in several processes: each has a database of its own in Redis, as pytest-django gives it one in
# PostgreSQL: the one that was given, and those that follow. They empty it between tests.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_given = urlsplit(REDIS_URL)
REDIS_URL = _given._replace(path=f"/{int(_given.path.strip('/') or 0) + WORKER}").geturl()
CACHES["default"]["LOCATION"] = CELERY_BROKER_URL = REDIS_URL

# An undefined variable is a bug in a template, not an empty string.
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests" / "templates")
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "⟦undefined: %s⟧"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
OUTBOX_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
OUTBOX_MAILBOX = BASE_DIR / "var" / f"test-mails-{WORKER}"
SITE_URL = "https://partenariat.example.org"
CACHES["default"]["KEY_PREFIX"] = "test"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
SHOW_COMPONENTS = True
DEMO_ALLOWED = True
# Tests of the second factor turn it on, and try every address with it; the others speak of other things.
SECOND_FACTOR_COMPULSORY = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
