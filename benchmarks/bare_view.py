"""The other side of row 11: Django with nothing in it but a view that does one INSERT."""

import os

import django
import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

TABLE = "CREATE TABLE IF NOT EXISTS bench_bare (id bigserial PRIMARY KEY, body text, at timestamptz DEFAULT now())"

if not settings.configured:
    database = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {**database, "CONN_MAX_AGE": 600}},
        ROOT_URLCONF=__name__,
        SECRET_KEY="for the bench only",  # noqa: S106
    )
    django.setup()


def keep(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_bare (body) VALUES (%s)", [request.body.decode()])
    answer = JsonResponse({"status": "ok"})
    answer["Content-Length"] = str(len(answer.content))  # else the server sends it in chunks
    return answer


urlpatterns = [path("keep", keep)]
application = get_wsgi_application()
