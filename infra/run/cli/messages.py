"""`phusa messages`: the one ledger of all ways, two lines a message: who was told what, how, for how much, and did it come."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from connectors.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from connectors.timescale.spending import Message, Month

STATES = {
    "pending": "chờ gửi",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "delivered": "đã nhận",
    "refused": "TỪ CHỐI",
    "doubt": "NGHI NGỜ",
    "expired": "QUÁ CŨ",
}
"""Short words: a column is narrow."""


def messages(
    event: Annotated[
        int | None, typer.Option("--event", min=1, max=2**63 - 1, help="số của sự kiện (an event's number)")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", help="giờ Việt Nam nếu không ghi múi giờ (Vietnam's time)"),
    ] = None,
    contact: Annotated[
        str | None, typer.Option("--contact", help="mã hoặc tên người nhận (id or name)")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1_000_000, help="tối đa bao nhiêu (at most)")
    ] = 50,
) -> None:
    """Ai được báo gì, bằng đường nào, giá bao nhiêu, tới chưa, đọc chưa, trả lời chưa (the ledger of messages)."""
    import psycopg
    from rich.console import Console

    from connectors import commune
    from connectors.clock import VIETNAM
    from connectors.timescale import spending
    from models.alerting.approval import person

    known = commune.load(settings().commune)
    who = None if contact is None else person(contact, known)
    first = since.replace(tzinfo=VIETNAM) if since is not None and since.tzinfo is None else since
    with psycopg.connect(settings().dsn("reader")) as connection:
        connection.execute("set search_path = phusa, public")
        found = spending.ledger(connection, event, first, contact if who is None else who.id, limit)
        month = spending.month(connection)
    if contact is not None and who is None and not found:
        names = ", ".join(one.id for one in known.contacts)
        typer.secho(f"--contact {contact}: cần một trong (expected one of): {names}", err=True, fg="red")
        raise typer.Exit(2)
    console = Console(highlight=False)
    console.print(table(found))
    for line in sums(found, month, limit):
        console.print(line)


def table(found: Sequence[Message]) -> Table:
    """The newest first; names instead of numbers, and no link: it is a person's own."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from models.catalogue.channels import channel_name

    made = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    made.add_column("Lúc\n(at)", width=5, no_wrap=True)
    made.add_column("Ai, tin gì\n(who, what)", ratio=1, no_wrap=True, overflow="ellipsis")
    made.add_column("Kênh, giá\n(way, price)", width=12, no_wrap=True, overflow="ellipsis")
    made.add_column("Kết quả\n(outcome)", width=24, no_wrap=True, overflow="ellipsis")
    for one in found:
        who = escape(f"DIỄN TẬP {one.name}" if one.exercise else one.name)
        made.add_row(
            f"{_local(one.at, '%H:%M')}\n[dim]{_local(one.at, '%d/%m')}[/]",
            f"{who}\n[dim]{escape(one.text)}[/]",
            f"{escape(channel_name(one.channel))}\n[dim]{price(one)}[/]",
            f"{escape(_outcome(one))}\n[dim]{_followed(one)}[/]",
        )
    return made


def price(one: Message) -> str:
    """In đồng; `~` before what routing.yaml reckons and no service has told."""
    if one.price_vnd is None:
        return "–"
    return f"{'~' if one.reckoned else ''}{_dong(one.price_vnd)} đ"


def sums(found: Sequence[Message], month: Month | None, limit: int) -> list[str]:
    """How many, what they cost, and where the month stands."""
    priced = [one.price_vnd for one in found if one.price_vnd is not None]
    about = "~" if any(one.reckoned for one in found) else ""
    more = f", --limit {limit}" if len(found) == limit else ""
    lines = [f"{len(found)} tin (messages), {about}{_dong(sum(priced))} đồng (VND){more}"]
    if month is not None:
        percent = round(100 * month.spent_vnd / month.month_vnd)
        lines.append(
            f"Tháng {month.month:%m/%Y}: {_dong(month.spent_vnd)} trong {_dong(month.month_vnd)} đồng, {percent} % (this month's budget)"
        )
    return lines


def _outcome(one: Message) -> str:
    at = one.delivered_at or one.sent_at
    return f"{STATES.get(one.state, one.state)}{_local(at, ' %H:%M:%S') if at else ''}"


def _followed(one: Message) -> str:
    told = (("đọc", one.read_at), ("trả lời", one.answered_at))
    return ", ".join(f"{word} {_local(at, '%H:%M')}" for word, at in told if at is not None)


def _local(at: datetime, shape: str) -> str:
    from connectors.clock import VIETNAM

    return at.astimezone(VIETNAM).strftime(shape)


def _dong(vnd: int) -> str:
    return f"{vnd:,}".replace(",", ".")
