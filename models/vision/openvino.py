"""The default engine: OpenVINO on the processor, many pictures in flight at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.vision.decode import Head, decode, head
from models.vision.in_flight import InFlight, NoNetError, read, settings, takes_bytes
from models.vision.quiet import ColorFormat, ov

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.vision.detection import Detections
    from models.vision.letterbox import Fit

PERSON = (0,)
"""COCO's first class, and the only one of a net for people."""
LEAST = 0.2
"""Low on purpose: what is counted is chosen later, but every likely person is made unrecognisable."""
_DYNAMIC = 640


class OpenVino:
    """A Detector from .xml, .onnx or .tflite; in the net's graph: bytes to floats, BGR to RGB, 1/255.

    `threads`: None is all cores. `size`: (width, height), for a net whose input may have any size.
    """

    def __init__(
        self,
        path: str,
        *,
        threads: int | None = None,
        classes: Sequence[int] | None = PERSON,
        least: float = LEAST,
        size: tuple[int, int] | None = None,
    ) -> None:
        core = ov.Core()
        model = _read(core, path)
        rows = _fixed(model, size)
        self._size = rows
        self._units = path.endswith(".tflite")
        self._head = head(list(model.outputs[0].shape), rows)
        self._classes, self._least = classes, least
        self._name = f"{path.replace(chr(92), '/').rpartition('/')[2]} {rows[0]}x{rows[1]} (OpenVINO)"
        chosen = settings(threads)
        if _quantised(model):
            # OpenVINO 2026.4 packs int8 weights wrongly when several streams do it at once: on 2 cores 9 of
            # 10 starts found dozens of people or none. With one stream 8 of 8 were right.
            chosen["NUM_STREAMS"] = 1
        net = core.compile_model(_bytes_in(model, self._head), "CPU", chosen)
        self._asked = InFlight(net, rows, self._decoded, centred=self._head is not Head.GRID)

    @property
    def name(self) -> str:
        return self._name

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    def __call__(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        return self._asked(pictures)

    def _decoded(self, output: NDArray[np.float32], place: Fit) -> Detections:
        return decode(
            self._head,
            output,
            self._size,
            place,
            least=self._least,
            classes=self._classes,
            units=self._units,
        )


def _read(core: ov.Core, path: str) -> ov.Model:
    model = read(core, path)
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        found = f"{len(model.inputs)} -> {len(model.outputs)}"
        raise NoNetError(f"{path}: cần 1 đầu vào, 1 đầu ra (expected one input, one output), {found}")
    return model


def _quantised(model: ov.Model) -> bool:
    """Whether weights are bytes, or are made so while the net runs."""
    kinds = {(one.get_type_name(), one.get_output_element_type(0)) for one in model.get_ops()}
    return any(
        name == "FakeQuantize" or (name == "Constant" and kind in (ov.Type.i8, ov.Type.u8))
        for name, kind in kinds
    )


def _channels_last(model: ov.Model) -> bool:
    shape = model.inputs[0].partial_shape
    return len(shape) == 4 and shape[3].is_static and shape[3].get_length() == 3


def _fixed(model: ov.Model, size: tuple[int, int] | None) -> tuple[int, int]:
    """Give the input one picture and a fixed size; its (width, height)."""
    shape = model.inputs[0].partial_shape
    if len(shape) != 4:
        raise NoNetError(f"Đầu vào {shape} không phải ảnh (the input is no picture)")
    last = _channels_last(model)
    rows, columns = (shape[1], shape[2]) if last else (shape[2], shape[3])
    if shape.is_dynamic:
        height = rows.get_length() if rows.is_static else (size or (_DYNAMIC, _DYNAMIC))[1]
        width = columns.get_length() if columns.is_static else (size or (_DYNAMIC, _DYNAMIC))[0]
        model.reshape([1, height, width, 3] if last else [1, 3, height, width])
        return width, height
    return columns.get_length(), rows.get_length()


def _bytes_in(model: ov.Model, kind: Head) -> ov.Model:
    """Let the graph take BGR bytes (1, h, w, 3): YOLOX was trained on BGR 0..255, the others on RGB 0..1."""
    steps, work = takes_bytes(model, "NHWC" if _channels_last(model) else "NCHW")
    if kind is not Head.GRID:
        work.convert_color(ColorFormat.RGB).scale(255.0)
    steps.output().tensor().set_element_type(ov.Type.f32)
    return steps.build()
