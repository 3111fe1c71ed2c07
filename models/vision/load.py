"""From the path of weights to a Detector; the kind of file chooses the engine."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from models.vision.in_flight import NoNetError
from models.vision.openvino import LEAST, PERSON, OpenVino
from models.vision.ultralytics import Ultralytics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.vision.detection import Detector

OPENVINO = (".xml", ".onnx", ".tflite")
ULTRALYTICS = (".pt",)


def load(
    path: PurePath | str,
    *,
    threads: int | None = None,
    classes: Sequence[int] | None = PERSON,
    least: float = LEAST,
    size: tuple[int, int] | None = None,
    engine: str | None = None,
) -> Detector:
    """The detector of `path`: .xml, .onnx, .tflite in OpenVINO, .pt in ultralytics, or `engine` by name.

    `classes`: what the net calls persons. `least`: lower scores are dropped. NoNetError names what is wrong.
    """
    suffix = PurePath(path).suffix.lower()
    name = engine or ("ultralytics" if suffix in ULTRALYTICS else "openvino")
    if suffix not in OPENVINO + ULTRALYTICS or name not in ("openvino", "ultralytics"):
        known = ", ".join(OPENVINO + ULTRALYTICS)
        raise NoNetError(
            f"Không biết mở {path} bằng {name}; hiểu được {known} "
            f"(no way to open it with {name}; expected one of {known})"
        )
    if name == "ultralytics":
        return Ultralytics(str(path), classes=classes, least=least, size=size)
    return OpenVino(str(path), threads=threads, classes=classes, least=least, size=size)
