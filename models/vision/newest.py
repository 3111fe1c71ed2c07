"""The newest picture of a camera that watches water, as it is kept to be looked at: people and plates pixelated, the water in its zones drawn in.

Blue is water that counts; grey is what only the net says (a camera that nobody taught); where nothing can be known no water is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.catalogue.analytics import ZONE_KINDS
from models.catalogue.flags import Flag
from models.vision.cells import COLUMNS, ROWS, cells
from models.vision.drawn import WATER, ZONE
from models.vision.plates import plates
from models.vision.privacy import pixelated
from models.vision.water import REDRAWN, UNTAUGHT, water

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone
    from models.vision.water import Wet

MOST_BYTES = 40_000
"""41 cameras are then 1.6 MB in the store, and a screen of nine pictures 0.4 MB."""
TRIES = ((1.0, 80), (1.0, 65), (1.0, 50), (0.75, 50), (0.5, 50), (0.5, 30))
"""Part of the width (of 640) and quality of the JPEG, one after the other until it is small enough."""
DOUBTED = (170, 170, 170)
"""BGR of water that judges nothing."""
TINT = 0.35
NOT_TAUGHT = "chưa dạy"


def newest(
    looked: Looked, zones: Iterable[Zone], people: NDArray[np.float32], *, taught: bool = True
) -> tuple[bytes, str]:
    """A JPEG of at most MOST_BYTES (what cannot be so small is the smallest of TRIES) and its caption, in Vietnamese.

    `people`: boxes (n, 4) in fractions, of all that may be people. `taught` False: the caption says so of each zone of water.
    """
    small = pixelated(looked.picture, people)
    small = pixelated(small, plates(small))
    said = []
    for zone in zones:
        wet = water(zone, looked) if ZONE_KINDS[zone.kind].net else None
        _draw(small, zone, wet, looked.shift)
        if ZONE_KINDS[zone.kind].net:
            said.append(f"{zone.name}: {words(wet, taught=taught)}")
    if not looked.sees:
        said.insert(0, "camera không nhìn thấy")
    return _encoded(small), "; ".join(said)


def words(wet: Wet | None, *, taught: bool) -> str:
    """What is known of a zone, with how sure; a number only where one is."""
    if not taught or (wet is not None and wet.why in (UNTAUGHT, REDRAWN)):
        return NOT_TAUGHT if wet is None or wet.why is not REDRAWN else REDRAWN.vi
    if wet is None:
        return "không rõ (chưa có mạng nhận nước)"
    why = "" if wet.why is None else f" ({wet.why.vi})"
    if wet.flag is Flag.UNKNOWN:
        return f"không rõ{why}"
    depth = "" if wet.depth is None else f", sâu {wet.depth:.0f} cm"
    return f"nước {wet.share:.0f} %{depth}, độ tin {100 * wet.confidence:.0f} %{why}"


def _draw(picture: NDArray[np.uint8], zone: Zone, wet: Wet | None, shift: tuple[float, float]) -> None:
    """The zone's rim, and over it tint and outline of the water."""
    height, width = picture.shape[:2]
    right, down = shift
    corners = [(round((x + right) * (width - 1)), round((y + down) * (height - 1))) for x, y in zone.polygon]
    cv2.polylines(picture, [np.array(corners, np.int32)], True, ZONE, 1, cv2.LINE_AA)
    if wet is None or wet.flag is Flag.UNKNOWN:
        return
    colour = DOUBTED if wet.why in (UNTAUGHT, REDRAWN) else WATER
    mask = _mask(picture, zone, wet, shift)
    tinted = (1 - TINT) * picture[mask > 0] + TINT * np.array(colour, np.float32)
    picture[mask > 0] = tinted.astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(picture, contours, -1, colour, 2, cv2.LINE_AA)


def _mask(picture: NDArray[np.uint8], zone: Zone, wet: Wet, shift: tuple[float, float]) -> NDArray[np.uint8]:
    """1 where a cell of the zone is more wet than dry; the size of the picture."""
    height, width = picture.shape[:2]
    raster = cells(zone)
    left, top, right, bottom = raster.box
    x1, y1 = round((left + shift[0]) * width), round((top + shift[1]) * height)
    x2, y2 = (
        max(x1 + 1, round((right + shift[0]) * width)),
        max(y1 + 1, round((bottom + shift[1]) * height)),
    )
    shape = np.where(raster.inside, wet.cells >= 0.5, False).reshape(ROWS, COLUMNS).astype(np.uint8)
    large = cv2.resize(shape, (x2 - x1, y2 - y1), interpolation=cv2.INTER_NEAREST)
    mask = np.zeros((height, width), np.uint8)
    # What a shift has moved out of the picture is cut off.
    up, aside = max(0, -y1), max(0, -x1)
    part = large[up : height - y1, aside : width - x1]
    mask[y1 + up : y1 + up + part.shape[0], x1 + aside : x1 + aside + part.shape[1]] = part
    return mask


def _encoded(picture: NDArray[np.uint8]) -> bytes:
    body = b""
    for scale, quality in TRIES:
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        sized = picture if scale == 1.0 else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        done, encoded = cv2.imencode(".jpg", sized, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if not done:
            msg = f"no JPEG of a picture of {picture.shape}"
            raise ValueError(msg)
        body = encoded.tobytes()
        if len(body) <= MOST_BYTES:
            break
    return body
