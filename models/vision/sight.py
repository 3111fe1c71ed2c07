"""Can a camera see? Its look against what no eye sees, and against its own view, learned while it could.

Every finding is a reason not to know: no count of such a picture is good, and nothing is cleared by it. A single one
tells nothing yet; `models.cameras.blind` waits until it lasts. The figures behind the limits: infra/lab/measure/figures.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from models.vision import blocks
from models.vision.eye import in_itself
from models.vision.findings import Finding, Grave, blur, covered, finding, glare, partly, spots, veil
from models.vision.look import COARSE
from models.vision.registration import alike, carried, elsewhere, placed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.vision.look import Look
    from models.vision.registration import Placed

MUCH_BRIGHTER = 0.35
DULL = 0.4
"""Of the camera's own fine detail, for its light: rain and night leave 0.7 and more of it, defocus 0.1 to 0.2."""
SLOPES = 0.45
"""Of less `sharp`, and of less than CLEAR of its own, it is out of focus whatever detail is left; a soft lens has 0.43 to 0.5 on its best day."""
LEAST_PALE, PALE, CLEAR = 0.28, 0.55, 0.8
"""Of its own fine detail, while edges are as sharp as CLEAR of its own: haze takes contrast, and no sharpness. Of less nobody can say
whether it is haze or defocus, and nothing is seen through it."""
DIM, DIM_TOP = 0.35, 64
"""Of its own light, with hardly anything above that level; lamps after daylight leave half."""
ALIKE, PEAK = 0.4, 9.0
UNLIKE, HIGH_PEAK = 0.25, 12.0
"""Moved, if the edges agree by less than ALIKE and their agreement in place is below PEAK deviations of that in all
other places; or below the second pair. Its own view by lamps after daylight: 0.31 and 10.9 and more; another view: up
to 0.26 and 7.9, its middle at times, when it turns around it, to 10."""
NOWHERE, NOWHERE_PEAK = 0.7, 5.5
"""Or below these: a view whose slices have slipped keeps its directions of edges, 0.53 to 0.64, and their place not at all, 3 to 5; of 36
healthy clips all have 7.0 and more."""
ELSEWHERE_ALIKE = 0.6
APART, SLIGHTLY, QUARTERS = 5.0, 1.05, 3
"""Where edges agree by less than ELSEWHERE_ALIKE: deviations, beside the agreement in place, and of four: quarters of the view that lie elsewhere each by itself, of a camera that was turned by 6 degrees or zoomed."""
ELSEWHERE, MORE = 8.0, 1.25
"""Deviations, and beside the agreement in place: so clear a best place elsewhere is where the view is now."""
FAR = 0.03
"""Of the width: what lies farther from where the view was learned has moved; wind sways by 1 to 2 %."""
FOUND = 9.0
"""Deviations: what agrees so well in place tells the shift, to 0.2 % of the width."""
TORN, TORN_ALIKE = 0.2, 0.5
"""Pictures that agree so little with those just before and with the own view. Of 36 healthy clips headlights agree least with
those before, by 0.24 (0.52 with the own view), then a lorry that stops, by 0.26 (0.58)."""
WHOLE = 0.8
"""Of a view whose edges agree so well no part is lost that matters; with half of it lost they agree by up to 0.66."""
CALM = 0.7
"""While there is doubt, only what is so far within its limits is good again: what swings around a limit clears nothing."""
LEARN = 15
"""Good pictures before a view is known: a camera that is new is never said to have moved."""
STEADY = 0.5
"""A picture that agrees less with those just before it is not learned from: after a gap it may be another view."""
SLOW_MS, MOST_AT_ONCE = 200_000, 0.3
"""The own view follows the light with this time constant, and at most so much a picture."""
STRANGE = 0.45
"""Edges that agree by less, in place as they are: threads before the lens, or lamps after daylight, until they are learned."""
STICKS = 1.1
"""While there is a veil, its limits are so much wider."""
VEILED_PART = 0.25
"""Of that, while there is a veil: fog of an hour is not learned, a lorry parked for good is."""
LEAST_NEW, MOST_NEW = 0.5, 0.8
"""What is compared is a mean of some pictures, so that people who pass and noise fall out of it: half of it is of the last second."""
ONE = 16384
"""Of a field that is kept: as fine as the slowest learning needs."""
_BRIGHTER = 8.0
"""Added to a level before it divides: in the dark a level is mostly offset."""


@dataclass(slots=True)
class Sight:
    """What a camera remembers of its own view; `recent` and `own` are fields of edges, in steps of 1/ONE (14 KB each).

    `number` is the view's number in the configuration: another one, and the view is learned anew. `cells` is where the view lies beside
    the learned one, in cells of the field, `veil` why nothing that the last picture shows is sure.
    """

    number: int = 0
    learned: int = 0
    at_ms: int = 0
    recent: NDArray[np.int16] | None = None
    own: NDArray[np.int16] | None = None
    mean: float = 0.0
    bright: float = 0.0
    fine: float = 0.0
    across: NDArray[np.float32] | None = None
    down: NDArray[np.float32] | None = None
    doubt_since_ms: int = 0
    doubts: int = 0
    well_since_ms: int = 0
    wells: int = 0
    blind_onset_ms: int = 0
    sharp: float = 0.0
    cells: tuple[float, float] = (0.0, 0.0)
    veil: Finding | None = None

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Take a snapshot of an earlier version too: what it did not remember begins as with a new camera."""
        for one in fields(self):
            setattr(self, one.name, state[1].get(one.name, one.default))

    @property
    def shift(self) -> tuple[float, float]:
        """Where the view lies beside the learned one, (x, y) in fractions of the picture: so much further right and down is what it shows."""
        return self.cells[0] / COARSE[0], self.cells[1] / COARSE[1]


def judge(sight: Sight, seen: Look, at_ms: int, number: int = 0) -> Finding | None:
    """Why nothing can be known from this picture, or why nothing is sure (a veil), or None; a good picture is learned from."""
    if sight.number != number:
        _forget(sight, number)
    recent, before = seen.field, 1.0
    if sight.recent is not None:
        known = _unpacked(sight.recent)
        before = alike(known, seen.field)
        new = 1 - 0.5 ** (max(0, at_ms - sight.at_ms) / 1000)
        recent = known + np.float32(min(MOST_NEW, max(LEAST_NEW, new))) * (seen.field - known)
    sight.recent = _packed(recent)
    found = in_itself(seen)
    if found is None and sight.learned >= LEARN:
        found = _beside_own(sight, seen, recent, before)
    sight.veil = found if found is not None and found.grave is Grave.VEIL else None
    if (found is None or sight.veil is not None) and before >= STEADY:
        _learn(sight, seen, at_ms)
    sight.at_ms = at_ms
    return found


def _beside_own(sight: Sight, seen: Look, recent: NDArray[np.float32], before: float) -> Finding | None:
    """What this camera does not see when all is well."""
    if sight.own is None or sight.across is None or sight.down is None:
        return None
    calm = CALM if sight.doubts else 1.0
    light = _light(sight, seen)
    if light is not None:
        return light
    own = _unpacked(sight.own)
    place = placed(own, recent, sight.cells)
    kept = _detail(seen.fine, seen.mean) / max(sight.fine, 1e-6)
    moved = _moved(sight, own, recent, place)
    if moved is not None:
        return moved if kept >= DULL else covered(kept)
    own = carried(own, sight.cells)
    agrees = max(alike(own, recent), alike(own, seen.field))
    if agrees < (ALIKE if place.near < PEAK else UNLIKE) and place.near < HIGH_PEAK:
        return _gone(agrees) if kept >= DULL else covered(kept)
    is_apart = agrees < ELSEWHERE_ALIKE and elsewhere(own, recent, APART, SLIGHTLY) >= QUARTERS
    if is_apart or (agrees < NOWHERE and place.near < NOWHERE_PEAK):
        return _gone(agrees)
    if _defocused(sight, seen, kept, calm):
        return blur(kept)
    left = _left(seen.across, sight.across, seen), _left(seen.down, sight.down, seen)
    if agrees < WHOLE:
        lost, most = blocks.lost(own, (recent, seen.field), np.minimum(*left), seen.edge)
        if lost >= most * calm:
            return partly(lost)
    if before < TORN and agrees < TORN_ALIKE:
        return finding(
            "vỡ hình: mỗi ảnh một khác, chỉ {} % giống ảnh trước",
            "broken: each picture is another, {} % agree with those before",
            max(0.0, before),
        )
    return _veil(sight, blocks.murky(own, np.maximum(*left)), agrees, kept)


def _defocused(sight: Sight, seen: Look, kept: float, calm: float) -> bool:
    is_soft = seen.sharp < CLEAR * sight.sharp
    return (kept < DULL / calm and (kept < LEAST_PALE or is_soft)) or (is_soft and seen.sharp < SLOPES)


def _veil(sight: Sight, murky: float, agrees: float, kept: float) -> Finding | None:
    """Whether something lies between: the whole view pale, parts of it murky, or edges before it that are not its own."""
    limit = STICKS if sight.veil is not None else 1.0
    if murky * limit >= blocks.SOME:
        return spots(murky)
    if agrees < STRANGE * limit:
        return spots(1 - agrees)
    return veil(kept) if kept < PALE * limit else None


def _light(sight: Sight, seen: Look) -> Finding | None:
    """Far more or less of it than usual."""
    if seen.bright >= sight.bright + MUCH_BRIGHTER:
        return glare(seen.bright)
    if seen.mean < DIM * sight.mean and seen.top < DIM_TOP:
        return finding(
            "quá tối: còn {} % độ sáng thường ngày", "too dark: {} % of its own light", seen.mean / sight.mean
        )
    return None


def _moved(
    sight: Sight, own: NDArray[np.float32], recent: NDArray[np.float32], place: Placed
) -> Finding | None:
    """Whether the view lies elsewhere than it was learned; a small shift is followed, and is no finding."""
    if place.best >= ELSEWHERE and place.best >= MORE * place.near:
        if math.hypot(*place.away) >= FAR * COARSE[0]:
            return _aside(math.hypot(*place.away))
        place = placed(own, recent, (float(place.away[0]), float(place.away[1])))
    if place.near < FOUND:
        return None
    if math.hypot(*place.shift) >= FAR * COARSE[0]:
        return _aside(math.hypot(*place.shift))
    sight.cells = place.shift
    return None


def _aside(cells: float) -> Finding:
    return finding(
        "bị lệch: khung hình xê dịch {} % bề ngang",
        "moved: its view is shifted by {} % of its width",
        cells / COARSE[0],
    )


def _gone(agrees: float) -> Finding:
    return finding(
        "bị xoay hoặc lệch: chỉ còn giống {} % khung hình đã học",
        "moved: only {} % of its own view agrees",
        max(0.0, agrees),
    )


def _left(now: NDArray[np.float32], own: NDArray[np.float32], seen: Look) -> NDArray[np.float32]:
    """What is left of each block's own detail for the light there is."""
    return np.asarray(_per_light(now, seen) / np.maximum(own, 1e-6), dtype=np.float32)


def _learn(sight: Sight, seen: Look, at_ms: int) -> None:
    """Take a good picture into the own view, where that was learned: the first ones as their mean, later ones slowly."""
    passed = max(0, at_ms - sight.at_ms)
    sight.learned, sight.at_ms = sight.learned + 1, at_ms
    part = max(1 / sight.learned if sight.learned <= LEARN else 0.0, 1 - math.exp(-passed / SLOW_MS))
    if sight.learned > 1:
        part = min(part, 0.5 if sight.learned <= LEARN else MOST_AT_ONCE)
    if sight.veil is not None:
        part *= VEILED_PART
    across, down = _per_light(seen.across, seen), _per_light(seen.down, seen)
    detail = _detail(seen.fine, seen.mean)
    if sight.own is None or sight.across is None or sight.down is None:
        sight.own, sight.across, sight.down = _packed(seen.field), across, down
        sight.mean, sight.bright, sight.fine, sight.sharp = seen.mean, seen.bright, detail, seen.sharp
        return
    own = _unpacked(sight.own)
    own += np.float32(part) * (carried(seen.field, (-sight.cells[0], -sight.cells[1])) - own)
    sight.own = _packed(own)
    sight.across = sight.across + np.float32(part) * (across - sight.across)
    sight.down = sight.down + np.float32(part) * (down - sight.down)
    sight.mean += part * (seen.mean - sight.mean)
    sight.bright += part * (seen.bright - sight.bright)
    sight.fine += part * (detail - sight.fine)
    sight.sharp += part * (seen.sharp - sight.sharp)


def _packed(field: NDArray[np.float32]) -> NDArray[np.int16]:
    return (field * np.float32(ONE)).astype(np.int16)


def _unpacked(field: NDArray[np.int16]) -> NDArray[np.float32]:
    return np.multiply(field, np.float32(1 / ONE), dtype=np.float32)


def _forget(sight: Sight, number: int) -> None:
    sight.number, sight.learned, sight.own, sight.recent, sight.cells = number, 0, None, None, (0.0, 0.0)


def _per_light(change: NDArray[np.float32], seen: Look) -> NDArray[np.float32]:
    """Detail for the light there is: half the light halves every step, and takes no detail away."""
    return change / (seen.light + np.float32(_BRIGHTER))


def _detail(fine: float, mean: float) -> float:
    return fine / (mean + _BRIGHTER)
