"""The front page's two tables, by code: in a template their four hundred cells take as long as all their counts."""

from __future__ import annotations

from django.utils.dateformat import format as date_words
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from backoffice.marks import grouped
from backoffice.templatetags.counted import paise, seconds
from billing.rupees import written
from earlybird.desk.figures import Cell, Figures, Row


def days(figures: Figures) -> SafeString:
    """The rows of the table of days: a link to each day's messages, its layers, and all of it."""
    rows = (
        f'<tr><th scope="row"><a href="{escape(row["link"])}">{date_words(row["day"], "D j M")}</a></th>'
        + "".join(f'<td class="number">{count}</td>' for count in row["counts"])
        + f'<td class="number"><strong>{row["total"]}</strong></td></tr>'
        for row in figures.days
    )
    return mark_safe("".join(rows))  # noqa: S308 (counts and days are ours, the address is escaped)


def kinds(figures: Figures) -> SafeString:
    """The rows of the table of kinds: what became of each, how fast, and what it cost."""
    return mark_safe("".join(map(_kind, figures.rows)))  # noqa: S308 (as below)


def _kind(row: Row) -> str:
    return (
        f'<tr><th scope="row"><a href="{escape(row.link)}">{escape(row.label)}</a></th>'
        + "".join(map(_cell, row.cells))
        + f'<td class="number">{seconds(row.median)}</td>'
        f'<td class="number">{escape(written(paise(row.cost)))}</td></tr>'
    )


def _cell(cell: Cell) -> str:
    if not cell.count:
        return '<td class="number is-none">0</td>'
    tone = " is-bad" if cell.is_bad else ""
    return f'<td class="number{tone}"><a href="{escape(cell.link)}">{grouped(cell.count)}</a></td>'
