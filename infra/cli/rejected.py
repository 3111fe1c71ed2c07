"""`phusa rejected`: what was refused, why, and sending it again after a fix."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from connectors import clock
from connectors.settings import settings

if TYPE_CHECKING:
    from connectors.timescale.rejects import Choice, Kept

app = typer.Typer(
    help="Bản tin bị loại: xem, gửi lại (refused messages: look, send again).", no_args_is_help=True
)

Topic = Annotated[str | None, typer.Option(help="chủ đề (topic)")]
Reason = Annotated[str | None, typer.Option(help="lý do, ví dụ wrong_unit (reason)")]
Station = Annotated[str | None, typer.Option(help="trạm (station)")]
Hours = Annotated[float | None, typer.Option(help="trong mấy giờ qua (only of the last hours)", min=0)]
A_BATCH = 500
PREVIEW = 100
"""Characters of the bytes in the list."""


@app.command("list")
def show(
    topic: Topic = None,
    reason: Reason = None,
    station: Station = None,
    hours: Hours = None,
    limit: Annotated[int, typer.Option(help="tối đa bao nhiêu (at most)", min=1)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="cho máy đọc (for a script)")] = False,
) -> None:
    """Liệt kê bản tin bị loại chưa gửi lại (list what was refused and not sent again)."""
    import msgspec

    from connectors.timescale.rejects import batches

    found = next(batches(settings().dsn("writer"), _choice(topic, reason, station, hours), limit), [])
    if as_json:
        typer.echo(msgspec.json.encode(found))
        return
    for one in found:
        _print(one)
    typer.echo(f"{len(found)} bản tin (messages)" + (f", --limit {limit}" if len(found) == limit else ""))


def _print(one: Kept) -> None:
    at = one.at.astimezone(clock.VIETNAM).strftime("%d/%m %H:%M:%S")
    typer.secho(f"{one.topic}/{one.partition}/{one.offset}  {at}  {one.reason}", bold=True)
    typer.echo(f"  {one.vi}\n  {one.en}")
    text = one.payload[:PREVIEW].decode(errors="replace")
    # Control characters could move the cursor of the reader's terminal.
    safe = "".join(char if char.isprintable() else "·" for char in text)
    typer.echo(f"  {len(one.payload)} byte: {safe}{'…' if len(one.payload) > PREVIEW else ''}")


@app.command()
def replay(
    topic: Topic = None,
    reason: Reason = None,
    station: Station = None,
    hours: Hours = None,
    everything: Annotated[bool, typer.Option("--all", help="không chọn lọc (no filter)")] = False,
) -> None:
    """Gửi lại vào chủ đề gốc sau khi đã sửa cấu hình (send again to the topic of origin after a fix)."""
    from connectors.kafka.replay import send_again
    from connectors.timescale.rejects import batches, mark

    if not everything and (topic, reason, station, hours) == (None, None, None, None):
        typer.echo("Hãy chọn --reason, --station, --topic, --hours, hoặc --all (choose, or --all)", err=True)
        raise typer.Exit(2)
    own, choice = settings(), _choice(topic, reason, station, hours)
    sent = 0
    for kept in batches(own.dsn("writer"), choice, A_BATCH, topics_only=True):
        # Kafka first: a crash in between sends a message twice, and the flow knows a duplicate.
        send_again(own.bootstrap, kept)
        mark(own.dsn("writer"), kept)
        sent += len(kept)
    typer.echo(f"Đã gửi lại {sent} bản tin ({sent} messages sent again). Xem: phusa status")


def _choice(topic: str | None, reason: str | None, station: str | None, hours: float | None) -> Choice:
    from connectors.timescale.rejects import Choice

    since: datetime | None = None if hours is None else clock.system() - timedelta(hours=hours)
    return Choice(topic, reason, station, since)
