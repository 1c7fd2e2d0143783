# Partenariat in production: one image for web, worker, beat and migrations. Settings come from the environment.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
COPY requirements/prod.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/requirements.txt
COPY . /app
WORKDIR /app
RUN /opt/venv/bin/python manage.py collectstatic --noinput --settings partenariat.settings.build \
 && /opt/venv/bin/python -m compileall -q /app

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=partenariat.settings.prod
RUN groupadd --system --gid 10001 partenariat \
 && useradd --system --uid 10001 --gid partenariat --home-dir /tmp --shell /usr/sbin/nologin partenariat \
 && install --directory --owner partenariat --group partenariat --mode 700 /data/media
# Owned by root: the process that answers requests cannot change its own code.
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s CMD ["python", "deploy/healthcheck.py"]
# One index in memory for each worker process: more threads first, more processes when the cores are there.
CMD ["sh", "-c", "exec gunicorn partenariat.wsgi --bind 0.0.0.0:8000 --worker-class gthread --workers ${WEB_WORKERS:-2} --threads ${WEB_THREADS:-4} --worker-tmp-dir /dev/shm --no-control-socket --timeout 30 --graceful-timeout 20 --log-level warning"]
