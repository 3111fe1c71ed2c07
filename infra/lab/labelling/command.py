"""`phusa label`: see a photograph, draw its water, see it drawn; the second look is somebody else's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import typer

from connectors.settings import ROOT, settings
from infra.lab.labelling import book
from infra.lab.labelling.label import Label, mistakes
from infra.lab.labelling.sheet import sheet

LABELS = ROOT / "infra" / "lab" / "labelling" / "street_photos.jsonl"
app = typer.Typer(help="Vẽ vùng nước trên ảnh (draw the water of photographs).", no_args_is_help=True)
Photographs = Annotated[Path | None, typer.Option(help="thư mục ảnh (folder of photographs)")]
Book = Annotated[Path, typer.Option(help="tệp nhãn (file of labels)")]
By = Annotated[str, typer.Option(help="người xem (who looks)")]


@app.command()
def show(
    names: list[str],
    out: Annotated[Path, typer.Option(help="tệp ảnh ra (picture to write)")],
    photographs: Photographs = None,
    labels: Book = LABELS,
    *,
    plain: Annotated[bool, typer.Option("--plain", help="không vẽ nhãn (without what was drawn)")] = False,
) -> None:
    """Ảnh dưới lưới phần nghìn, với nhãn đã vẽ (under a grid of thousandths, with its label)."""
    import cv2

    folder = _folder(photographs)
    known = {} if plain else book.read(labels)
    rows = [(name, _picture(folder, name), known.get(name)) for name in names]
    cv2.imwrite(str(out), sheet(rows))
    typer.echo(out)


@app.command()
def draw(
    drawn: Annotated[Path, typer.Argument(help="JSON: [{name, kinds, water, without, unsure}]")],
    by: By,
    labels: Book = LABELS,
    photographs: Photographs = None,
) -> None:
    """Nhận đa giác; sai thì nêu rõ, không ghi gì (take polygons; what is wrong is named and nothing is written)."""
    folder = _folder(photographs)
    try:
        found = msgspec.json.decode(drawn.read_bytes(), type=list[Label])
    except msgspec.MsgspecError as error:
        typer.echo(f"{drawn}: {error}", err=True)
        raise typer.Exit(2) from error
    wrong = [str(mistake) for label in found for mistake in mistakes(label)]
    wrong += [f"{label.name}: ?" for label in found if not _path(folder, label.name).is_file()]
    if wrong:
        typer.echo("\n".join(wrong), err=True)
        raise typer.Exit(1)
    known = book.read(labels)
    book.write(labels, [_looked(label, known.get(label.name), by) for label in found])
    typer.echo(f"{len(found)} ảnh đã ghi (labels written)")


@app.command()
def agree(names: list[str], by: By, labels: Book = LABELS) -> None:
    """Lần xem thứ hai, không sửa gì (a second look that changes nothing)."""
    known = book.read(labels)
    missing = [name for name in names if name not in known]
    if missing:
        typer.echo(f"chưa có nhãn (without a label): {' '.join(missing)}", err=True)
        raise typer.Exit(1)
    book.write(labels, [_looked(known[name], known[name], by) for name in names])


@app.command()
def left(photographs: Photographs = None, labels: Book = LABELS) -> None:
    """Ảnh chưa xem đủ hai lần (photographs without two looks)."""
    known = book.read(labels)
    for path in sorted(_folder(photographs).glob("*/*.jpg")):
        label = known.get(path.name)
        looks = [] if label is None else label.looks
        if len(set(looks)) < 2:
            typer.echo(f"{path.name} {' '.join(looks)}")


def _looked(label: Label, before: Label | None, by: str) -> Label:
    looks = [] if before is None else [look for look in before.looks if look != by]
    return msgspec.structs.replace(label, looks=[*looks, by])


def _folder(photographs: Path | None) -> Path:
    own = settings()
    if photographs is None and own.data is None:
        typer.echo("Cần --photographs hoặc PHUSA_DATA (one of them is needed)", err=True)
        raise typer.Exit(2)
    return photographs or Path(str(own.data)) / "flood" / "street_photos"


def _path(folder: Path, name: str) -> Path:
    return next(iter(sorted(folder.glob(f"*/{name}"))), folder / name)


def _picture(folder: Path, name: str) -> np.ndarray:
    import cv2

    picture = cv2.imread(str(_path(folder, name)))
    if picture is None:
        typer.echo(f"không mở được ảnh (cannot be opened): {name}", err=True)
        raise typer.Exit(2)
    return np.asarray(picture, np.uint8)
