"""PATCH: change a row that nobody else changes meanwhile."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from rest.errors import Conflict


class Changed:
    """For a `rest.rows.Rows` view that makes rows too: the row is locked from the checks until it is saved."""

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        return rows.select_for_update(of=("self",)) if self.action == "partial_update" else rows

    def partial_update(self, request: Request, **_: Any) -> Response:
        try:
            row = self._changed(lambda serializer: serializer.save())
        except IntegrityError as error:
            # Somebody else took the number or the name: now the checks see their row, and name the field.
            self._changed(lambda serializer: None)
            raise Conflict from error
        return Response(self._said(row.pk))

    @transaction.atomic
    def _changed(self, keep: Callable[[Any], Any]) -> Model:
        row = self.get_object()
        serializer = self.get_serializer(row, data=self.request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        keep(serializer)
        return row
