"""What is true everywhere. What differs is in dev, test and prod beside this file."""

from email.utils import parseaddr
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

INSTALLED_APPS = [
    "portal",
    "projects",
    "contact",
    "directory",
    "moderation",
    "privacy",
    "notifications",
    "accounts",
    "territories",
    "core",
    "partenariat.apps.LeafletWithoutGdalConfig",
    "partenariat.apps.PartenariatAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "csp",
    # Their automatic template settings overwrite each other: both are wired by hand in TEMPLATES.
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "leaflet",
]

MIDDLEWARE = [
    # What adds headers comes first, so that every answer has them, refusals and files included.
    "core.middleware.SecurityHeaders",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.RefuseMalformedInput",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionsEnd",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.SayWhatOnlyTakesForms",
    "core.middleware.PrivatePagesStayPrivate",
]

ROOT_URLCONF = "partenariat.urls"
WSGI_APPLICATION = "partenariat.wsgi.application"

TEMPLATE_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.context.instance",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
COTTON_DIR = "components"

# Database ---------------------------------------------------------------------------------------------
# One PostgreSQL, everywhere. `make run` and `make test` start an embedded one and set DATABASE_URL.
if "DATABASE_URL" in env:
    DATABASES = {"default": env.db("DATABASE_URL")}
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
else:
    DATABASES = {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cache and tasks --------------------------------------------------------------------------------------
REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "core.cache.make_key",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE = {
    "forget-old-changes": {"task": "directory.tasks.forget_old_changes", "schedule": 3600.0},
    "look-for-duplicates": {
        "task": "directory.tasks.look_for_duplicates",
        "schedule": crontab(hour=3, minute=20),
    },
    "digests": {"task": "notifications.tasks.build_digests", "schedule": crontab(hour=7, minute=0)},
    "apply-terms": {"task": "privacy.tasks.apply_terms", "schedule": 3600.0},
    "sweep-outbox": {"task": "notifications.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "advance-freshness": {
        "task": "moderation.tasks.advance_freshness",
        "schedule": crontab(hour=7, minute=10),
    },
    "lift-suspensions": {"task": "moderation.tasks.lift_suspensions", "schedule": 300.0},
    "worker-heartbeat": {
        "task": "portal.tasks.record_heartbeat",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
}

# Language, time ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("français")), ("en", _("anglais"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

# People -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_space"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmCodeForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmAddressForm",
    "add_email": "accounts.forms.ChangeAddressForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
# A code by mail at each visit, or a password: whoever registers chooses.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_REDIRECT_URL = "/referencement/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.adapter.user_display"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6}
ACCOUNT_EMAIL_NOTIFICATIONS = True
# A stranger learns nothing, and one mail leaves in either case: to its owner alone it says which it is.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
# By account first: hospitals and associations share one IP address among many people. What sends a mail
# is counted in accounts/limits.py, all doors together; allauth's own counts of these are off.
ACCOUNT_RATE_LIMITS = {
    "login": "20/m/ip,100/h/ip",
    "login_failed": "5/15m/key,20/m/ip",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "signup": "",
    "request_login_code": "",
    "reset_password": "",
    "confirm_email": "",
    "report": "20/d/user",
    "report_without_account": "20/d/ip",
}
# Pro Santé Connect and FranceConnect: each is there once its three variables are (see docs/operations.md).
NATIONAL_IDENTITIES = [
    {
        "provider_id": name.lower(),
        "name": label,
        "client_id": env(f"{name}_CLIENT_ID"),
        "secret": env(f"{name}_CLIENT_SECRET"),
        "settings": {
            "server_url": env(f"{name}_DISCOVERY_URL"),
            "scope": scope,
            "auth_params": {"acr_values": "eidas1"},
        },
    }
    for name, label, scope in [
        ("PSC", "Pro Santé Connect", ["openid", "scope_all"]),
        ("FRANCECONNECT", "FranceConnect", ["openid", "email"]),
    ]
    if env(f"{name}_CLIENT_ID", default="")
]
SOCIALACCOUNT_PROVIDERS = {"national": {"APPS": NATIONAL_IDENTITIES}}
SOCIALACCOUNT_ADAPTER = "accounts.national.NationalIdentityAdapter"
SOCIALACCOUNT_FORMS = {
    "signup": "accounts.forms.NationalSignupForm",
    "disconnect": "accounts.forms.DisconnectForm",
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
#: Where the button sends people: a form may lead nowhere else.
NATIONAL_ORIGINS = env.list("NATIONAL_ORIGINS", default=[])
# Whoever reads or changes what belongs to others confirms each sign-in. Only a demonstration forgives it.
SECOND_FACTOR_COMPULSORY = True
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ConfirmWithFactorForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "authenticate_webauthn": "accounts.forms.AuthenticateKeyForm",
    "login_webauthn": "accounts.forms.LoginKeyForm",
    "reauthenticate_webauthn": "accounts.forms.ConfirmWithKeyForm",
    "add_webauthn": "accounts.forms.AddKeyForm",
    "edit_webauthn": "accounts.forms.RenameKeyForm",
}
#: Mails that people who are not signed in may cause from one place, in a day: more for a shared hospital.
MAILS_FROM_ONE_PLACE = env.int("MAILS_FROM_ONE_PLACE", default=20)

# Mails: every one is a row of the outbox, sent by a worker through the transport ------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL", default="partenariat@example.org")
EMAIL_BACKEND = "notifications.backend.OutboxBackend"
EMAIL_TIMEOUT = 30
#: Over SMTP, it knows whether a connection that breaks leaves a doubt.
OUTBOX_TRANSPORT = "notifications.transports.SmtpBackend"
#: The right-hand side of Message-ID. Changing it makes what is on its way unknown to the relay's log.
OUTBOX_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
#: Seconds after which what a worker took is looked for in the relay's log. Longer than a task may last.
OUTBOX_STUCK_AFTER = 900
#: Dotted path of a callable that says whether the relay took a Message-ID: True, False, or None (unknown).
OUTBOX_RELAY_LOG = env("OUTBOX_RELAY_LOG", default="")

# Sessions, cookies ------------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# What a page may load: nothing but ourselves, nothing inline --------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
MAP_TILE_URL = env("MAP_TILE_URL", default="")
MAP_TILE_ATTRIBUTION = env("MAP_TILE_ATTRIBUTION", default="")
MAP_TILE_ORIGIN = env("MAP_TILE_ORIGIN", default="")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, "'strict-dynamic'"],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", *([MAP_TILE_ORIGIN] if MAP_TILE_ORIGIN else [])],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *NATIONAL_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# The demonstration, with its known passwords, is for a developer's machine only.
DEMO_ALLOWED = False

# Files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
# No file has an address: a view gives each to whom it is for. Web processes and workers share this folder.
MEDIA_ROOT = env("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

LEAFLET_CONFIG = {"RESET_VIEW": False, "NO_GLOBALS": False, "PLUGINS": {}}

# Logs: no mail address, no query, no cookie ever goes through our own loggers ---------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # What was not found is no trouble, and its path may hold someone's name or a token.
    "loggers": {"django.request": {"level": "ERROR"}},
}
