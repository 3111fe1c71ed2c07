"""`phusa demo`: the storm day, or real recordings, through the whole way."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from infra.run.stack import StackError


def demo(
    data: Annotated[
        Path | None,
        typer.Option(help="thư mục bản ghi thật (folder of real recordings)", exists=True, file_okay=False),
    ] = None,
    seconds: Annotated[
        float, typer.Option(help="ngày bão kéo dài ít nhất mấy giây (seconds the day takes at least)", min=20)
    ] = 110.0,
    seed: Annotated[int, typer.Option(help="hạt giống của ngày bão (seed of the day)")] = 2026,
    severity: Annotated[
        float, typer.Option(help="lượng mưa so với mẫu (rain, 1 = the model storm)", min=0)
    ] = 1.0,
    hours: Annotated[
        int, typer.Option(help="chỉ mấy giờ đầu của ngày (only its first hours)", min=1, max=24)
    ] = 24,
    day: Annotated[
        datetime | None,
        typer.Option(help="ngày mấy; mặc định hôm qua (the date; yesterday)", formats=["%Y-%m-%d"]),
    ] = None,
    step: Annotated[
        float,
        typer.Option(help="mỗi bước của ngày bao nhiêu phút (minutes of a step of the day)", min=1, max=15),
    ] = 5.0,
    keep: Annotated[
        bool | None, typer.Option("--keep/--no-keep", help="để hệ thống chạy tiếp để xem (leave it running)")
    ] = None,
    screens: Annotated[
        Path | None,
        typer.Option(
            help="chụp các trang cho README vào thư mục này (photograph the pages of the README)",
            file_okay=False,
        ),
    ] = None,
    films: Annotated[
        Path | None,
        typer.Option(
            help="giữ phim của các camera ở đây cho lần sau cùng ngày (keep the cameras' films here for the next play of that day)",
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Chạy thử trọn đường: trạm → cảnh báo → điện thoại (the whole way, from station to phone)."""
    from infra.rehearsal.demo import play
    from infra.rehearsal.demo.storm import Wanted

    try:
        wanted = Wanted(seed, severity, hours, None if day is None else day.date(), step)
        code = play.main(data, seconds=seconds, wanted=wanted, keep=keep, screens=screens, kept_films=films)
    except StackError as error:
        typer.echo(f"LỖI / ERROR: {error}", err=True)
        raise typer.Exit(1) from error
    raise typer.Exit(code)
