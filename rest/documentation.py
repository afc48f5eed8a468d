"""The schema, and a page to read and try it; both are open to everybody."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.request import Request
from rest_framework.response import Response

from rest.limits import ByAddress

KEPT = 60  # seconds: making it takes one, and staff may add a kind of message meanwhile


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1, as YAML or as JSON."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (ByAddress,)

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Its languages and versions are left out: we have one of each."""
        return Response(_schema(int(time.monotonic() / KEPT)))


class DocsView(SpectacularSwaggerView):
    """Swagger UI, all of it served by us."""

    http_method_names = ("get", "head")  # asked for its options, it would look for a page to tell them on
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (ByAddress,)


@lru_cache(maxsize=1)
def _schema(_: int) -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)
