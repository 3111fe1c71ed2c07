"""A net in OpenVINO with many pictures in flight at once: what every net of ours shares, whatever it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from models.vision.letterbox import Fit, fit, letterboxed
from models.vision.quiet import ColorFormat, PrePostProcessor, ov

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

Found = TypeVar("Found")


class NoNetError(ValueError):
    """The file is no net that can be used here."""


class InFlight(Generic[Found]):
    """Asks a compiled net for each of several pictures, and reads its answers in their order.

    `size`: (width, height) of the net's input, `centred`: how pictures are put into it (models/vision/letterbox.py). `taken` makes what is
    found of an output and the picture's place in the input, `ready` what the net is given of a picture.
    """

    def __init__(
        self,
        net: ov.CompiledModel,
        size: tuple[int, int],
        taken: Callable[[NDArray[np.float32], Fit], Found],
        *,
        centred: bool = True,
        ready: Callable[[NDArray[np.uint8], Fit], NDArray[np.uint8]] = lambda picture, _place: picture,
    ) -> None:
        self._size, self._taken, self._centred, self._ready = size, taken, centred, ready
        self._queue = ov.AsyncInferQueue(net)
        self._queue.set_callback(self._take)
        self._found: dict[int, Found] = {}

    def __call__(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Found]:
        """While the net works on some pictures, the next one is made to fit and the last one is read."""
        self._found = {}
        for i, picture in enumerate(pictures):
            height, width = picture.shape[:2]
            place = fit((width, height), self._size, centred=self._centred)
            given = letterboxed(self._ready(picture, place), self._size, place)[None]
            self._queue.start_async({0: given}, (i, place))
        self._queue.wait_all()
        return [self._found[i] for i in range(len(pictures))]

    def _take(self, request: ov.InferRequest, about: tuple[int, Fit]) -> None:
        i, place = about
        self._found[i] = self._taken(request.get_output_tensor(0).data, place)


def read(core: ov.Core, path: str) -> ov.Model:
    """The net of a file; NoNetError says why there is none in it."""
    try:
        return core.read_model(path)
    except RuntimeError as error:
        first = str(error).strip().splitlines()[-1]
        raise NoNetError(f"Không đọc được mạng {path} (the net cannot be read): {first}") from error


def settings(threads: int | None) -> dict[str, object]:
    """For throughput, on so many threads; None is all cores."""
    found: dict[str, object] = {"PERFORMANCE_HINT": "THROUGHPUT"}
    if threads is not None:
        found["INFERENCE_NUM_THREADS"] = threads
    return found


def takes_bytes(model: ov.Model, layout: str) -> tuple[PrePostProcessor, ov.preprocess.PreProcessSteps]:
    """Steps before a graph of `layout`, NHWC or NCHW, that let it take BGR bytes (1, h, w, 3); the second are still to be told what becomes of the floats."""
    steps = PrePostProcessor(model)
    # By another name: models may not call the built-in `input`, and the rule is read from the text.
    only = steps.input
    entry = only()
    tensor = entry.tensor()
    tensor.set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC")).set_color_format(ColorFormat.BGR)
    entry.model().set_layout(ov.Layout(layout))
    return steps, entry.preprocess().convert_element_type(ov.Type.f32)
