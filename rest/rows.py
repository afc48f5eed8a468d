"""What every list of business rows does alike: whose rows, pages, filters, and making one safely."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins, serializers, status
from rest_framework.filters import SearchFilter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from rest.access import Access, may
from rest.errors import Conflict
from rest.idempotency import Key
from rest.pages import Pages

NONE = Q(pk__in=())  # no row at all; Django asks the database nothing for it


MOST_SEARCHED = 100  # characters


class Search(SearchFilter):
    """`?search=`, where the view says in which fields."""

    def get_search_terms(self, request: Request) -> list[str]:
        field = serializers.CharField(max_length=MOST_SEARCHED, allow_blank=True)
        try:
            field.run_validation(request.query_params.get(self.search_param, ""))
        except serializers.ValidationError as error:
            raise serializers.ValidationError({self.search_param: error.detail}) from error
        return list(super().get_search_terms(request))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return super().get_schema_operation_parameters(view) if getattr(view, "search_fields", ()) else []


class Rows(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    """Rows to be read: all of them for staff who may view them, their own for anybody else signed in.

    A view says `queryset`, `serializer_class`, `orderings`, and `owned_by(user)`; `filterset_class` and
    `search_fields` where a user would look for them; where rows are worked by people who are not staff,
    `worked_by(user)`, and in `workers_may` the actions they may do to those.
    """

    permission_classes = (Access,)
    pagination_class = Pages
    filter_backends = (DjangoFilterBackend, Search)
    lookup_value_regex = "[0-9]{1,18}"
    orderings: tuple[str, ...] = ("-id", "id")
    workers_may: frozenset[str] = frozenset()

    @property
    def model(self) -> type[Model]:
        rows: Any = self.queryset  # type: ignore[arg-type]  # the stub takes it for a manager
        model: type[Model] = rows.model
        return model

    def owned_by(self, user: Any) -> Q:
        """Which rows are this user's own."""
        raise NotImplementedError

    def worked_by(self, user: Any) -> Q:
        """Which rows are this user's work, though they are not staff: they see these, and do `workers_may`."""
        return NONE

    def has_work(self, user: Any) -> bool:
        """Whether there is anything that could be this user's work."""
        return self.worked_by(user) != NONE

    def to_work(self) -> QuerySet:
        """The rows of which whoever asks may do many at once: all for staff with the permission, else their work."""
        rows, user = super().get_queryset(), self.request.user
        return rows if may(user, "change", self.model) else rows.filter(self.worked_by(user))

    def theirs(self) -> QuerySet:
        """The rows of whoever asks: their own, and their work."""
        user = self.request.user
        return super().get_queryset().filter(self.owned_by(user) | self.worked_by(user))

    def works(self, row: Model) -> bool:
        """Whether this row is the work of whoever asks."""
        return self.model._default_manager.filter(self.worked_by(self.request.user), pk=row.pk).exists()

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False) or may(self.request.user, "view", self.model):
            return super().get_queryset()
        return self.theirs()

    def done_once(self, act: Callable[[Any], Any]) -> Response:
        """The row of the address, as it is after `act` was done to it; with an `Idempotency-Key`, once."""
        row = self.get_object()
        Key(self.request).once(lambda: act(row).pk)
        return Response(self._said(row.pk))

    def _said(self, pk: int) -> Any:
        """The row as it is now, also for who may add and not view."""
        row = GenericViewSet.get_queryset(self).filter(pk=pk).first()
        if row is None:
            raise Http404
        return self.get_serializer(row).data


class MadeOnce(mixins.CreateModelMixin, Rows):
    """POST makes a row; with an `Idempotency-Key`, once."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self._said(self._made(request)), status=status.HTTP_201_CREATED)

    def _made(self, request: Request) -> int:
        try:
            return int(Key(request).once(self._make))
        except IntegrityError as error:
            # Somebody was faster: now the checks see their row, and name the field.
            with transaction.atomic():
                self._checked()
            raise Conflict from error

    def _make(self) -> int:
        return int(self._checked().save().pk)

    def _checked(self) -> Any:
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer


class Changed(MadeOnce):
    """PATCH changes a row as well; it is locked from the checks until it is saved."""

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
