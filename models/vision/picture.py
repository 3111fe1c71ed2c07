"""Open a JPEG at the size that is needed, or say why not; the answer is a value, never an exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_PIXELS = 24_000_000
"""Twelve times 1080p. Decoded it takes 72 MB; more is refused from the header, before it costs anything."""
FLAT = 1.0
"""Standard deviation, of 255, below which a picture shows nothing: a lens cap, a decoder's grey."""
_START, _END = b"\xff\xd8", b"\xff\xd9"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""SOF0..SOF15 (ITU-T T.81, table B.1) without DHT, JPG and DAC: the headers that hold the size."""
_SCAN = 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""TEM and RST0..7: markers without a length."""
_REDUCED = {
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    1: cv2.IMREAD_COLOR,
}


def open_jpeg(jpeg: bytes, at_least: tuple[int, int]) -> NDArray[np.uint8] | Refusal:
    """The picture (h, w, 3, BGR) for a net of `at_least` (width, height), or what is wrong with it."""
    found = size(jpeg)
    if isinstance(found, Refusal):
        return found
    picture = decode(jpeg, found, at_least)
    if picture is None:
        return _not_a_picture("bộ giải mã không đọc được", "the decoder could not read it")
    return _nothing_to_see(picture) or picture


def size(jpeg: bytes) -> tuple[int, int] | Refusal:
    """Width and height in pixels, from the frame header; nothing is decoded.

    A picture without its end marker is refused: OpenCV would fill what is missing with grey, silently.
    """
    if not jpeg:
        return _not_a_picture("rỗng (0 byte)", "empty (0 bytes)")
    if not jpeg.startswith(_START):
        magic = jpeg[:4].hex(" ")
        return _not_a_picture(f"bắt đầu bằng {magic}, cần ff d8", f"begins with {magic}, expected ff d8")
    header = _header(jpeg)
    if header is None:
        where = f"{len(jpeg)} byte"
        return _not_a_picture(f"đầu tệp bị cắt ({where})", f"its header is cut off ({where}s)")
    width, height, scan = header
    if width * height > MAX_PIXELS:
        million, most = width * height / 1e6, MAX_PIXELS // 1_000_000
        return Refusal(
            Reason.TOO_BIG,
            f"Ảnh quá lớn: {width}x{height} = {million:.1f} triệu điểm ảnh, tối đa {most}",
            f"picture: expected at most {most} megapixels, found {width}x{height} = {million:.1f}",
        )
    # In the coded data ff is always followed by 00 or RST, so this finds no end but a real one.
    if jpeg.rfind(_END, scan) < 0:
        return _not_a_picture(
            f"bị cắt sau {len(jpeg)} byte (thiếu ff d9)", f"cut off after {len(jpeg)} bytes (no ff d9)"
        )
    return width, height


def decode(jpeg: bytes, found: tuple[int, int], at_least: tuple[int, int]) -> NDArray[np.uint8] | None:
    """Decode at 1/8, 1/4, 1/2 or whole: the least that still covers `found` fitted into `at_least`.

    The reduction happens within the inverse DCT, so a 1080p picture costs less than half at 1/2.
    """
    scale = min(at_least[0] / found[0], at_least[1] / found[1])
    reduction = next((one for one in (8, 4, 2) if 1 / one >= scale), 1)
    flags = _REDUCED[reduction] | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), flags)
    except cv2.error:
        return None
    return None if picture is None else np.asarray(picture, dtype=np.uint8)


def _header(jpeg: bytes) -> tuple[int, int, int] | None:
    """Width, height, and where the first scan begins; None when the segments end before both."""
    at, shape, end = 2, None, len(jpeg)
    while at + 4 <= end and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        if marker == _SCAN:
            return None if shape is None else (*shape, at)
        if marker in _FRAMES and at + 9 <= end:
            height, width = int.from_bytes(jpeg[at + 5 : at + 7]), int.from_bytes(jpeg[at + 7 : at + 9])
            shape = (width, height) if width and height else None
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return None


def _nothing_to_see(picture: NDArray[np.uint8]) -> Refusal | None:
    # Every fourth pixel both ways: a sixteenth of the work, and no part of a scene is that small.
    _, deviation = cv2.meanStdDev(np.ascontiguousarray(picture[::4, ::4]))
    spread = float(deviation.max())
    if spread >= FLAT:
        return None
    return Refusal(
        Reason.NOTHING_TO_SEE,
        f"Ảnh chỉ một màu: độ lệch chuẩn {spread:.2f}, cần ít nhất {FLAT:g}",
        f"picture: expected a standard deviation of at least {FLAT:g}, found {spread:.2f}: one colour",
    )


def _not_a_picture(vi: str, en: str) -> Refusal:
    return Refusal(Reason.NOT_A_PICTURE, f"Không phải ảnh JPEG trọn vẹn: {vi}", f"not a whole JPEG: {en}")
