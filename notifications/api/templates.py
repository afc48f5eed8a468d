"""`templates`: the texts, which staff own."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications import registry
from notifications.api import drafting, new_template, text, trail
from notifications.api.access import MayWrite
from notifications.models import MessageTemplate
from notifications.models.kind import CODE
from notifications.templating import LONGEST
from rest import pages
from rest.errors import Errors
from rest.fields import Choice, Flag, Text
from rest.idempotency import PARAMETER, Key
from rest.pages import MOST, Order, PageQuery

BY_TYPE = Order("kind")
_PATH = OpenApiParameter(
    "type",
    {"type": "string", "pattern": f"^{CODE.pattern}$"},
    OpenApiParameter.PATH,
    description="The type, for example `order_confirmation`.",
)
NEW_WORDS = [
    OpenApiExample("New words", {"content": "Order #{{order_id}} is confirmed."}, request_only=True),
    OpenApiExample("Switch it off", {"active": False}, request_only=True),
]


class TemplateQuery(PageQuery):
    """Which texts."""

    limit = serializers.IntegerField(default=MOST, min_value=1, max_value=MOST, help_text="Rows per page.")
    type = serializers.CharField(required=False, max_length=64)
    language = Choice(registry.LANGUAGES, required=False)
    active = serializers.BooleanField(required=False, help_text="Switched on, or off.")

    def validate_type(self, code: str) -> str:
        return drafting.kind_of(code)


class LanguageQuery(serializers.Serializer):
    language = Choice(registry.LANGUAGES, default="en")


class TemplateChange(serializers.Serializer):
    """New words, or on or off, or both."""

    content = Text(required=False, max_length=LONGEST, trim_whitespace=False, help_text="With {{variables}}.")
    active = Flag(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("Give `content`, `active`, or both.")
        return attrs


class Templates(APIView):
    """All texts."""

    permission_classes = (MayWrite,)

    @extend_schema(
        operation_id="templates",
        summary="The texts",
        parameters=[TemplateQuery],
        responses={200: OpenApiResponse(text.TemplatePage, "By type.", examples=text.ALL)},
    )
    def get(self, request: Request) -> Response:
        """Every kind in every language there is."""
        asked = TemplateQuery(data=pages.given(request))
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        cursor = pages.read_cursor(wanted.get("cursor"), BY_TYPE, MessageTemplate)
        found = pages.page([_filtered(wanted)], BY_TYPE, cursor, wanted["skip"], wanted["limit"])
        return pages.answer(request, found, [text.shown(row) for row in found.rows])

    @extend_schema(
        operation_id="add_template",
        summary="Add a language, or a kind of message",
        request=new_template.NewTemplate,
        parameters=[PARAMETER],
        responses={
            201: OpenApiResponse(text.Template, "It is there.", examples=text.ONE),
            409: OpenApiResponse(Errors, "This kind has a text in this language: change that one."),
        },
        examples=new_template.EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        """A `type` that exists gets its text in another language. A new one becomes a kind of message: give its
        `category` and its `variables` too.

        A text that cannot be rendered is refused, with the line and the reason.
        """
        made = Key(request).once(lambda: new_template.add(request.data, request.user))
        row = _texts().filter(pk=made).first()
        if row is None:
            raise NotFound("The text is gone.")
        return Response(text.shown(row), status=201)


class OneTemplate(APIView):
    """One text."""

    permission_classes = (MayWrite,)

    @extend_schema(
        operation_id="template",
        summary="One text",
        parameters=[_PATH, LanguageQuery],
        responses={200: OpenApiResponse(text.Template, "The text.", examples=text.ONE)},
    )
    def get(self, request: Request, type: str) -> Response:
        """Where the kind has no text in this language, the 404 says in which it has."""
        return Response(text.shown(_one(_texts(), type, _language(request))))

    @extend_schema(
        operation_id="change_template",
        summary="Change a text, or switch it on or off",
        parameters=[_PATH, LanguageQuery],
        request=TemplateChange,
        responses={200: OpenApiResponse(text.Template, "As it is now.", examples=text.ONE)},
        examples=NEW_WORDS,
    )
    def put(self, request: Request, type: str) -> Response:
        """A changed text is the next version; the one before is kept. What was queued keeps its words.

        Of a text that is switched off nothing is sent: what waits is suppressed when it is due.

        A text that cannot be rendered is refused, with the line and the reason.
        """
        language, asked = _language(request), TemplateChange(data=request.data)
        asked.is_valid(raise_exception=True)
        with transaction.atomic():
            row = _one(_texts().select_for_update(of=("self",)), type, language)
            _change(row, asked.validated_data, request.user)
        return Response(text.shown(row))


def _texts() -> QuerySet[MessageTemplate]:
    return MessageTemplate.objects.select_related("updated_by")


def _filtered(wanted: dict[str, Any]) -> QuerySet[MessageTemplate]:
    names = {"type": "kind", "language": "language", "active": "active"}
    return _texts().filter(**{field: wanted[name] for name, field in names.items() if name in wanted})


def _language(request: Request) -> str:
    asked = LanguageQuery(data=pages.given(request))
    asked.is_valid(raise_exception=True)
    return str(asked.validated_data["language"])


def _one(texts: QuerySet[MessageTemplate], kind: str, language: str) -> MessageTemplate:
    """The text. Raises NotFound, naming the languages there are."""
    found = texts.filter(kind=kind, language=language).first() if CODE.fullmatch(kind) else None
    if found is None:
        raise NotFound(_missing(kind))
    return found


def _missing(kind: str) -> str:
    if registry.get(kind) is None:
        return drafting.no_such_kind(kind)
    there = MessageTemplate.objects.filter(kind=kind).values_list("language", flat=True)
    languages = f"There are: {', '.join(there)}." if there else "There is none yet."
    return f"{kind} has no text in this language. {languages} POST /api/notifications/templates adds one."


def _change(row: MessageTemplate, wanted: dict[str, Any], user: Any) -> None:
    differing = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not differing:
        return
    for name, value in differing.items():
        setattr(row, name, value)
    row.updated_by = user
    row.save()
    trail.changed(user, row, f"Changed {' and '.join(sorted(differing))} by API.")
