"""`phusa reshard FLOW N`: what a flow remembers goes over to another number of processes; nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connectors.settings import settings


def reshard(
    flow: Annotated[str, typer.Argument(help="luồng (flow): telemetry, cameras, payments")],
    number: Annotated[int, typer.Argument(help="bao nhiêu tiến trình (how many processes)")],
    disks: Annotated[
        list[Path] | None,
        typer.Option(
            "--disk",
            help="mỗi tiến trình một ổ đĩa riêng: thư mục của luồng trên ổ thứ nhất, thứ hai, ... (each process has a disk of its own)",
        ),
    ] = None,
) -> None:
    """Chuyển trí nhớ của một luồng đã dừng sang N tiến trình (move a stopped flow's state to N processes)."""
    from connectors.recovery.move import move
    from connectors.recovery.place import StateError
    from infra.run.processes import SHARED, state_folder

    own = settings()
    if flow not in SHARED:
        typer.echo(f"Chỉ chia được (can be shared): {', '.join(SHARED)}; found {flow!r}", err=True)
        raise typer.Exit(2)
    try:
        moved = move(disks or [state_folder(own, flow)], SHARED[flow], number, own.partitions)
    except StateError as error:
        typer.echo(f"LỖI / ERROR: {error}", err=True)
        raise typer.Exit(1) from error
    for owner, count in moved.snapshots.items():
        typer.echo(f"{flow} {owner}: {count} phần trí nhớ (snapshots)")
    was = "chưa có (none)" if moved.before is None else str(moved.before)
    typer.echo(f"{flow}: {was} → {number} tiến trình (processes).")
    if own.shards(flow) != number:
        typer.echo(f"Đặt trước khi chạy (set before it runs): PHUSA_{flow.upper()}_SHARDS={number}")
