"""The development settings with mails sent to the bench's own server, and tasks in a queue of its own."""

from partenariat.settings.dev import *  # noqa: F403
from partenariat.settings.dev import env

DEBUG = False
OUTBOX_TRANSPORT = "notifications.transports.SmtpBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", env.int("BENCH_SMTP_PORT", default=0)
OUTBOX_RELAY_LOG = "bench.outbox.took"
# Nothing is settled while a worker may live: the bench does it at the end, when all are dead.
OUTBOX_STUCK_AFTER = 3_600
CELERY_TASK_DEFAULT_QUEUE = env("BENCH_QUEUE", default="bench")
