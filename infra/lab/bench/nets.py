"""The nets alone, pictures already decoded: size x engine x batch, frames a second on all cores."""

from __future__ import annotations

import time
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from infra.lab.bench.result import Result, told
from infra.lab.bench.watching import pictures
from models.vision.load import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from models.vision.detection import Detector

SIZES = (320, 416, 640)
BATCHES = (1, 8, 32)


def nets(
    shipped: Path, pt: Path | None, folder: Path, frames: int, runs: int, tell: Callable[[str], None]
) -> list[Result]:
    """The shipped net; and the net at `pt` exported at each size in OpenVINO, beside the same in ultralytics.

    Without ultralytics or its weights the shipped net is measured alone, and that is said. All take turns in each run.
    """
    detectors = {"people (OpenVINO)": _by_size([load(shipped)])}
    if pt is not None and find_spec("ultralytics") is not None:
        detectors |= _both(pt, folder)
    else:
        tell("không có ultralytics: chỉ đo mạng đi kèm (no ultralytics here: the shipped net alone)")
    found = {
        (name, size, batch): partial(_rate, one, size, batch, frames)
        for name, sizes in detectors.items()
        for size, one in sizes.items()
        for batch in BATCHES
    }
    rates: dict[tuple[str, int, int], list[float]] = {which: [] for which in found}
    for run in range(runs):
        for which, measure in found.items():
            rates[which].append(measure())
        tell(f"{run + 1}/{runs}")
    return [
        told(f"{name}, {size} px, lô (batch) {batch}", "frames/s", rates[name, size, batch])
        for name, size, batch in found
    ]


def _by_size(detectors: list[Detector]) -> dict[int, Detector]:
    return {detector.size[0]: detector for detector in detectors}


def _both(pt: Path, folder: Path) -> dict[str, dict[int, Detector]]:
    """The net at `pt` in either engine, by size; the exports stay in `folder`."""
    from ultralytics import YOLO

    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        YOLO(_link(pt, folder / f"{size}.pt")).export(format="openvino", imgsz=size, verbose=False)
    ours = _by_size([load(one) for size in SIZES for one in folder.glob(f"{size}_openvino_model/*.xml")])
    theirs = _by_size([load(pt, size=(size, size)) for size in SIZES])
    return {f"{pt.stem} (OpenVINO)": ours, f"{pt.stem} (ultralytics)": theirs}


def _link(pt: Path, name: Path) -> Path:
    """Ultralytics writes its export beside the weights it reads; those are not ours to write beside."""
    name.unlink(missing_ok=True)
    name.symlink_to(pt.resolve())
    return name


def _rate(detector: Detector, size: int, batch: int, frames: int) -> float:
    """Frames a second over `frames` pictures that need no enlarging, after one batch to wake it."""
    at = (size, size * 9 // 16)
    shown = [_decoded(jpeg, at) for jpeg in pictures()]
    batches = [[shown[(first + i) % len(shown)] for i in range(batch)] for first in range(0, frames, batch)]
    detector(batches[0])
    began = time.perf_counter()
    for one in batches:
        detector(one)
    return len(batches) * batch / (time.perf_counter() - began)


def _decoded(jpeg: bytes, at: tuple[int, int]) -> NDArray[np.uint8]:
    import cv2

    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(cv2.resize(np.asarray(picture), at), np.uint8)
