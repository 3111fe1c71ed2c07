"""Pictures with masks of water, by source; pictures are read when they are needed, never copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infra.lab.labelling import book
from infra.lab.labelling.label import Kind, Label, mask
from infra.lab.training.measure import frames
from infra.lab.training.water.split import Part, fingerprint, groups, part
from infra.rehearsal.simulator.scene.camera import VIEWS, random_scene, render

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

LONGEST = 640
"""Pixels of a longer side; most photographs have just that."""
IGNORED = 255
"""In a mask: nobody knows, neither learned from nor measured on."""
YARD_FIRST, YARD_LAST, YARD_EVERY = 401, 795, 20
CAMPUS_LAST, CAMPUS_EVERY = 30, 4
"""Frames of two films that are learned from as dry: the yard's from 401, the campus' up to 30; the others only measure."""
SCENES, MOMENTS = range(2000, 2024), 4
"""Seeds of rendered dry places; and moments of each of the storm day's cameras."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture (h, w, 3, BGR), its mask (h, w) uint8 of 0, 1 and IGNORED, and its kinds."""

    name: str
    picture: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    kinds: tuple[Kind, ...] = ()


def bounded(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """At most LONGEST pixels wide and high."""
    import cv2

    height, width = picture.shape[:2]
    scale = LONGEST / max(height, width)
    if scale >= 1:
        return picture
    size = (round(width * scale), round(height * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def street(data: Path, labels: Path) -> dict[Part, list[Sample]]:
    """Photographs from the ground with a certain label, and the dry ones, by what they are for."""
    photographs = data / "flood" / "street_photos"
    pictures = {path.name: _read(path) for path in sorted(photographs.glob("*/*.jpg"))}
    group = groups({name: fingerprint(picture) for name, picture in pictures.items()})
    known = book.read(labels)
    found: dict[Part, list[Sample]] = {aim: [] for aim in Part}
    for name, picture in pictures.items():
        label = known.get(name)
        if label is None and name.startswith("dry_"):
            label = Label(name, [Kind.DRY])
        if label is not None and not label.unsure:
            found[part(group[name])].append(_sample(picture, label))
    return found


def _read(path: Path) -> NDArray[np.uint8]:
    import cv2

    picture = cv2.imread(str(path))
    if picture is None:
        raise ValueError(f"{path}: không mở được ảnh (the picture cannot be opened)")
    return bounded(np.asarray(picture, np.uint8))


def _sample(picture: NDArray[np.uint8], label: Label) -> Sample:
    height, width = picture.shape[:2]
    return Sample(label.name, picture, mask(label, (width, height)).astype(np.uint8), tuple(label.kinds))


def aerial(data: Path) -> list[Sample]:
    """The photographs of flood_area, mostly from the air, with the masks that came with them."""
    import cv2

    folder = data / "flood" / "flood_area"
    found = []
    for path in sorted((folder / "images").glob("*.jpg")):
        picture = _read(path)
        drawn = cv2.imread(str(folder / "masks" / f"{path.stem}.png"), cv2.IMREAD_GRAYSCALE)
        if drawn is None:
            continue
        size = (picture.shape[1], picture.shape[0])
        water = cv2.resize(drawn, size, interpolation=cv2.INTER_NEAREST) > 127
        found.append(Sample(path.name, picture, water.astype(np.uint8), (Kind.AERIAL,)))
    return found


def dry(data: Path) -> list[Sample]:
    """Frames of the two films, and rendered places without water."""
    crowd = data / "crowd"
    yard = list(frames(crowd / "vtest.avi", YARD_FIRST, YARD_LAST))[::YARD_EVERY]
    campus = list(frames(crowd / "tud_campus.mp4", 1, CAMPUS_LAST))[::CAMPUS_EVERY]
    drawn = [random_scene(seed)[0] for seed in SCENES]
    hours = np.linspace(5.5, 19.5, MOMENTS) * 3600
    drawn += [render(view, float(second))[0] for view in VIEWS.values() for second in hours]
    return [
        Sample(f"{name}-{i}", bounded(picture), np.zeros(bounded(picture).shape[:2], np.uint8), (Kind.DRY,))
        for name, pictures in (("yard", yard), ("campus", campus), ("drawn", drawn))
        for i, picture in enumerate(pictures)
    ]
