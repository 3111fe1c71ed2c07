"""`phusa rejected`: what was refused, why, and sending it again after a fix."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from connectors import clock
from connectors.settings import settings
from models.envelope.bilingual import Bilingual

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


def _print(kept: Kept) -> None:
    at = kept.at.astimezone(clock.VIETNAM).strftime("%d/%m %H:%M:%S")
    typer.secho(f"{kept.topic}/{kept.partition}/{kept.offset}  {at}  {kept.reason}", bold=True)
    typer.echo(f"  {kept.vi}\n  {kept.en}")
    text = kept.payload[:PREVIEW].decode(errors="replace")
    # Control characters could move the cursor of the reader's terminal.
    safe = "".join(char if char.isprintable() else "·" for char in text)
    typer.echo(f"  {len(kept.payload)} byte: {safe}{'…' if len(kept.payload) > PREVIEW else ''}")


@app.command()
def replay(
    topic: Topic = None,
    reason: Reason = None,
    station: Station = None,
    hours: Hours = None,
    everything: Annotated[bool, typer.Option("--all", help="không chọn lọc (no filter)")] = False,
) -> None:
    """Đọc lại bằng cấu hình hiện nay rồi gửi lại; số liệu trễ được giữ (read again with today's configuration and send)."""
    from connectors import commune
    from connectors.kafka.replay import known, reread, send
    from connectors.timescale.rejects import batches, mark

    if not everything and (topic, reason, station, hours) == (None, None, None, None):
        typer.echo("Hãy chọn --reason, --station, --topic, --hours, hoặc --all (choose, or --all)", err=True)
        raise typer.Exit(2)
    own, choice = settings(), _choice(topic, reason, station, hours)
    readers, sent = known(commune.load(own.commune)), 0
    still, skipped = Counter[Bilingual](), Counter[Bilingual]()
    for kept in batches(own.dsn("writer"), choice, A_BATCH):
        found = reread(kept, readers)
        # Kafka first: a crash in between sends a message twice, and the flow knows a duplicate.
        send(own.bootstrap, found.records)
        mark(own.dsn("writer"), found.taken)
        sent += len(found.taken)
        still += found.still
        skipped += found.skipped
    typer.echo(f"Đã gửi lại {sent} bản tin ({sent} messages sent again). Xem: phusa status")
    for why, count in still.most_common():
        typer.echo(f"Vẫn không đọc được {count}: {why.vi} ({count} still refused: {why.en})")
    for why, count in skipped.most_common():
        typer.echo(f"Bỏ qua {count}: {why.vi} ({count} skipped: {why.en})")


def _choice(topic: str | None, reason: str | None, station: str | None, hours: float | None) -> Choice:
    from connectors.timescale.rejects import Choice

    since: datetime | None = None if hours is None else clock.system() - timedelta(hours=hours)
    return Choice(topic, reason, station, since)
