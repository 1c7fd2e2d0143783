"""In production: refuses to start rather than run with a missing secret or an open door."""

from .base import *
from .base import DATABASES, REDIS_URL, env

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise RuntimeError("SECRET_KEY is too weak: 50 random characters at least.")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise RuntimeError("ALLOWED_HOSTS must name the hosts of this instance.")
if not DATABASES or not REDIS_URL:
    raise RuntimeError("DATABASE_URL and REDIS_URL are both needed.")
# Five seconds is for the web; migrations and workers are given more.
STATEMENT_TIMEOUT = env.int("STATEMENT_TIMEOUT_MS", default=5_000)
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "options": f"-c statement_timeout={STATEMENT_TIMEOUT} -c idle_in_transaction_session_timeout=10000",
}

CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
# Without it allauth sees one single client, the proxy, and locks everyone out together.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
mail = env.email_url("EMAIL_URL")
del mail["EMAIL_BACKEND"]  # mails go to the outbox, which has a transport of its own
vars().update(mail)
# Links in mails never come from the Host header, which anyone may forge.
SITE_URL = env("SITE_URL").rstrip("/")
if not SITE_URL.startswith("https://"):
    raise RuntimeError("SITE_URL is the https:// address of this instance.")
SHOW_COMPONENTS = False
