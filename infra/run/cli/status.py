"""`phusa status`: is it well, in one look; first what is wrong and what to do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connectors.settings import Settings, settings

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


def status(
    as_json: Annotated[bool, typer.Option("--json", help="cho máy đọc (for a script)")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="xem lại mỗi PHUSA_WATCH_S giây, Ctrl-C để thôi (repeat)")
    ] = False,
) -> None:
    """Xem tình trạng; mã thoát 1 nếu có gì không ổn (how it is; exit 1 if something is not well)."""
    import msgspec
    from rich.console import Console

    from infra.run.status.gather import gather

    own = settings()
    if as_json:
        found = gather(own)
        typer.echo(msgspec.json.encode(found))
    else:
        console = Console(highlight=False)
        found = _watched(own, console) if watch else _shown(own, console)
    if found["troubles"]:
        raise typer.Exit(1)


def _shown(own: Settings, console: Console) -> dict[str, Any]:
    found, drawn = _look(own)
    console.print(drawn)
    return found


def _watched(own: Settings, console: Console) -> dict[str, Any]:
    """Look again and again until Ctrl-C; the last look. What does not fit the screen is cut below, where the least is wrong."""
    from rich.live import Live

    found, drawn = _look(own)
    try:
        if not console.is_terminal:
            # Into a file or a pipe: one look after the other.
            while True:
                console.print(drawn)
                time.sleep(own.watch_s)
                found, drawn = _look(own)
        with Live(drawn, console=console, auto_refresh=False, vertical_overflow="ellipsis") as live:
            while True:
                time.sleep(own.watch_s)
                found, drawn = _look(own)
                live.update(drawn, refresh=True)
    except KeyboardInterrupt:
        return found


def _look(own: Settings) -> tuple[dict[str, Any], RenderableType]:
    from infra.run.status import gather
    from infra.run.status.clock import platform_now
    from infra.run.status.draw import render
    from models.alerting.words import VIETNAM

    found = gather.gather(own)
    seen = gather.situation(own) if "alerts" in found else None
    return found, render(found, gather.names(own), seen, platform_now(own).astimezone(VIETNAM))
