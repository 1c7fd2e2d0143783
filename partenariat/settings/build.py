"""For the steps that need no database: collecting static files and translations."""

from .base import *
from .base import env

DEBUG = False
SECRET_KEY = "only-to-build-" + "0" * 40
DATABASES = {"default": env.db_url_config("postgres:///unused")}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SHOW_COMPONENTS = False
SITE_URL = "https://localhost"
