"""`phusa train people`, `phusa train water`: make the repository's own nets anew."""

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
    what: Annotated[str, typer.Argument(help="people | water")] = "people",
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
    labels: Annotated[
        Path | None, typer.Option(help="nhãn của mạng nước (labels of the water net); see phusa label")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=2, help="số vòng của mạng nước (epochs of the water net)")
    ] = None,
    took: Annotated[
        str, typer.Option(help="với --only-card: đã học bao lâu (how long it was trained)")
    ] = "không ghi (not recorded)",
) -> None:
    """Huấn luyện bộ nhận dạng người, hoặc mạng nước (train the people detector, or the water net); cần nhóm vision."""
    own = settings()
    folder = data or own.data
    if what not in {"people", "water"} or folder is None:
        typer.echo("Cách dùng: phusa train people|water --data THƯ_MỤC (usage; or set PHUSA_DATA)", err=True)
        raise typer.Exit(2)
    if what == "water":
        _water(folder, labels, out, own.var / "training" / "water", epochs, only_card=only_card)
        return
    from infra.lab.training import people

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


def _water(
    data: Path, labels: Path | None, out: Path, var: Path, epochs: int | None, *, only_card: bool
) -> None:
    from infra.lab.labelling.command import LABELS
    from infra.lab.training.water import make
    from infra.lab.training.water.plan import EPOCHS, Plan, stages

    plan = Plan(data, labels or LABELS, var, stages(epochs or EPOCHS), os.cpu_count() or 1)
    if not plan.labels.is_file():
        typer.echo(f"Không có tệp nhãn {plan.labels} (no file of labels)", err=True)
        raise typer.Exit(2)
    if not only_card:
        make.train(plan, out, typer.echo)
    typer.echo(make.described(plan, out, typer.echo))


def _how(seed: int, took: str, folder: Path) -> dict[str, str]:
    pictures = len(list((folder / "data" / "images").glob("*.jpg")))
    return {
        "pictures": f"{pictures} ảnh (pictures)",
        "seed": str(seed),
        "command": "phusa train people",
        "time": took,
        "machine": f"{os.cpu_count()} lõi (cores) {platform.machine()}",
    }
