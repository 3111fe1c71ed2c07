"""What to say of fish: what to do, and what the commune's table leaves open."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.envelope.bilingual import Bilingual
from models.fish.levels import Doubt, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.fish.levels import FishAdvice, Hole, Species

_DOUBTS = {
    Doubt.GAP: Bilingual("bảng không nói gì", "the table says nothing"),
    Doubt.SAME: Bilingual("các mức bắt đầu như nhau, không phân biệt được", "levels that begin as one"),
    Doubt.INVERTED: Bilingual(
        "bảng ghi mức nhẹ hơn ở chỗ xấu hơn", "the table has a milder level farther out"
    ),
    Doubt.MISSING: Bilingual("phía này không có mức cao hơn", "no higher level on this side"),
}


def advice(given: Sequence[FishAdvice], parameter: str, level: int, side: str = "") -> Bilingual | None:
    """What to do: the words of the highest level not above this one; of one level the parameter's own before those for all.

    `side`: whether the value is above or below its limit; still water and a torrent want opposite things.
    """
    fitting = [
        fish_advice
        for fish_advice in given
        if fish_advice.parameter in ("", parameter)
        and fish_advice.side in ("", side)
        and fish_advice.level <= level
    ]
    best = max(fitting, key=lambda one: (one.level, one.parameter != "", one.side != ""), default=None)
    return None if best is None else Bilingual(best.vi, best.en)


def holes(species: Species) -> Iterator[tuple[str, Bilingual]]:
    """(parameter, sentence) for all that its table leaves open."""
    for limit in species.limits:
        for hole in Table(limit).holes():
            yield limit.parameter, _sentence(species, limit.parameter, limit.unit, hole)
        if limit.note:
            yield limit.parameter, Bilingual(f"{species.name}, {limit.parameter}: {limit.note}", limit.note)


def _sentence(species: Species, parameter: str, unit: str, hole: Hole) -> Bilingual:
    span = _span(hole.low, hole.high)
    claimed = ", ".join(map(str, hole.claimed))
    doubt = _DOUBTS[hole.doubt]
    vi = f" (bảng: mức {claimed})" if claimed else ""
    en = f" (the table: level {claimed})" if claimed else ""
    return Bilingual(
        f"{species.name}, {parameter} {span} {unit}: {doubt.vi}{vi}",
        f"{species.name_en}, {parameter} {span} {unit}: {doubt.en}{en}",
    )


def _span(low: float, high: float) -> str:
    if math.isinf(low):
        return f"< {high:g}"
    return f"> {low:g}" if math.isinf(high) else f"{low:g}-{high:g}"
