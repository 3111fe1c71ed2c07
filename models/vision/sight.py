"""Can a camera see? Its look against what no eye sees, and against its own view, learned while it could.

Every finding is a reason not to know: no count of such a picture is good, and nothing is cleared by it. A single one
tells nothing yet; `models.cameras.blind` waits until it lasts. The figures behind the limits: infra/lab/measure/figures.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.envelope.evidence import Evidence
from models.vision.findings import blur, covered, evidence, glare
from models.vision.look import BLOCKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.vision.look import Look

MOST = 0.93
"""Of the picture: a burnt-in clock takes up to 2 %, two lines of large text 5 %."""
MUCH_BRIGHTER = 0.35
ALL_BRIGHT = 0.7
"""Of 172 street photographs one had more than half its picture above 240, none more than 58 %."""
LEAST_EDGES = 15
"""Healthy pictures: 43 and more, a market under two lamps among them; cloth and hands before the lens: 5 to 9."""
SNOW = 1.45
"""`sharp` of healthy pictures: at most 1.2; of snow 1.7 to 2.0."""
SLOPES = 0.5
"""`sharp` of healthy pictures: 0.60 and more; of what is out of focus by 9 pixels of 1280: 0.32 to 0.40, by night 0.6."""
DULL = 0.4
"""Of the camera's own fine detail, for its light: rain and night leave 0.7 and more of it, defocus 0.1 to 0.2."""
DIM, DIM_TOP = 0.35, 64
"""Of its own light, with hardly anything above that level; lamps after daylight leave half."""
ALIKE, PEAK = 0.4, 9.0
UNLIKE, HIGH_PEAK = 0.25, 12.0
"""Moved, if the edges agree by less than ALIKE and their agreement in place is below PEAK deviations of that in all
other places; or below the second pair. Its own view by lamps after daylight: 0.31 and 10.9 and more; another view: up
to 0.26 and 7.9, its middle at times, when it turns around it, to 10."""
ELSEWHERE = 8.0
"""Deviations: so clear a best place elsewhere is said with its distance."""
LOST, KEPT = 0.25, 0.4
"""A block has lost its own view below this agreement of edges, and this share of its own detail: a crowd hides a place
and has detail of its own."""
LESS, SMOOTH, INTACT = 0.35, 20, 0.7
"""Or it agrees by less than LESS and has no edge stronger than SMOOTH, while the other blocks agree by INTACT."""
PART, PART_INTACT = 0.3, 0.22
"""Of the blocks that have a view, in the first and the second way. Daylight after lamps loses up to 0.28 in the first, a
street full of people 0.07 in the second; half a lens covered 0.3 to 0.5."""
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
RECENT = 0.5
"""What is compared is a mean of some pictures, so that people who pass and noise fall out of it."""
ONE = 16384
"""Of a field that is kept: as fine as the slowest learning needs."""
_BRIGHTER = 8.0
"""Added to a level before it divides: in the dark a level is mostly offset."""


@dataclass(slots=True)
class Sight:
    """What a camera remembers of its own view; `recent` and `own` are fields of edges, in steps of 1/ONE (14 KB each).

    `number` is the view's number in the configuration: another one, and the view is learned anew.
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


def judge(sight: Sight, seen: Look, at_ms: int, number: int = 0) -> Evidence | None:
    """Why nothing can be known from this picture, or None; a good picture is learned from."""
    if sight.number != number:
        _forget(sight, number)
    recent, steady = seen.field, True
    if sight.recent is not None:
        before = _unpacked(sight.recent)
        steady = _alike(before, seen.field) >= STEADY
        recent = before + np.float32(RECENT) * (seen.field - before)
    sight.recent = _packed(recent)
    found = _in_itself(seen)
    if found is None and sight.learned >= LEARN:
        found = _beside_own(sight, seen, recent)
    if found is None and steady:
        _learn(sight, seen, at_ms)
    sight.at_ms = at_ms
    return found


def _in_itself(seen: Look) -> Evidence | None:
    """What no camera sees whose eye is open."""
    if seen.black >= MOST:
        return evidence(
            "tối đen: {} % điểm ảnh dưới 16", "black: {} % of the pixels are below 16", seen.black
        )
    if seen.dark >= MOST:
        return evidence(
            "quá tối: {} % điểm ảnh dưới 28", "too dark: {} % of the pixels are below 28", seen.dark
        )
    if seen.bright >= ALL_BRIGHT:
        return glare(seen.bright)
    if seen.edges < LEAST_EDGES:
        return Evidence(
            f"bị che: không có đường nét nào (độ nét {seen.edges:.0f}, cần {LEAST_EDGES})",
            f"covered: nothing has an edge (contrast {seen.edges:.0f}, expected {LEAST_EDGES})",
        )
    if seen.sharp > SNOW:
        return Evidence(
            f"nhiễu: mỗi điểm ảnh một khác ({seen.sharp:.1f}, thường dưới 1,2)".replace(".", ","),
            f"noise: each pixel is for itself ({seen.sharp:.1f}, usually below 1.2)",
        )
    if seen.sharp < SLOPES:
        return blur(seen.sharp / 0.75)
    return None


def _beside_own(sight: Sight, seen: Look, recent: NDArray[np.float32]) -> Evidence | None:
    """What this camera does not see when all is well."""
    if sight.own is None or sight.across is None or sight.down is None:
        return None
    own = _unpacked(sight.own)
    alike = _alike(own, recent)
    if seen.bright >= sight.bright + MUCH_BRIGHTER:
        return glare(seen.bright)
    if seen.mean < DIM * sight.mean and seen.top < DIM_TOP:
        return evidence(
            "quá tối: còn {} % độ sáng thường ngày", "too dark: {} % of its own light", seen.mean / sight.mean
        )
    kept = _detail(seen.fine, seen.mean) / max(sight.fine, 1e-6)
    if alike < ALIKE:
        moved = _moved(own, recent, alike)
        if moved is not None:
            return moved if kept >= DULL else covered(kept)
    if kept < DULL / (CALM if sight.doubts else 1.0):
        return blur(kept)
    if alike >= WHOLE:
        return None
    lost, most = _lost(sight, seen, own, recent)
    if lost >= most * (CALM if sight.doubts else 1.0):
        return evidence(
            "bị che hoặc vỡ hình một phần: mất {} % khung hình",
            "partly covered or broken: {} % of the view is lost",
            lost,
        )
    return None


def _learn(sight: Sight, seen: Look, at_ms: int) -> None:
    """Take a good picture into the own view: the first ones as their mean, later ones slowly."""
    passed = max(0, at_ms - sight.at_ms)
    sight.learned, sight.at_ms = sight.learned + 1, at_ms
    part = max(1 / sight.learned if sight.learned <= LEARN else 0.0, 1 - math.exp(-passed / SLOW_MS))
    if sight.learned > 1:
        part = min(part, 0.5 if sight.learned <= LEARN else MOST_AT_ONCE)
    across, down = _per_light(seen.across, seen), _per_light(seen.down, seen)
    detail = _detail(seen.fine, seen.mean)
    if sight.own is None or sight.across is None or sight.down is None:
        sight.own, sight.across, sight.down = _packed(seen.field), across, down
        sight.mean, sight.bright, sight.fine = seen.mean, seen.bright, detail
        return
    own = _unpacked(sight.own)
    own += np.float32(part) * (seen.field - own)
    sight.own = _packed(own)
    sight.across = sight.across + np.float32(part) * (across - sight.across)
    sight.down = sight.down + np.float32(part) * (down - sight.down)
    sight.mean += part * (seen.mean - sight.mean)
    sight.bright += part * (seen.bright - sight.bright)
    sight.fine += part * (detail - sight.fine)


def _packed(field: NDArray[np.float32]) -> NDArray[np.int16]:
    return (field * np.float32(ONE)).astype(np.int16)


def _unpacked(field: NDArray[np.int16]) -> NDArray[np.float32]:
    return np.multiply(field, np.float32(1 / ONE), dtype=np.float32)


def _forget(sight: Sight, number: int) -> None:
    sight.number, sight.learned, sight.own, sight.recent = number, 0, None, None


def _alike(own: NDArray[np.float32], now: NDArray[np.float32]) -> float:
    """Agreement of edges in place, -1..1."""
    return float(np.vdot(own, now)) / math.sqrt(float(np.vdot(own, own)) * float(np.vdot(now, now)) + 1e-9)


def _moved(own: NDArray[np.float32], now: NDArray[np.float32], alike: float) -> Evidence | None:
    """Whether the edges agree no better in place than anywhere: the agreement of all shifts at once, by Fourier."""
    height, width = own.shape[1:]
    size = (cv2.getOptimalDFTSize(height + height // 2), cv2.getOptimalDFTSize(width + width // 2))
    first = np.fft.fft2(own[0] + 1j * own[1], size)
    second = np.fft.fft2(now[0] + 1j * now[1], size)
    everywhere = np.real(np.fft.ifft2(second * np.conj(first)))
    spread = float(everywhere.std()) + 1e-9
    near = everywhere[np.ix_([-1, 0, 1], [-1, 0, 1])]
    if float(near.max()) / spread >= (PEAK if alike >= UNLIKE else HIGH_PEAK):
        return None
    down, across = (int(one) for one in np.unravel_index(int(everywhere.argmax()), size))
    away = math.hypot(*(min(one, whole - one) for one, whole in zip((down, across), size, strict=True)))
    if float(everywhere.max()) / spread >= ELSEWHERE and away > 1:
        return evidence(
            "bị lệch: khung hình xê dịch {} % bề ngang",
            "moved: its view is shifted by {} % of its width",
            away / width,
        )
    return evidence(
        "bị xoay hoặc lệch: chỉ còn giống {} % khung hình đã học",
        "moved: only {} % of its own view agrees",
        max(0.0, alike),
    )


def _lost(
    sight: Sight, seen: Look, own: NDArray[np.float32], now: NDArray[np.float32]
) -> tuple[float, float]:
    """The share of blocks that are lost, of those that have a view of their own, and the share that is too much."""
    if sight.across is None or sight.down is None:
        return 0.0, 1.0
    power = _summed((own * own).sum(axis=0))
    view = power > 0.25 * power.mean()
    alike = _summed((own * now).sum(axis=0)) / np.sqrt(power * _summed((now * now).sum(axis=0)) + 1e-9)
    across = _per_light(seen.across, seen) / np.maximum(sight.across, 1e-6)
    down = _per_light(seen.down, seen) / np.maximum(sight.down, 1e-6)
    plain = np.minimum(across, down) < KEPT
    dull = view & (alike < LOST) & plain
    smooth = view & (alike < LESS) & (plain | (seen.edge < SMOOTH))
    rest = alike[view & ~smooth]
    # When the light changes, no part of the view stays quite as it was.
    intact = rest.size > 0 and float(np.median(rest)) >= INTACT
    lost, most = (smooth, PART_INTACT) if intact else (dull, PART)
    return float(lost.sum() / max(1, view.sum())), most


def _summed(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """By block."""
    rows, columns = BLOCKS[1], BLOCKS[0]
    height, width = cells.shape
    summed: NDArray[np.float32] = cells.reshape(rows, height // rows, columns, width // columns).sum(
        axis=(1, 3)
    )
    return summed


def _per_light(change: NDArray[np.float32], seen: Look) -> NDArray[np.float32]:
    """Detail for the light there is: half the light halves every step, and takes no detail away."""
    return change / (seen.light + np.float32(_BRIGHTER))


def _detail(fine: float, mean: float) -> float:
    return fine / (mean + _BRIGHTER)
