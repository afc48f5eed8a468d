"""The rows of a list, written by plain code: a template for each cell takes longer than to read the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.db.models import Model
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from unfold.utils import display_for_field, display_for_value

BOX = "action_checkbox"
EMPTY = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `write` makes a cell's text of a row."""

    name: str
    label: str
    write: Callable[[Model], Any]
    is_link: bool

    @property
    def heading(self) -> SafeString:
        if self.name == BOX:
            return mark_safe(
                '<th scope="col" class="box"><label><input type="checkbox" id="action-toggle" class="action-toggle"'
                ' aria-label="Choose all on this page"><span>Choose all on this page</span></label></th>'
            )
        return format_html('<th scope="col" class="column-{}">{}</th>', self.name, self.label)


def table(cl: Any) -> SafeString:
    """All of a list's page as a table; below 1024 px the look makes a card of each row."""
    columns = list(_columns(cl))
    rows = format_html_join("\n", "<tr>{}</tr>", ((_row(cl, columns, row),) for row in cl.result_list))
    head = format_html_join("", "{}", ((column.heading,) for column in columns))
    return format_html(
        '<table id="result_list" class="result-list log log-of-{}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        cl.opts.model_name,
        head,
        rows,
    )


def _columns(cl: Any) -> Iterator[Column]:
    links = cl.list_display_links
    names = [name for name in cl.list_display if name != BOX]
    linked = set(links if links else names[:1] if links is not None else ())
    for name in cl.list_display:
        label, attr = label_for_field(name, cl.model, model_admin=cl.model_admin, return_attr=True)
        written = _by_method(attr) if callable(attr) and name != "__str__" else _by_name(cl, name)
        yield Column(name, capfirst(str(label)), written, name in linked)


def _by_method(method: Callable[[Model], Any]) -> Callable[[Model], Any]:
    is_yes_or_no = getattr(method, "boolean", False)

    def write(row: Model) -> Any:
        value = method(row)
        return value if isinstance(value, str) else display_for_value(value, EMPTY, is_yes_or_no)

    return write


def _by_name(cl: Any, name: str) -> Callable[[Model], Any]:
    def write(row: Model) -> Any:
        field, _, value = lookup_field(name, row, cl.model_admin)
        return display_for_field(value, field, EMPTY) if field else display_for_value(value, EMPTY)

    return write


def _row(cl: Any, columns: list[Column], row: Model) -> SafeString:
    address = _address(cl, row)
    return format_html_join("", "{}", ((_cell(column, row, address),) for column in columns))


def _cell(column: Column, row: Model, address: str) -> SafeString:
    said = column.write(row)
    if column.name == BOX:
        return format_html('<td class="box">{}</td>', said)
    if column.is_link and address:
        said = format_html('<a href="{}">{}</a>', address, said)
    return format_html(
        '<td class="field-{}" data-label="{}">{}</td>', column.name, column.label, conditional_escape(said)
    )


def _address(cl: Any, row: Model) -> str:
    """Its page, which leads back to this one as it is filtered now."""
    try:
        url = cl.url_for_result(row)
    except NoReverseMatch:
        return ""
    return f"{url}?{cl.preserved_filters}" if cl.preserved_filters else url
