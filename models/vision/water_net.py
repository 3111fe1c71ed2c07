"""Where the water is: our own net in OpenVINO, and ultralytics' semantic nets as the second engine."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.vision.in_flight import InFlight, NoNetError, read, settings, takes_bytes
from models.vision.letterbox import Fit, fit, letterboxed
from models.vision.quiet import ColorFormat, ov
from models.vision.segmentation import whole
from models.vision.ultralytics import library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.vision.segmentation import Segmenter

WATER = "water"
"""What a net of several classes must call it; of one class it is that one."""
_SIZE = 640


class WaterNet:
    """A Segmenter from .xml: a graph with one picture in, RGB 0..255, and one grid of probabilities out.

    Normalisation, sigmoid and calibration are in the graph; bytes and BGR to RGB are put before it here.
    `threads`: None is all cores.
    """

    def __init__(self, path: str, *, threads: int | None = None) -> None:
        core = ov.Core()
        model = _read(core, path)
        rows, columns = (model.inputs[0].shape[i] for i in (2, 3))
        self._size = (columns, rows)
        self._name = f"{PurePath(path).name} {columns}x{rows} (OpenVINO)"
        net = core.compile_model(_bytes_in(model), "CPU", settings(threads))
        self._asked = InFlight(net, self._size, self._grid, ready=_calm)

    @property
    def name(self) -> str:
        return self._name

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    def __call__(self, pictures: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
        return self._asked(pictures)

    def _grid(self, output: NDArray[np.float32], place: Fit) -> NDArray[np.float32]:
        return whole(output[0, 0], place, self._size)


class UltralyticsWater:
    """A Segmenter around `YOLO(path)` with a semantic head; the class `water`, or the only one."""

    def __init__(self, path: str) -> None:
        self._net = library().YOLO(path, task="semantic")
        names = {name: number for number, name in self._net.names.items()}
        if WATER not in names and len(names) != 1:
            found = ", ".join(names)
            raise NoNetError(f"{path}: không có lớp {WATER} (no class {WATER}), {found}")
        self._class = names.get(WATER, 0)
        trained = self._net.overrides.get("imgsz", _SIZE)
        self._size = (trained, trained) if isinstance(trained, int) else (trained[1], trained[0])
        self._name = f"{PurePath(path).name} {self._size[0]}x{self._size[1]} (ultralytics)"

    @property
    def name(self) -> str:
        return self._name

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    def __call__(self, pictures: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
        """Its own `predict` gives only the likelier class of each pixel: here the net is asked for its probability."""
        return [self._look(picture) for picture in pictures]

    def _look(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        import torch

        place = fit((picture.shape[1], picture.shape[0]), self._size, centred=True)
        rgb = letterboxed(_calm(picture, place), self._size, place)[None, :, :, ::-1].transpose(0, 3, 1, 2)
        with torch.inference_mode():
            seen = self._net.model(torch.from_numpy(np.ascontiguousarray(rgb, np.float32) / 255))
        logits = seen[0] if isinstance(seen, (tuple, list)) else seen
        sure = logits.softmax(1)[:, self._class] if logits.shape[1] > 1 else logits.sigmoid()[:, 0]
        return whole(np.asarray(sure[0].numpy(), np.float32), place, self._size)


def load_segmenter(path: PurePath | str, *, threads: int | None = None) -> Segmenter:
    """The segmenter of `path`: .xml in OpenVINO, .pt in ultralytics; NoNetError names what is wrong."""
    suffix = PurePath(path).suffix.lower()
    if suffix == ".xml":
        return WaterNet(str(path), threads=threads)
    if suffix == ".pt":
        return UltralyticsWater(str(path))
    raise NoNetError(
        f"Không biết mở {path}; hiểu được .xml, .pt (no way to open it; expected one of .xml, .pt)"
    )


def _calm(picture: NDArray[np.uint8], place: Fit) -> NDArray[np.uint8]:
    """A picture of twice the size or more, made small by averaging: left out pixels of gravel glitter as ripples do."""
    if picture.shape[1] < 2 * place.width:
        return picture
    small = cv2.resize(picture, (place.width, place.height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _read(core: ov.Core, path: str) -> ov.Model:
    model = read(core, path)
    inside, out = ([port.partial_shape for port in ports] for ports in (model.inputs, model.outputs))
    fits = len(inside) == len(out) == 1 and inside[0].is_static and out[0].is_static
    if not fits or len(inside[0]) != 4 or list(out[0])[:2] != [1, 1] or len(out[0]) != 4:
        said = f"{', '.join(map(str, inside))} -> {', '.join(map(str, out))}"
        raise NoNetError(
            f"{path}: cần (1, 3, cao, rộng) -> (1, 1, hàng, cột) "
            f"(expected one picture in, one grid of water out), {said}"
        )
    return model


def _bytes_in(model: ov.Model) -> ov.Model:
    """Let the graph take BGR bytes (1, h, w, 3)."""
    steps, work = takes_bytes(model, "NCHW")
    work.convert_color(ColorFormat.RGB)
    steps.output().tensor().set_element_type(ov.Type.f32)
    return steps.build()
