"""A true decoder's smear: H.264 with lost packets, through the decoder that the platform uses; and the same picture encoded anew."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]


def packets(pictures: list[Picture], rate: int, bits: int, gop: int) -> list[bytes]:
    """Each picture encoded as a camera does: one key frame in `gop`, no picture of both sides, `bits` a second."""
    height, width = pictures[0].shape[:2]
    out = av.CodecContext.create("libx264", "w")
    out.width, out.height, out.pix_fmt = width // 2 * 2, height // 2 * 2, "yuv420p"
    out.time_base, out.framerate, out.bit_rate, out.gop_size = Fraction(1, rate), Fraction(rate), bits, gop
    out.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "threads": "1",
        "bf": "0",
        "slice-max-size": "1200",
    }
    made: list[bytes] = []
    for i, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(
            np.ascontiguousarray(picture[: out.height, : out.width]), format="bgr24"
        )
        frame.pts = i
        made += [bytes(packet) for packet in out.encode(frame)]
    return made + [bytes(packet) for packet in out.encode(None)]


def lossy(several: Iterable[bytes], lost: float, seed: int, whole_until: int) -> Iterator[bytes]:
    """Each packet without some of its slices; a stream keeps its parameter sets."""
    random = np.random.default_rng(seed)
    for i, packet in enumerate(several):
        units = packet.split(b"\x00\x00\x01")
        kept = [units[0]]
        for unit in units[1:]:
            is_slice = bool(unit) and unit[0] & 31 in (1, 5)
            if not is_slice or i < whole_until or random.uniform() > lost:
                kept.append(unit)
        yield b"\x00\x00\x01".join(kept)


def decoded(stream: Iterable[bytes]) -> list[Picture]:
    """What FFmpeg makes of it, concealment and all; the last picture again where it makes none."""
    decoder = av.CodecContext.create("h264", "r")
    decoder.options = {"threads": "1"}
    shown: list[Picture] = []
    for data in stream:
        try:
            frames = decoder.decode(av.Packet(data)) if data else []
        except av.FFmpegError:
            frames = []
        found = frames[-1].to_ndarray(format="bgr24") if frames else shown[-1].copy()
        shown.append(np.asarray(found, np.uint8))
    return shown


def smeared(pictures: list[Picture], since: int, lost: float, seed: int, gop: int = 40) -> list[Picture]:
    """The clip through an encoder and a decoder; from picture `since` on, slices are lost."""
    made = packets(pictures, 5, 800_000, gop)
    return decoded(lossy(made, lost, seed, since))


def encoded_again(pictures: list[Picture], bits: int = 500_000, gop: int = 2) -> list[Picture]:
    """The clip through the encoder and its decoder, nothing lost."""
    return decoded(packets(pictures, 2, bits, gop))
