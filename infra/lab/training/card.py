"""Measure the people net on what no training saw, beside plain COCO nets, and write its card.

No box was ever drawn by people in the two films: there, counts are compared. Rendered pictures have true boxes. Training took the
yard's film from frame 401 on, so its frames just before show the same people: what is told ends 20 s earlier, and the rest is told as what
it is. The storm day's two cameras are not told: training took the places themselves, some moments 4 s from those that were told before.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infra.lab.training.measure import Score, count_error, frames, score, sure
from infra.lab.training.rendered import FIRST_SEED, HOURS, RANDOM
from infra.rehearsal.simulator.scene.camera import random_scene
from infra.rehearsal.simulator.scene.crowd import crowd_scene
from models.cameras.again import SURE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from models.vision.detection import Detections, Detector

CONFIDENCE = SURE
"""What a detection needs to be counted by the flow; all nets are compared at it."""
YARD_TOLD, YARD_LAST, STREET_LAST = 260, 400, 71
"""Training takes the yard from 401 on: until 260 there are 20 s between (7 frames a second)."""
FILMS = ("vtest 1-260", "TUD-Campus")
BESIDE = "vtest 261-400, beside what was learned"
UNSEEN, CROWDS = range(9000, 9120), range(9500, 9530)
"""Seeds of random places and of crowds that training never takes: its own begin at FIRST_SEED and are RANDOM many."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A set of pictures (h, w, 3, BGR): how many people each shows, and their boxes where these are known."""

    pictures: list[NDArray[np.uint8]]
    counts: list[int]
    boxes: list[NDArray[np.float32]] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One net on one set: mean absolute error and bias of its counts (people a frame), boxes at IoU 0.5."""

    error: float
    bias: float
    within_one: float
    boxes: Score | None


def truths(data: Path) -> dict[str, Truth]:
    """The sets, by name; `data` is the folder of real recordings."""
    crowd = data / "crowd"
    yard = crowd / "vtest_people_per_frame_1_400.csv"
    return {
        FILMS[0]: _film(crowd / "vtest.avi", 1, YARD_TOLD, yard),
        FILMS[1]: _film(crowd / "tud_campus.mp4", 1, STREET_LAST, crowd / "tud_campus_people_per_frame.csv"),
        BESIDE: _film(crowd / "vtest.avi", YARD_TOLD + 1, YARD_LAST, yard),
        "rendered, random": _exact([random_scene(seed) for seed in UNSEEN]),
        "rendered, crowds of 30-60": _exact([crowd_scene(seed) for seed in CROWDS]),
    }


def _film(film: Path, first: int, last: int, counted: Path) -> Truth:
    with counted.open(encoding="utf-8") as lines:
        people = [int(line["people"]) for line in csv.DictReader(lines)]
    return Truth(list(frames(film, first, last)), people[first - 1 : last])


def _exact(shots: Sequence[tuple[NDArray[np.uint8], NDArray[np.float32]]]) -> Truth:
    boxes = [(b / np.tile(p.shape[1::-1], 2)).astype(np.float32) for p, b in shots]
    return Truth([p for p, _ in shots], [len(box) for box in boxes], boxes)


def measured(net: Detector, truth: Truth) -> Row:
    """How well `net` counts, and finds, the people of a set."""
    return row(net(truth.pictures), truth)


def row(found: Sequence[Detections], truth: Truth, least: float = CONFIDENCE) -> Row:
    """The same for what was found."""
    boxes = [sure(detections, least) for detections in found]
    counts = [len(box) for box in boxes]
    off = np.asarray(counts) - np.asarray(truth.counts)
    return Row(
        count_error(counts, truth.counts),
        float(off.mean()),
        float(np.mean(np.abs(off) <= 1)),
        None if truth.boxes is None else score(boxes, truth.boxes),
    )


def card(rows: Mapping[str, Mapping[str, Row]], hashes: Mapping[str, str], how: Mapping[str, str]) -> str:
    """The card as Markdown; `rows` by set, then by net: ours, then COCO at the same size; `hashes` by file; `how`: seed, command, time, machine."""
    return CARD.format(
        table="\n".join(_line(where, net, one) for where, nets in rows.items() for net, one in nets.items()),
        films="; ".join(_beside(where, list(rows[where].values())) for where in FILMS),
        hashes="\n".join(f"- `{name}` sha256 `{value}`" for name, value in hashes.items()),
        random=RANDOM,
        hours=HOURS,
        first=FIRST_SEED,
        confidence=CONFIDENCE,
        **how,
    )


def hashed(folder: Path) -> dict[str, str]:
    """Sha256 of the net's two files in `folder`."""
    names = ("people.xml", "people.bin")
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def _beside(where: str, rows: Sequence[Row]) -> str:
    ours, plain = rows[0].error, rows[1].error
    word = "tốt hơn (better)" if ours < plain else "kém hơn (worse)"
    return f"{where} {ours:.2f} / {plain:.2f}, {word}"


def _line(where: str, net: str, row: Row) -> str:
    boxes = row.boxes
    found = "– | – | –" if boxes is None else f"{boxes.precision:.2f} | {boxes.recall:.2f} | {boxes.f1:.2f}"
    return f"| {where} | {net} | {found} | {row.error:.2f} | {row.bias:+.2f} | {row.within_one:.2f} |"


CARD = """\
# Mạng nhận dạng người `people` (people detector)

**Dùng để** đếm người trong vùng của camera. YOLOv8n, một lớp (người), ảnh 320 x 320, OpenVINO FP16. Giấy phép AGPL-3.0.

{hashes}

**Học từ** {pictures}: {random} cảnh vẽ ngẫu nhiên (hạt giống từ {first}) và {hours} thời điểm của mỗi camera chợ, đường
(nhãn chính xác); `vtest.avi` khung hình 401-795 và ảnh lũ `flood_area` (nhãn do hai mạng lớn hơn cùng đồng ý: YOLOv8n 640,
YOLOX-Nano; không ai kiểm lại bằng mắt). Bắt đầu từ COCO YOLOv8n, mọi lớp đều học, hạt giống {seed}.
Lệnh: `{command}`. Thời gian: {time}. Máy: {machine}.

**Không làm được:** người bị che trên 3/4 thân; người rất nhỏ ở xa, người ngồi, nằm,
bơi, đi thuyền (gần như không có trong dữ liệu học); đêm thật (chỉ học đêm vẽ). Không nhận ra ai là ai. Vật đứng yên giống
người thì dùng `without` của vùng. vtest 1-260 cùng camera với phần đã học (cách 20 giây), nên không phải camera lạ; TUD-Campus mới là lạ.

## English

**For** counting people in a camera's zones. YOLOv8n, one class, 320 x 320, OpenVINO FP16. Licence AGPL-3.0.

**Learned from** {pictures}: {random} random rendered places (seeds from {first}) and {hours} moments of each of the market's and
the road's camera (exact labels); frames 401-795 of `vtest.avi` and flood photographs of `flood_area` (labels on which two
larger nets agree: YOLOv8n at 640, YOLOX-Nano; nobody checked them by eye). From COCO's YOLOv8n, all layers trained, seed {seed}.
Command: `{command}`. Time: {time}. Machine: {machine}.

**Cannot:** people of whom more than 3/4 is hidden; very small people far away, people who
sit, lie, swim or go by boat (hardly any in what it learned from); real nights (only rendered ones were learned). It knows nobody.
For a thing that looks like a person, use a zone's `without`. vtest 1-260 is the camera of the learned part, 20 s before it, so it is
no unseen camera; TUD-Campus is.

## Số đo / Figures (confidence {confidence}, one run)

P, R, F1: khung ở IoU 0.5 (boxes at IoU 0.5; the films have true counts only). MAE, bias, within 1: người mỗi ảnh (people a frame).
Cảnh vẽ cùng kiểu với cảnh đã học, khác hạt giống: hơn COCO ở đó là điều dĩ nhiên. Truth của vtest không kể người ở góc trên bên phải.
(Rendered pictures are of the learned kind, with other seeds: to beat COCO there is to be expected. The truth of vtest leaves out who
walks at the far right, x > 0.82 and y < 0.29: nobody is annotated there.)

Phim thật, MAE so với COCO cùng cỡ (real films, MAE beside COCO at the same size): {films}.

| set | net | P | R | F1 | MAE | bias | within 1 |
|---|---|---|---|---|---|---|---|
{table}
"""
