"""The level at a board, read from a picture: a staff or a bow-tie board, by the waterline across it. Pure: time is an argument.

    picture ─> strip along the board's axis ─> steps of its brightness ─> which of them is the waterline ─> is that plausible?

A line is told in cm with an uncertainty, or it is said why there is none. A level that jumps further than water does is told as unsure until
it was seen three times.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from models.envelope.bilingual import Bilingual
from models.envelope.period import HOUR_MS
from models.vision.board_line import candidates
from models.vision.board_pattern import ROWS, Pattern, learned, match
from models.vision.board_strip import unrolled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.vision.board_line import Candidate
    from models.vision.board_strip import Strip
    from models.vision.camera import Board

    Floats = NDArray[np.float64]

DARK, PLAIN = 14.0, 0.05
"""Of 255: the 95th percentile of a board that nobody could read. Spread of the logarithm over a board of which nothing is seen."""
LEAST = 0.22
"""Of a score: a line below it is none."""
TOPMOST, TOGETHER, CLEARER = 0.5, 0.06, 1.3
"""The topmost line of at least half the best score is the water's, or one within so much of the strip below it that scores so much more."""
LEAN, WIDE = 1.5, 0.25
"""Rows that a line falls across a board, at least so much as wide as the strip is long, from which on the board is unrolled along the line."""
RIM = 1.0
"""Rows: water creeps up a board and darkens it for a finger's breadth, and its rim shines; nobody reads it closer."""
UNLIKE = 0.3
"""Mean match with the board's own pattern, above the line, from which on it is the board that we know."""
RATE_CM_PER_H = 300.0
"""No river of the plain rises faster: the flash flood of a small stream takes minutes for a metre, and is told after three pictures."""
FAR = 0.6
"""What a line counts that the water cannot have come to since."""
MIRROR, SPOKEN = 0.45, (0.6, 1.25)
"""Correlation of a clear mirror image; how much less or more a line counts by the board's own pattern, at most."""
TIMES = 3
SURE = 0.4
"""Of a score, from which on a reading teaches the pattern and may be good."""
ABOVE = 0.25
"""Of the span between the two marks: a board goes on so far above its upper mark at most."""


class Unread(enum.Enum):
    """Why a board gives no level; the value is what people read."""

    OUTSIDE = Bilingual("thước nằm ngoài ảnh", "the board lies outside the picture")
    DARK = Bilingual("quá tối, không đọc được thước", "too dark to read the board")
    COVERED = Bilingual("thước bị che hoặc mờ hẳn", "the board is covered or blurred away")
    NOT_THERE = Bilingual(
        "chỗ đặt thước không còn giống thước đã biết", "what stands there is not the board that is known"
    )
    NO_LINE = Bilingual("không thấy mép nước trên thước", "no waterline on the board")


class Reading(msgspec.Struct, frozen=True):
    """A level in `cm`, one standard error `uncertainty_cm`, at event time `at_ms`; `score` 0..1: how clearly it is a waterline.

    `sure`: it may be judged. `pattern`: what the board looks like. While a jump waits to be believed, `cm` is what the picture says and
    `held_cm`, `held_ms` the last level that was believed, `times` how often the new one was seen in a row.
    """

    cm: float
    uncertainty_cm: float
    at_ms: int
    score: float
    sure: bool
    pattern: Pattern | None = None
    held_cm: float | None = None
    held_ms: int | None = None
    times: int = 1


def read(
    picture: NDArray[np.uint8],
    board: Board,
    before: Reading | None,
    at_ms: int,
    *,
    polygon: Sequence[tuple[float, float]] | None = None,
    shift: tuple[float, float] = (0.0, 0.0),
) -> Reading | Unread:
    """The level at `board` in a picture (h, w, 3, BGR; or h, w), `before` being what was read last, if anything.

    `polygon`: around the board (fractions), as wide as it and down to the lowest water; None: a narrow strip along its axis.
    `shift`: how far what is seen lies from where it was drawn, in parts of the picture.
    """
    around = polygon if polygon is not None else _strip_of(board, picture.shape[1] / picture.shape[0])
    strip = unrolled(picture, around, board, shift)
    if strip is None:
        return Unread.OUTSIDE
    # Of a board high out of dark water only its upper part is bright: asked is its brightest tenth.
    if float(np.quantile(strip.grey, 0.95)) < DARK:
        return Unread.DARK
    if float(strip.log.std()) < PLAIN:
        return Unread.COVERED
    pattern = before.pattern if before is not None else None
    found = _ranked(strip, board, before, at_ms, pattern)
    if not found:
        return Unread.NO_LINE
    best = _topmost(found, len(strip.log))
    if (
        abs(best.lean) > LEAN
        and (width := _width(picture, around, board)) > WIDE * len(strip.log) * strip.pixels
    ):
        leaning = unrolled(picture, around, board, shift, best.lean * strip.pixels / width)
        again = [] if leaning is None else _ranked(leaning, board, before, at_ms, pattern)
        if leaning is not None and again and (top := _topmost(again, len(leaning.log))).score > best.score:
            strip, best, found = leaning, top, again
    if pattern is not None and _unlike(pattern, strip, best.row):
        return Unread.NOT_THERE
    if best.score < LEAST:
        return Unread.NO_LINE
    return _judged(strip, best, found, before, at_ms)


def _judged(
    strip: Strip, best: Candidate, found: list[Candidate], before: Reading | None, at_ms: int
) -> Reading:
    """The reading of the chosen line: how sure, and whether water may have come there since."""
    cm, per_row = _cm(strip, best.row), abs(float(strip.cm[0] - strip.cm[-1])) / (len(strip.cm) - 1)
    rival = max(
        (other.score for other in found if abs(_cm(strip, other.row) - cm) > 12 * per_row), default=0.0
    )
    clear = best.score >= SURE and rival <= 1.25 * best.score
    uncertainty = per_row * float(np.hypot(RIM, best.spread))
    pattern = before.pattern if before is not None else None
    held = (before.cm, before.at_ms) if before is not None and before.sure else None
    if before is not None and held is None and before.held_cm is not None and before.held_ms is not None:
        held = (before.held_cm, before.held_ms)
    plausible = held is None or abs(cm - held[0]) <= _reach(held[1], at_ms, uncertainty)
    times = 1
    if (
        before is not None
        and not before.sure
        and abs(cm - before.cm) <= _reach(before.at_ms, at_ms, uncertainty)
    ):
        times = before.times + 1
    believed = clear and ((held is not None and plausible) or times >= (TIMES if held is not None else 2))
    if clear and (believed or held is None):
        pattern = learned(pattern, strip, best.row)
    if believed:
        return Reading(cm, uncertainty, at_ms, best.score, sure=True, pattern=pattern)
    held_cm, held_ms = held if held is not None else (None, None)
    return Reading(cm, uncertainty, at_ms, best.score, sure=False, pattern=pattern, held_cm=held_cm, held_ms=held_ms, times=times)  # fmt: skip


def _reach(since_ms: int, at_ms: int, uncertainty_cm: float) -> float:
    """How far water may have come, cm; two centimetres are waves."""
    return 2.0 + 3 * uncertainty_cm + RATE_CM_PER_H * max(0, at_ms - since_ms) / HOUR_MS


def _ranked(
    strip: Strip, board: Board, before: Reading | None, at_ms: int, pattern: Pattern | None
) -> list[Candidate]:
    """The candidates with what is known of the board in their scores, from the upper end down."""
    highest = board.top_cm + ABOVE * (board.top_cm - board.bottom_cm)
    like = match(pattern, strip) if pattern is not None else None
    ranked = []
    for found in candidates(strip):
        cm, score = _cm(strip, found.row), found.score
        if cm > highest:
            continue
        if like is not None:
            score *= _known(like, found.row / len(strip.log) * ROWS, found.mirror)
        if before is not None and before.sure and abs(cm - before.cm) > _reach(before.at_ms, at_ms, 1.0):
            score *= FAR
        ranked.append(found._replace(score=min(1.0, score)))
    return ranked


def _known(like: Floats, row: float, mirror: float) -> float:
    """By how much the board's pattern speaks for water from `row` down: board above it, none below.

    A clear mirror image needs no such word: the teeth of a staff fall on teeth in it.
    """
    size, gap = 24, 3
    above, below = (
        like[max(0, int(row) - size) : max(0, int(row) - gap)],
        like[int(row) + gap : int(row) + size],
    )
    up, down = (part[~np.isnan(part)] for part in (above, below))
    if mirror >= MIRROR or len(up) < 4 or len(down) < 4:
        return 1.0
    return float(np.clip(0.9 + 0.5 * (up.mean() - down.mean()), *SPOKEN))


def _unlike(pattern: Pattern, strip: Strip, row: float) -> bool:
    """Is what stands above the line another thing than the board?"""
    like = match(pattern, strip)[: max(0, int(row / len(strip.log) * ROWS) - 3)]
    known = like[~np.isnan(like)]
    return len(known) >= 12 and float(known.mean()) < UNLIKE


def _topmost(found: list[Candidate], rows: int) -> Candidate:
    """The waterline: below it lie its mirror image's own steps, above it the board has none that water could have made."""
    most = max(each.score for each in found)
    first = next(each for each in sorted(found) if each.score >= TOPMOST * most)
    near = [each for each in found if 0 <= each.row - first.row <= TOGETHER * rows]
    best = max(near, key=lambda each: each.score)
    return best if best.score >= CLEARER * first.score else first


def _cm(strip: Strip, row: float) -> float:
    """What is read at the upper edge of a row."""
    return float(np.interp(row - 0.5, np.arange(len(strip.cm)), strip.cm))


def _width(picture: NDArray[np.uint8], polygon: Sequence[tuple[float, float]], board: Board) -> float:
    """Across the axis, pixels."""
    size = np.array([picture.shape[1], picture.shape[0]], float)
    down = (np.array(board.bottom) - board.top) * size
    aside = (np.array(polygon) * size) @ np.array([-down[1], down[0]]) / np.linalg.norm(down)
    return max(1.0, float(aside.max() - aside.min()))


def _strip_of(board: Board, ratio: float) -> list[tuple[float, float]]:
    """A strip along the axis, a twelfth of its length wide, from a tenth above the upper mark to a quarter below the lower."""
    top, bottom = (np.array([point[0] * ratio, point[1]]) for point in (board.top, board.bottom))
    down = bottom - top
    aside = np.array([-down[1], down[0]]) / 24
    ends = (
        top - down / 10 - aside,
        top - down / 10 + aside,
        bottom + down / 4 + aside,
        bottom + down / 4 - aside,
    )
    return [(float(x / ratio), float(y)) for x, y in ends]
