"""Production refuses to start rather than run with a missing secret or an open door."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

GOOD = {
    "SECRET_KEY": "k3y-" + "aB7_" * 15,
    "ALLOWED_HOSTS": "partenariat.example.org",
    "DATABASE_URL": "postgres://user:secret@db.example.org/partenariat",
    "REDIS_URL": "redis://cache.example.org/0",
    "SITE_URL": "https://partenariat.example.org",
    "EMAIL_URL": "smtp://localhost:25",
}
SHOWN = """
import json
from partenariat.settings import prod
shown = {name: getattr(prod, name) for name in dir(prod) if name.isupper()}
print(json.dumps(shown, default=lambda value: type(value).__name__))
"""


def start(**changes: str | None) -> subprocess.CompletedProcess:
    """Read the settings as production does, in an environment that has nothing else."""
    environment = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", SHOWN],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "a.example.org,*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
        ({"EMAIL_URL": None}, "EMAIL_URL"),
        ({"SITE_URL": None}, "SITE_URL"),
        ({"SITE_URL": "http://partenariat.example.org"}, "SITE_URL"),
    ],
    ids=lambda value: (
        value if isinstance(value, str) else "-".join(f"{k}={v}"[:30] for k, v in value.items())
    ),
)
def test_it_refuses_to_start(changes, reason):
    done = start(**changes)
    assert done.returncode != 0
    assert reason in done.stderr.splitlines()[-1]
    assert GOOD["SECRET_KEY"] not in done.stderr


def test_what_protects_is_on():
    done = start()
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    expected = {
        "DEBUG": False,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
        "DEMO_ALLOWED": False,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_AGE": 604_800,
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "LANGUAGE_COOKIE_SECURE": True,
        "CSRF_TRUSTED_ORIGINS": ["https://partenariat.example.org"],
        "SHOW_COMPONENTS": False,
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": True,
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "PASSWORD_RESET_TIMEOUT": 3_600,
        "EMAIL_BACKEND": "notifications.backend.OutboxBackend",
        "OUTBOX_TRANSPORT": "notifications.transports.SmtpBackend",
        "SECOND_FACTOR_COMPULSORY": True,
    }
    assert {name: shown.get(name) for name in expected} == expected
    assert shown.get("USE_X_FORWARDED_HOST", False) is False
    assert shown.get("SESSION_COOKIE_DOMAIN") is None
    assert shown["PASSWORD_HASHERS"][0].endswith("Argon2PasswordHasher")
    assert "unsafe" not in json.dumps(shown["CONTENT_SECURITY_POLICY"])
    options = shown["DATABASES"]["default"]["OPTIONS"]["options"].split("-c ")
    assert {"statement_timeout=5000", "idle_in_transaction_session_timeout=10000"} <= {
        o.strip() for o in options
    }
