"""`phusa bench`, `phusa kill`: how fast it is, and what a crash costs."""

from __future__ import annotations

from typing import Annotated

import typer


def bench(
    quick: Annotated[
        bool, typer.Option("--quick", help="ít lượt, ít bản tin (fewer runs, fewer readings)")
    ] = False,
    only: Annotated[str | None, typer.Option(help="chỉ phần này (only this part)")] = None,
    years: Annotated[
        float,
        typer.Option(
            help="màn hình: bao nhiêu năm số liệu của cả xã (screens: years of the whole commune)", min=0.003
        ),
    ] = 3.0,
) -> None:
    """Đo tốc độ bên cạnh mốc so sánh; ghi var/bench/results.json (measure beside baselines)."""
    from infra.lab.bench.run import main

    raise typer.Exit(main(quick=quick, only=only, years=years))


def kill(
    times: Annotated[
        int, typer.Option(help="giết mỗi tiến trình mấy lần (kills of each process)", min=1)
    ] = 10,
    seed: Annotated[int, typer.Option(help="hạt giống (seed)")] = 1,
    payments: Annotated[
        int | None,
        typer.Option(
            help="chỉ thanh toán: bao nhiêu khoản (payments only: how many), times: tổng số lần giết", min=100
        ),
    ] = None,
) -> None:
    """Giết từng tiến trình khi đang tải, rồi đối chiếu từng bản tin (kill -9 under load, then account)."""
    if payments is not None:
        from infra.lab.faults import money

        raise typer.Exit(money.main(payments, times, seed))
    from infra.lab.faults.kill import main

    raise typer.Exit(main(times, seed))
