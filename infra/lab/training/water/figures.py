"""The figures of a card: by kind, on dry pictures, its probability, its speed beside the people net."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from connectors.weights import OWN
from infra.lab.labelling.label import Kind
from infra.lab.training.measure import frames
from infra.lab.training.water.measure import (
    Bin,
    Overlap,
    counts,
    drawn,
    falsely_wet,
    overlap,
    reliability,
)
from infra.lab.training.water.sources import CAMPUS_LAST, YARD_FIRST, bounded, street
from infra.lab.training.water.split import Part
from infra.rehearsal.simulator.scene.camera import random_scene
from models.vision.load import load
from models.vision.water_net import load_segmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from infra.lab.training.water.sources import Sample
    from models.vision.segmentation import Segmenter

CAMPUS_FROM, CAMPUS_TO, YARD_EVERY = CAMPUS_LAST + 11, 71, 10
UNSEEN = range(9000, 9041)
"""Seeds of 41 rendered places that training never takes."""
SPEED = 16
"""Pictures a round, and of seven rounds the middle one counts."""
WHOLE = "all wet"


@dataclass(frozen=True, slots=True)
class Dry:
    """Pictures without water: how many, how many of them the net calls wet."""

    pictures: int
    wet: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a card tells; `kinds` by name of the kind, first of all together; `speeds` in pictures a second on one core."""

    kinds: dict[str, Overlap]
    dry: dict[str, Dry]
    bins: list[Bin]
    speeds: dict[str, float]
    load: float


def figures(
    data: Path,
    labels: Path,
    folder: Path,
    net: Segmenter,
    held: Sequence[Sample],
    grids: Sequence[NDArray[np.float32]],
) -> Figures:
    """Of `net`; `held`: what it never learned from, `grids`: what it says of that; `folder` has it."""
    said, true = drawn(grids, held)
    pictures = [held[i].picture for i in range(min(SPEED, len(held)))]
    speeds = {
        "water": on_one_core(lambda: load_segmenter(folder / "water.xml", threads=1), pictures),
        "people": on_one_core(lambda: load(OWN, threads=1), pictures),
    }
    return Figures(
        by_kind(held, grids),
        {name: wet_among(net, shown) for name, shown in dry_sets(data, labels).items()},
        reliability(said, true),
        speeds,
        os.getloadavg()[0],
    )


def by_kind(samples: Sequence[Sample], grids: Sequence[NDArray[np.float32]]) -> dict[str, Overlap]:
    """Overlap of wet pictures, all together and by each of their kinds."""
    found: dict[str, list[tuple[int, int]]] = {name: [] for name in (WHOLE, *Kind)}
    for sample, grid in zip(samples, grids, strict=True):
        if (sample.mask == 1).any():
            pair = counts(grid, sample.mask)
            for name in (WHOLE, *sample.kinds):
                found[name].append(pair)
    return {name: overlap(pairs) for name, pairs in found.items() if pairs}


def dry_sets(data: Path, labels: Path) -> dict[str, list[NDArray[np.uint8]]]:
    """Pictures without water that were not learned from, by name."""
    parts = street(data, labels)
    photographs = [
        sample.picture
        for part in (Part.TEST, Part.CALIBRATE)
        for sample in parts[part]
        if not (sample.mask == 1).any()
    ]
    crowd = data / "crowd"
    return {
        "street_photos, dry": photographs,
        f"vtest 1-{YARD_FIRST - 1}": list(frames(crowd / "vtest.avi", 1, YARD_FIRST - 1))[::YARD_EVERY],
        f"TUD-Campus {CAMPUS_FROM}-{CAMPUS_TO}": list(
            frames(crowd / "tud_campus.mp4", CAMPUS_FROM, CAMPUS_TO)
        ),
        "rendered, random": [bounded(random_scene(seed)[0]) for seed in UNSEEN],
    }


def wet_among(net: Segmenter, pictures: Sequence[NDArray[np.uint8]]) -> Dry:
    """How many of the dry `pictures` are called wet."""
    return Dry(len(pictures), sum(falsely_wet(grid) for grid in net(pictures)))


def on_one_core(
    opened: Callable[[], Callable[[list[NDArray[np.uint8]]], object]], pictures: list[NDArray[np.uint8]]
) -> float:
    """Pictures a second of the net that `opened` gives, the making to fit included."""
    everywhere = os.sched_getaffinity(0)
    # Before it is opened: the threads of a net stay where they were born.
    os.sched_setaffinity(0, {min(everywhere)})
    try:
        looks = opened()
        looks(pictures)
        took = []
        for _ in range(7):
            began = time.perf_counter()
            looks(pictures)
            took.append(time.perf_counter() - began)
    finally:
        os.sched_setaffinity(0, everywhere)
    return len(pictures) / float(np.median(took))
