"""A film of a camera: H.264 of key frames only, as .mp4 and as raw access units for the RTSP server; its truth beside it.

Key frames only, so that who comes late can begin anywhere: the film is served by the wall clock, not from its start.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import msgspec
import numpy as np
from av.bitstream import BitStreamFilterContext

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from infra.rehearsal.simulator.scene.flood_cameras import Seen

CRF = "24"
"""x264's quality: 80 kB for a key frame of the rendered market at 1280 x 720."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a film: what the camera shows, who is truly there (None: nobody can know), and what is true of the water."""

    second_of_day: float
    picture: NDArray[np.uint8]
    people: int | None
    seen: Seen | None = None


def make(shots: Iterable[Shot], path: Path, fps: int, keys_every: int = 1) -> int:
    """Write PATH.mp4, PATH.h264 with PATH.json (size of each access unit), PATH.truth.jsonl; returns the pictures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        av.open(str(path.with_suffix(".mp4")), "w") as film,
        path.with_suffix(".truth.jsonl").open("w", encoding="utf-8") as beside,
    ):
        stream = None
        for shot in shots:
            if stream is None:
                stream = film.add_stream("libx264", rate=fps)
                stream.height, stream.width = shot.picture.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.codec_context.gop_size = keys_every
                # One slice a picture: the server's payloader ends a picture with each slice.
                stream.options = {
                    "preset": "veryfast",
                    "crf": CRF,
                    "x264-params": f"slices=1:sliced-threads=0:scenecut=0:bframes=0:keyint={keys_every}",
                }
            true = {"second": shot.second_of_day, "people": shot.people}
            if shot.seen is not None:
                true |= msgspec.to_builtins(shot.seen)
            beside.write(json.dumps(true) + "\n")
            film.mux(stream.encode(av.VideoFrame.from_ndarray(shot.picture, format="bgr24")))
        if stream is not None:
            film.mux(stream.encode())
    sizes = _access_units(path)
    path.with_suffix(".json").write_text(json.dumps({"fps": fps, "sizes": sizes}), encoding="ascii")
    return len(sizes)


def _access_units(path: Path) -> list[int]:
    """Write PATH.h264 from PATH.mp4: byte stream, each unit with its parameter sets; the size of each."""
    with av.open(str(path.with_suffix(".mp4"))) as film, path.with_suffix(".h264").open("wb") as raw:
        stream = film.streams.video[0]
        units = BitStreamFilterContext("h264_mp4toannexb", stream)
        return [raw.write(bytes(unit)) for packet in film.demux(stream) for unit in units.filter(packet)]


def truth(path: Path) -> list[tuple[float, int | None]]:
    """(second of the day, people) of each picture of the film at `path`."""
    lines = path.with_suffix(".truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [(one["second"], one["people"]) for one in map(json.loads, lines)]
