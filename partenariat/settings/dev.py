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
host, port = env("HOST", default="localhost"), env("PORT", default="8000")
SITE_URL = env("SITE_URL", default=f"http://{'localhost' if host in ('0.0.0.0', '::') else host}:{port}")  # noqa: S104
# Without a mail server, mails stay on this machine and are read at /boite-aux-lettres/.
OUTBOX_MAILBOX = BASE_DIR / "var" / "mails"
if "EMAIL_URL" in env:
    mail = env.email_url("EMAIL_URL")
    del mail["EMAIL_BACKEND"]  # mails go to the outbox, which has a transport of its own
    vars().update(mail)
else:
    OUTBOX_TRANSPORT = "notifications.mailbox.MailboxBackend"
    OUTBOX_RELAY_LOG = "notifications.mailbox.took"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
SHOW_COMPONENTS = True
DEMO_ALLOWED = True
# The demonstration's accounts are tried in turn: they are told what a real site would ask of them.
SECOND_FACTOR_COMPULSORY = env.bool("SECOND_FACTOR_COMPULSORY", default=False)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
