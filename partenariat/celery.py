"""The Celery application: `celery -A partenariat worker`, `celery -A partenariat beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partenariat.settings.prod")

app = Celery("partenariat")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
