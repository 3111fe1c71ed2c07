"""What is wrong in `commune.yaml` (units and hamlets, each with its days) although every field has its right type."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from models.envelope.mistake import Mistake, Path, once, stands, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.commune.configuration import Hamlet, Unit


def unit_mistakes(units: Sequence[Unit]) -> Iterator[Mistake]:
    """Units of one code, and units that end before they begin."""
    yield from once(("units",), "code", (unit.code for unit in units))
    for i, unit in enumerate(units):
        yield from _ordered(("units", i), unit)


def hamlet_mistakes(hamlets: Sequence[Hamlet], units: Sequence[Unit]) -> Iterator[Mistake]:
    """Hamlets of no unit, on days on which it does not stand, and two of one code on the same day."""
    by_code = {unit.code: unit for unit in units}
    for i, hamlet in enumerate(hamlets):
        path = ("hamlets", i)
        yield from _ordered(path, hamlet)
        yield from stands((*path, "unit"), hamlet.unit, "units", sorted(by_code))
        unit = by_code.get(hamlet.unit)
        if unit is not None and not any(_ordered((), unit)):
            yield from _within(path, hamlet, unit)
    for (_, earlier), (i, hamlet) in combinations(enumerate(hamlets), 2):
        if earlier.code == hamlet.code and _overlap(earlier, hamlet):
            vi, en = "thời hạn không trùng mục khác cùng mã", "no overlap with an entry of that code"
            yield wrong(("hamlets", i, "code"), hamlet.code, vi, en)


def _ordered(path: Path, dated: Unit | Hamlet) -> Iterator[Mistake]:
    if dated.valid_to is not None and dated.valid_from > dated.valid_to:
        vi, en = f"ngày không trước {dated.valid_from}", f"a day not before {dated.valid_from}"
        yield wrong((*path, "valid_to"), dated.valid_to, vi, en)


def _within(path: Path, hamlet: Hamlet, unit: Unit) -> Iterator[Mistake]:
    """A hamlet belongs to a unit only while the unit stands."""
    if hamlet.valid_from < unit.valid_from:
        vi, en = f"từ {unit.valid_from} ({unit.code})", f"{unit.valid_from} or later ({unit.code})"
        yield wrong((*path, "valid_from"), hamlet.valid_from, vi, en)
    if _last(hamlet) > _last(unit):
        vi, en = f"đến {unit.valid_to} ({unit.code})", f"{unit.valid_to} or earlier ({unit.code})"
        yield wrong((*path, "valid_to"), hamlet.valid_to or "?", vi, en)


def _last(dated: Unit | Hamlet) -> date:
    return dated.valid_to or date.max


def _overlap(hamlet: Hamlet, other: Hamlet) -> bool:
    return hamlet.valid_from <= _last(other) and other.valid_from <= _last(hamlet)
