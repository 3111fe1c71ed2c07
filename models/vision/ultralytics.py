"""The second engine: ultralytics itself, for weights in its own format and as the measure of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.vision.detection import Detections
from models.vision.in_flight import NoNetError
from models.vision.nms import OVERLAP
from models.vision.openvino import LEAST, PERSON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SIZE = 640


class NotInstalledError(NoNetError):
    """The group `vision` is not installed."""


class Ultralytics:
    """A Detector around `YOLO(path)`; any file that ultralytics can open."""

    def __init__(
        self,
        path: str,
        *,
        classes: Sequence[int] | None = PERSON,
        least: float = LEAST,
        size: tuple[int, int] | None = None,
    ) -> None:
        self._net = library().YOLO(path, task="detect")
        trained = self._net.overrides.get("imgsz", _SIZE)
        self._size = size or ((trained, trained) if isinstance(trained, int) else (trained[1], trained[0]))
        self._classes = None if classes is None else list(classes)
        self._least = least
        name = path.replace(chr(92), "/").rpartition("/")[2]
        self._name = f"{name} {self._size[0]}x{self._size[1]} (ultralytics)"

    @property
    def name(self) -> str:
        return self._name

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    def __call__(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        """All pictures in one call; ultralytics itself makes them fit."""
        if not pictures:
            return []
        found = self._net.predict(
            list(pictures),
            imgsz=(self._size[1], self._size[0]),
            batch=len(pictures),
            conf=self._least,
            iou=OVERLAP,
            classes=self._classes,
            device="cpu",
            rect=False,
            verbose=False,
        )
        return [_detections(one.boxes) for one in found]


def library() -> Any:
    """The package ultralytics, which sends nothing anywhere; NotInstalledError when it is not there."""
    try:
        import ultralytics
    except ImportError as error:
        raise NotInstalledError(
            "Tệp .pt cần gói ultralytics, chưa được cài: uv pip install -r infra/run/requirements/vision.txt "
            "(weights in .pt need the package ultralytics, which is not installed)"
        ) from error
    # It counts its users at an address of its own unless told not to: nothing leaves the commune.
    from ultralytics.utils.events import events

    events.enabled = False
    return ultralytics


def _detections(boxes: Any) -> Detections:
    scores = boxes.conf.cpu().numpy().astype(np.float32)
    order = np.argsort(-scores, kind="stable")
    return Detections(
        np.clip(boxes.xyxyn.cpu().numpy().astype(np.float32), 0, 1)[order],
        scores[order],
        boxes.cls.cpu().numpy().astype(np.int64)[order],
    )
