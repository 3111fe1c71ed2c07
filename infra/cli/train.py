"""`phusa train people`: make the repository's own detector anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connectors.settings import ROOT, settings

WEIGHTS = ROOT / "infra" / "weights"


def train(
    what: Annotated[str, typer.Argument(help="people")] = "people",
    data: Annotated[
        Path | None,
        typer.Option(help="thư mục bản ghi thật; mặc định PHUSA_DATA (folder of real recordings)"),
    ] = None,
    weights: Annotated[Path | None, typer.Option(help="COCO YOLOv8n (.pt)")] = None,
    second: Annotated[Path | None, typer.Option(help="mạng thứ hai, YOLOX-Nano (.onnx)")] = None,
    out: Annotated[Path, typer.Option(help="kết quả vào đâu (where the result goes)")] = WEIGHTS,
) -> None:
    """Huấn luyện bộ nhận dạng người (train the people detector); cần nhóm vision."""
    from infra.training import people

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
    made = people.train(plan, people.make_data(plan, typer.echo))
    for path in people.shipped(made, out):
        typer.echo(path)
