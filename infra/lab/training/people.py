"""Train the repository's own detector of people: COCO's YOLOv8n, all layers, one class, 320 px.

    larger nets' labels ──┐
    (films, photographs)  ├── var/training/people ── train ── OpenVINO, FP16 ── infra/deploy/weights/people.xml
    rendered scenes ──────┘   (never committed)

Seeded; the same data and the same versions give the same net on one machine.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from infra.lab.training.card import card, hashed, measured, truths
from infra.lab.training.labels import Labelled, labelled, standing, without
from infra.lab.training.measure import frames
from infra.lab.training.rendered import rendered
from models.vision.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from models.vision.detection import Detector

SIZE, LARGER = 320, 640
"""Four times the pixels make the same net the better teacher."""
SEED = 1
FIRST, LAST = 401, 795
"""Frames of the yard's film that may be learned from; 1-400 are the test and are never opened here."""
EVERY = 2
ZOOM_EVERY, ZOOM = 4, (0.3, 0.6)
"""Every fourth frame also as a close-up of 0.3 to 0.6 of its width: the yard alone has only small people."""
EMPTY = 120
JPEG_QUALITY = 92


@dataclass(frozen=True)
class Plan:
    """What is learned from, and how gently."""

    data: Path
    weights: Path
    second: Path
    out: Path
    epochs: int = 8
    rate: float = 5e-5


def make_data(plan: Plan, tell: Callable[[str], None]) -> Path:
    """Write pictures and labels below `plan.out`; the path of the data file for ultralytics."""
    folder = plan.out / "data"
    shutil.rmtree(folder, ignore_errors=True)
    first = load(coco(plan, LARGER), threads=os.cpu_count())
    second = load(plan.second, threads=os.cpu_count())
    for name, source in (
        ("yard", _yard(plan, first, second)),
        ("photo", _photographs(plan, first, second)),
        ("rendered", rendered()),
    ):
        tell(f"{name}: {_write(folder, name, source)}")
    said = {"path": str(folder.resolve()), "train": "images", "val": "images", "names": {0: "person"}}
    (folder / "people.yaml").write_text(json.dumps(said), encoding="utf-8")
    return folder / "people.yaml"


def coco(plan: Plan, size: int) -> Path:
    """Plain COCO at `size` px in OpenVINO: at LARGER px the teacher, at SIZE what the new net must not fall behind."""
    folder = plan.out / f"coco{size}"
    if not folder.is_dir():
        plan.out.mkdir(parents=True, exist_ok=True)
        # A copy: the export lies beside the weights, whose folder may be read-only.
        here = Path(shutil.copyfile(plan.weights, plan.out / f"coco{size}.pt"))
        shutil.move(_yolo(here).export(format="openvino", imgsz=size, half=True), folder)
    return next(folder.glob("*.xml"))


def _yard(plan: Plan, first: Detector, second: Detector) -> Iterator[Labelled]:
    pictures = list(frames(plan.data / "crowd" / "vtest.avi", FIRST, LAST))
    things = standing(first(pictures))
    for one in labelled(pictures[::EVERY], first, second):
        yield without(one, things)
    rng = np.random.default_rng(SEED)
    close = [_close_up(picture, rng) for picture in pictures[::ZOOM_EVERY]]
    # Labelled anew: enlarged, the larger nets see more than in the whole picture.
    yield from labelled(close, first, second)


def _close_up(picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    import cv2

    height, width = picture.shape[:2]
    part = rng.uniform(*ZOOM)
    w, h = int(width * part), int(height * part)
    # Not from the left tenth: there stands what is taken for a person, and no place says so here.
    x, y = int(rng.integers(width // 10, width - w)), int(rng.integers(0, height - h))
    return np.asarray(cv2.resize(picture[y : y + h, x : x + w], (width, height)), dtype=np.uint8)


def _photographs(plan: Plan, first: Detector, second: Detector) -> Iterator[Labelled]:
    """Floods, mostly without people: water, roofs and boats are no people."""
    import cv2

    paths = sorted((plan.data / "flood" / "flood_area" / "images").glob("*.jpg"))
    pictures = [picture for path in paths if (picture := cv2.imread(str(path))) is not None]
    every = labelled([np.asarray(picture, dtype=np.uint8) for picture in pictures], first, second)
    yield from [one for one in every if len(one.boxes)]
    yield from [one for one in every if not len(one.boxes)][:EMPTY]


def _write(folder: Path, name: str, source: Iterable[Labelled]) -> str:
    import cv2

    images, labels = folder / "images", folder / "labels"
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(exist_ok=True)
    pictures = people = 0
    for i, one in enumerate(source):
        to = str(images / f"{name}-{i:04d}.jpg")
        cv2.imwrite(to, one.picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        (labels / f"{name}-{i:04d}.txt").write_text("".join(map(_line, one.boxes)), encoding="utf-8")
        pictures, people = pictures + 1, people + len(one.boxes)
    return f"{pictures} ảnh, {people} người (pictures, people)"


def _line(box: NDArray[np.float32]) -> str:
    x1, y1, x2, y2 = (float(one) for one in box)
    return f"0 {(x1 + x2) / 2:.6f} {(y1 + y2) / 2:.6f} {x2 - x1:.6f} {y2 - y1:.6f}\n"


def _yolo(path: Path) -> Any:
    # Before the import: without it ultralytics looks for weights and fonts on the network.
    os.environ["YOLO_OFFLINE"] = "1"
    from models.vision.ultralytics import library

    return library().YOLO(str(path))


def train(plan: Plan, data: Path) -> Path:
    """Train and export; the folder with the OpenVINO files."""
    os.environ["YOLO_OFFLINE"] = "1"
    from infra.lab.training.trainer import trainer

    run = trainer(plan.weights, {
        "data": str(data), "epochs": plan.epochs, "imgsz": SIZE, "batch": 16, "seed": SEED, "deterministic": True,
        "optimizer": "AdamW", "lr0": plan.rate, "lrf": 0.05, "warmup_epochs": 1, "warmup_bias_lr": 0.0, "cos_lr": True,
        "mosaic": 0.7, "close_mosaic": 3, "mixup": 0.05, "fliplr": 0.5, "scale": 0.5, "translate": 0.1, "hsv_v": 0.5,
        "amp": False, "device": "cpu", "workers": 1, "val": False, "plots": False,
        "project": str((plan.out / "runs").resolve()), "name": "people", "exist_ok": True,
    })  # fmt: skip
    run.train()
    made = _yolo(Path(run.last)).export(format="openvino", imgsz=SIZE, half=True)
    return Path(made)


def shipped(made: Path, out: Path) -> list[Path]:
    """Copy the exported net to `out` as people.xml and people.bin."""
    out.mkdir(parents=True, exist_ok=True)
    found = []
    for suffix in (".xml", ".bin"):
        found.append(out / f"people{suffix}")
        shutil.copy(next(made.glob(f"*{suffix}")), found[-1])
    return found


def described(plan: Plan, out: Path, how: Mapping[str, str]) -> Path:
    """Measure the net in `out` beside plain COCO on what was not learned from; its card, people.md."""
    nets = {
        f"people {SIZE}": out / "people.xml",
        f"COCO YOLOv8n {SIZE}": coco(plan, SIZE),
        f"COCO YOLOv8n {LARGER}": coco(plan, LARGER),
    }
    loaded = {name: load(path, threads=os.cpu_count()) for name, path in nets.items()}
    rows = {
        where: {name: measured(net, truth) for name, net in loaded.items()}
        for where, truth in truths(plan.data).items()
    }
    to = out / "people.md"
    to.write_text(card(rows, hashed(out), how), encoding="utf-8")
    return to
