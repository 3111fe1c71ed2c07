"""The default engine: OpenVINO on the processor, many pictures in flight at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.vision.decode import Head, decode, head
from models.vision.letterbox import Fit, fit, letterboxed
from models.vision.quiet import ColorFormat, PrePostProcessor, ov

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.vision.detection import Detections

PERSON = (0,)
"""COCO's first class, and the only one of a net for people."""
LEAST = 0.2
"""Low on purpose: what is counted is chosen later, but every likely person is made unrecognisable."""
_DYNAMIC = 640


class NoNetError(ValueError):
    """The file is no net that can be used here."""


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
        settings: dict[str, object] = {"PERFORMANCE_HINT": "THROUGHPUT"}
        if _quantised(model):
            # OpenVINO 2026.4 packs int8 weights wrongly when several streams do it at once: on 2 cores 9 of
            # 10 starts found dozens of people or none. With one stream 8 of 8 were right.
            settings["NUM_STREAMS"] = 1
        if threads is not None:
            settings["INFERENCE_NUM_THREADS"] = threads
        net = core.compile_model(_bytes_in(model, self._head), "CPU", settings)
        self._queue = ov.AsyncInferQueue(net)
        self._queue.set_callback(self._take)
        self._found: dict[int, Detections] = {}

    @property
    def name(self) -> str:
        return self._name

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    def __call__(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        """While the net works on some pictures, the next one is made to fit and the last one is decoded."""
        self._found = {}
        centred = self._head is not Head.GRID
        for i, picture in enumerate(pictures):
            height, width = picture.shape[:2]
            place = fit((width, height), self._size, centred=centred)
            ready = letterboxed(picture, self._size, place)[None]
            self._queue.start_async({0: ready}, (i, place))
        self._queue.wait_all()
        return [self._found[i] for i in range(len(pictures))]

    def _take(self, request: ov.InferRequest, about: tuple[int, Fit]) -> None:
        i, place = about
        output = request.get_output_tensor(0).data
        self._found[i] = decode(
            self._head,
            output,
            self._size,
            place,
            least=self._least,
            classes=self._classes,
            units=self._units,
        )


def _read(core: ov.Core, path: str) -> ov.Model:
    try:
        model = core.read_model(path)
    except RuntimeError as error:
        first = str(error).strip().splitlines()[-1]
        raise NoNetError(f"Không đọc được mạng {path} (the net cannot be read): {first}") from error
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
    steps = PrePostProcessor(model)
    # By another name: models may not call the built-in `input`, and the rule is read from the text.
    only = steps.input
    entry = only()
    tensor = entry.tensor()
    tensor.set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC")).set_color_format(ColorFormat.BGR)
    entry.model().set_layout(ov.Layout("NHWC" if _channels_last(model) else "NCHW"))
    work = entry.preprocess().convert_element_type(ov.Type.f32)
    if kind is not Head.GRID:
        work.convert_color(ColorFormat.RGB).scale(255.0)
    steps.output().tensor().set_element_type(ov.Type.f32)
    return steps.build()
