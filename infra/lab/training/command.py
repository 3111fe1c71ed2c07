"""`phusa train people`: make the repository's own detector anew."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from typing import Annotated

import typer

from connectors.settings import ROOT, settings

WEIGHTS = ROOT / "infra" / "deploy" / "weights"


def train(
    what: Annotated[str, typer.Argument(help="people")] = "people",
    data: Annotated[
        Path | None,
        typer.Option(help="thư mục bản ghi thật; mặc định PHUSA_DATA (folder of real recordings)"),
    ] = None,
    weights: Annotated[Path | None, typer.Option(help="COCO YOLOv8n (.pt)")] = None,
    second: Annotated[Path | None, typer.Option(help="mạng thứ hai, YOLOX-Nano (.onnx)")] = None,
    out: Annotated[Path, typer.Option(help="kết quả vào đâu (where the result goes)")] = WEIGHTS,
    only_card: Annotated[
        bool, typer.Option("--only-card", help="chỉ đo lại mạng đang có (only measure the net that is there)")
    ] = False,
    took: Annotated[
        str, typer.Option(help="với --only-card: đã học bao lâu (how long it was trained)")
    ] = "không ghi (not recorded)",
) -> None:
    """Huấn luyện bộ nhận dạng người (train the people detector); cần nhóm vision."""
    from infra.lab.training import people

    own = settings()
    folder = data or own.data
    if what != "people" or folder is None:
        typer.echo("Cách dùng: phusa train people --data THƯ_MỤC (usage; or set PHUSA_DATA)", err=True)
        raise typer.Exit(2)
    beside = folder.parent / "weights"
    plan = people.Plan(
        folder,
        weights or beside / "yolov8n_coco_dequantised.pt",
        second or beside / "yolox_nano.onnx",
        own.var / "training" / "people",
    )
    if not only_card:
        began = time.perf_counter()
        made = people.train(plan, people.make_data(plan, typer.echo))
        took = f"{(time.perf_counter() - began) / 60:.0f} phút (minutes)"
        for path in people.shipped(made, out):
            typer.echo(path)
    typer.echo(people.described(plan, out, _how(people.SEED, took, plan.out)))


def _how(seed: int, took: str, folder: Path) -> dict[str, str]:
    pictures = len(list((folder / "data" / "images").glob("*.jpg")))
    return {
        "pictures": f"{pictures} ảnh (pictures)",
        "seed": str(seed),
        "command": "phusa train people",
        "time": took,
        "machine": f"{os.cpu_count()} lõi (cores) {platform.machine()}",
    }
