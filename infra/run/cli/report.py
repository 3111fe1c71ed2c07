"""`phusa report`: what an event was, after it, as HTML and PDF, with the figures of the screens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connectors.settings import settings

app = typer.Typer(
    help="Báo cáo sau một việc (report of an event): phusa report list, phusa report event SỐ.",
    no_args_is_help=True,
)


@app.command("list")
def listing(
    most: Annotated[int, typer.Option("--most", min=1, help="bao nhiêu việc mới nhất (how many)")] = 30,
) -> None:
    """Các việc mới nhất và số của chúng (the newest events and their numbers)."""
    from connectors.report.document import clock
    from connectors.timescale import aftermath

    found = aftermath.events(settings().dsn("writer"), most)
    if not found:
        typer.echo("Chưa có việc nào (no event yet)")
    for one in found:
        until = "đang diễn ra (open)" if one.closed_at is None else clock(one.closed_at)
        drill = "DIỄN TẬP " if one.exercise else ""
        typer.echo(
            f"{one.number:>6}  {clock(one.opened_at)} – {until}  mức {one.peak_level}  {one.messages} tin  {drill}{one.name}"
        )


@app.command()
def event(
    number: Annotated[
        int,
        typer.Argument(help="số của việc, xem phusa report list (the event's number)", min=1, max=2**63 - 1),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="thư mục, mặc định VAR/reports (the folder)")
    ] = None,
) -> None:
    """Viết báo cáo của một việc: HTML và PDF (write the report of an event)."""
    from connectors import clock
    from connectors.report.document import document
    from connectors.report.page import html
    from connectors.report.pdf import pdf
    from connectors.timescale import aftermath

    own = settings()
    now = clock.from_setting(own.clock) or clock.system
    found = aftermath.gather(own.dsn("writer"), number, now)
    if found is None:
        typer.echo(
            f"LỖI: không có việc số {number}; các số: phusa report list\n"
            f"ERROR: there is no event {number}; numbers: phusa report list",
            err=True,
        )
        raise typer.Exit(1)
    folder = own.var / "reports" if out is None else out
    folder.mkdir(parents=True, exist_ok=True)
    made = document(found)
    page, sheet = folder / f"event-{number}.html", folder / f"event-{number}.pdf"
    page.write_text(html(made), encoding="utf-8")
    sheet.write_bytes(pdf(made))
    typer.echo(f"Đã viết {page} và {sheet} (written)")
