"""Messages as bubbles, customers as rows, the truth in figures: pieces of HTML that the pages refresh."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from html import escape
from urllib.parse import quote

from .ledger import Bubble, Conversation, Ledger
from .marks import as_html, without_marks

IST = timezone(timedelta(hours=5, minutes=30))
_TICK = "M1 6.5 4 9.8 10 2.5"
_SECOND_TICK = "M7.3 8.5 8.5 9.8 15 2.5"
_WORDS = {"accepted": "sent to MyOperator", "sent": "sent", "delivered": "delivered", "read": "read"}


def conversation_html(bubbles: list[Bubble], business: str) -> str:
    if not bubbles:
        return (
            f'<div class="empty"><strong>No messages yet</strong>'
            f"<p>What {escape(business)} sends to this number appears here at once.</p></div>"
        )
    pieces = [_NOTICE.format(escape(business))]
    day = None
    for bubble in bubbles:
        when = _when(bubble.at)
        if when.date() != day:
            day = when.date()
            pieces.append(f'<p class="day"><span>{_day(day)}</span></p>')
        pieces.append(_bubble_html(bubble, when))
    return "".join(pieces)


_NOTICE = '<p class="notice">🔒 A sandbox: {0} reaches nobody but this page.</p>'


def _bubble_html(bubble: Bubble, when: datetime) -> str:
    side = "mine" if bubble.incoming else "theirs"
    ticks = "" if bubble.incoming else _ticks(bubble)
    foot = f'<span class="foot"><time datetime="{when.isoformat()}">{_clock(when)}</time>{ticks}</span>'
    failed = " failed" if bubble.status == "failed" else ""
    text = f'<span class="text">{as_html(bubble.asked.text)}</span>'
    return f'<div class="bubble {side}{failed}" dir="auto">{text}{foot}</div>'


def _ticks(bubble: Bubble) -> str:
    if bubble.status == "failed":
        return f'<span class="not" title="failed">not delivered · {bubble.failure}</span>'
    second = f'<path d="{_SECOND_TICK}"/>' if bubble.status in ("delivered", "read") else ""
    word = _WORDS[bubble.status]
    return (
        f'<svg class="ticks {bubble.status}" viewBox="0 0 17 12" role="img" aria-label="{word}">'
        f'<title>{word}</title><path d="{_TICK}"/>{second}</svg>'
    )


def _when(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(IST)


def _clock(when: datetime) -> str:
    return when.strftime("%I:%M %p").lstrip("0").lower()


def _day(day: date) -> str:
    age = (datetime.now(IST).date() - day).days
    return {0: "Today", 1: "Yesterday"}.get(age, f"{day.day} {day:%B %Y}")


def customers_html(conversations: Iterable[Conversation], total: int) -> str:
    rows = [_row(one) for one in conversations]
    if not rows:
        return (
            '<div class="empty"><strong>Nobody has got a message yet</strong>'
            "<p>Place an order, and its customer appears here.</p></div>"
        )
    more = f'<p class="more">The latest {len(rows)} of {total:,} customers</p>' if total > len(rows) else ""
    return f'<ul class="customers">{"".join(rows)}</ul>{more}'


def _row(conversation: Conversation) -> str:
    last, phone = conversation.bubbles[-1], conversation.phone
    colour = int(phone[-2:]) % 6 if phone[-2:].isdecimal() else 0
    ticks = "" if last.incoming else _ticks(last)
    face = f'<span class="face c{colour}">{escape(phone[-2:])}</span>'
    preview = escape(without_marks(last.asked.text)[:120])
    return (
        f'<li><a href="/phone/{quote(phone, safe="")}">{face}'
        f'<span class="who">{escape(phone)}</span><time>{_clock(_when(last.at))}</time>'
        f'<span class="last" dir="auto">{ticks}{preview}</span>'
        f'<span class="count">{len(conversation.bubbles)}</span></a></li>'
    )


def figures_html(ledger: Ledger, webhooks: dict[str, int]) -> str:
    figures = {
        "accepted": len(ledger.accepted),
        "requests": sum(ledger.requests.values()),
        "refused": sum(ledger.rejected.values()),
        "accepted twice": len(ledger.twice),
        "in flight": ledger.in_flight,
        "webhooks posted": webhooks["posted"],
        "webhooks waiting": webhooks["pending"],
        "webhooks dropped": webhooks["dropped"],
    }
    cells = "".join(f"<div><dd>{value:,}</dd><dt>{name}</dt></div>" for name, value in figures.items())
    return f'<dl class="figures">{cells}</dl>'
