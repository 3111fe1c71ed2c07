"""`phusa logs NAME [-f]`: the log of a process as a person reads it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from connectors.settings import settings

if TYPE_CHECKING:
    from infra.run.log_lines import Told

LOOK_S = 0.3
COLOURS = {"LỖI": "red", "LỖI NẶNG": "red", "CHÚ Ý": "yellow"}


def logs(
    name: Annotated[
        str | None, typer.Argument(help="tên tiến trình; bỏ trống: kể các tên (whose; none: the names)")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="xem tiếp, Ctrl-C để thôi (go on)")] = False,
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=1, help="mấy dòng cuối (how many of the last)")
    ] = 50,
) -> None:
    """Xem nhật ký của một tiến trình, giờ Việt Nam (a process's log, in Vietnamese time)."""
    from infra.run import log_files

    folder = settings().var / "logs"
    known = log_files.names(folder)
    if name is None:
        for one in known:
            typer.echo(
                f"{one:<14} {'' if log_files.files(folder, one) else 'chưa có nhật ký (none yet)'}".rstrip()
            )
        return
    if name not in known:
        typer.echo(f"Không có {name!r}; có (no such log; there are): {', '.join(known)}", err=True)
        raise typer.Exit(2)
    if not follow and not log_files.files(folder, name):
        typer.echo(
            f"{name} chưa ghi gì: chưa chạy lần nào? Xem: phusa status\n"
            f"{name} has no log yet: it has never run? Look: phusa status",
            err=True,
        )
        raise typer.Exit(1)
    found, follower = log_files.last(folder, name, lines)
    for line in found:
        _print(line)
    try:
        while follow:
            time.sleep(LOOK_S)
            for line in follower.more():
                _print(line)
    except KeyboardInterrupt:
        typer.echo("")


def _print(line: str) -> None:
    from infra.run.log_lines import read

    told: Told = read(line)
    typer.secho(told.text(), fg=COLOURS.get(told.level), bold=told.level in COLOURS or None)
