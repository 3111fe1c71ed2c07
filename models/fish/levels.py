"""The level of a value by the commune's table for caged fish, and whether the table is clear about that value.

Input: a row of the table as printed (source: the commune's page, quangtho.huecit.com): the required range and three levels, in the unit
of the row. Output: the level 0 to 3 by which alerts are raised, and a `Doubt` where the printed table is unclear: a gap between ranges,
levels that begin at the same bound, a level whose range lies within that of a lower one. Unclear places are reported by `phusa check`, never
filled in. The level never falls as a value moves away from the required range.
"""

from __future__ import annotations

import enum
import math
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import msgspec

from models.catalogue.units import canonical
from models.fish.interval import Interval, intervals

if TYPE_CHECKING:
    from collections.abc import Iterator

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]


class FishLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table, as printed (models.fish.interval); `margin` is how much better it must be before a level is left.

    `note` says what the printed row leaves unclear.
    """

    parameter: str
    unit: str
    required: str
    level_1: str
    level_2: str
    level_3: str
    margin: Annotated[float, msgspec.Meta(ge=0)]
    note: str = ""

    def __post_init__(self) -> None:
        """Whatever spelling the file has, the rest of the house knows one."""
        msgspec.structs.force_setattr(self, "unit", canonical(self.unit))


class Species(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of fish and its table."""

    id: Code
    name: str
    name_en: str
    source: str
    limits: list[FishLimit]


class Cage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The station that measures the water of some cages, and what swims in them."""

    station: Code
    species: Annotated[list[Code], msgspec.Meta(min_length=1)]


class FishAdvice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do from `level` on; without a `parameter` for all, without a `side` whether too much or too little."""

    level: Annotated[int, msgspec.Meta(ge=1, le=3)]
    vi: str
    en: str
    parameter: str = ""
    side: Literal["", "above", "below"] = ""


class Doubt(enum.StrEnum):
    """Why the table is unclear about a value.

    GAP: no printed range holds it. SAME: its level begins at the same bound as another. INVERTED: the printed level is lower than one nearer to
    the required range. MISSING: this side of the row has no entry for the highest levels.
    """

    GAP = "gap"
    SAME = "same"
    INVERTED = "inverted"
    MISSING = "missing"


class TableLevel(NamedTuple):
    """`claimed`: the levels whose printed range holds the value; `level`: the one that alerts use, 0 for none; `required`: it is in the required range."""

    required: bool
    claimed: tuple[int, ...]
    level: int
    doubt: Doubt | None


class Hole(NamedTuple):
    """An open interval of values about which the table is unclear; its ends belong to the printed ranges beside it."""

    low: float
    high: float
    doubt: Doubt
    claimed: tuple[int, ...]


Step = tuple[tuple[int, ...], float]
"""The levels that begin at a limit."""


class Table:
    """A row of the table, parsed, with its bounds in order."""

    __slots__ = ("_least", "_levels", "_most", "_required", "_steps", "limit")

    def __init__(self, limit: FishLimit) -> None:
        """Raises ValueError for a range that cannot be parsed, and for a row without a required range or without any level."""
        self.limit = limit
        self._required = intervals(limit.required)
        self._levels = tuple(intervals(one) for one in (limit.level_1, limit.level_2, limit.level_3))
        if not self._required or not any(self._levels):
            msg = (
                f"{limit.parameter}: cần required và ít nhất một mức (expected what is required and a level)"
            )
            raise ValueError(msg)
        self._least, self._most = (
            min(one.low for one in self._required),
            max(one.high for one in self._required),
        )
        self._steps = list(self._reckon())

    def level_of(self, value: float) -> TableLevel:
        """The level of a value (in the unit of the row) and what is unclear about it."""
        required = any(one.holds(value) for one in self._required)
        claimed, level = self._claimed(value), self._level(value)
        if required and not claimed:
            return TableLevel(required=True, claimed=(), level=0, doubt=None)
        return TableLevel(required, claimed, level, self._doubt(value, claimed, level))

    def holes(self) -> list[Hole]:
        """All intervals about which the table is unclear, in ascending order."""
        found: list[Hole] = []
        bounds = self._bounds()
        for low, high in zip([-math.inf, *bounds], [*bounds, math.inf], strict=True):
            level = self.level_of(_middle(low, high))
            if level.doubt is not None:
                found.append(Hole(low, high, level.doubt, level.claimed))
        return found

    @property
    def steps(self) -> list[tuple[bool, list[Step]]]:
        """For each side of the required range (`above` or below it) the bounds at which the level that alerts use rises, from the range outwards.

        Levels that begin at the same bound are one step.
        """
        return self._steps

    def _reckon(self) -> Iterator[tuple[bool, list[Step]]]:
        for above in (False, True):
            bounds = [
                bound for bound in self._bounds() if (bound >= self._most if above else bound <= self._least)
            ]
            reached, steps = 0, list[Step]()
            for bound in bounds if above else reversed(bounds):
                beyond = [one for one in bounds if (one > bound if above else one < bound)]
                end = (
                    (min(beyond) if above else max(beyond)) if beyond else (math.inf if above else -math.inf)
                )
                level = self._level(_middle(*sorted((bound, end))))
                if level > reached:
                    steps.append((tuple(range(reached + 1, level + 1)), bound))
                    reached = level
            if steps:
                yield above, steps

    def _claimed(self, value: float) -> tuple[int, ...]:
        found = (
            number for number, ranges in enumerate(self._levels, 1) if any(one.holds(value) for one in ranges)
        )
        return tuple(found)

    def _level(self, value: float) -> int:
        """The highest level that holds the value or anything nearer to what is required."""
        places = (value, *self._nearer(value))
        return max((number for place in places for number in self._claimed(place)), default=0)

    def _doubt(self, value: float, claimed: tuple[int, ...], level: int) -> Doubt | None:
        if not claimed:
            return Doubt.GAP
        if max(claimed) < level:
            return Doubt.INVERTED
        side = [steps for above, steps in self._steps if above == (value > self._least)]
        for numbers, bound in side[0] if side else []:
            if len(numbers) > 1 and level == numbers[-1] and bound != value:
                return Doubt.SAME
        highest = max(number for number, ranges in enumerate(self._levels, 1) if ranges)
        last = side[0][-1][0][-1] if side else 0
        return Doubt.MISSING if level == last < highest else None

    def _bounds(self) -> list[float]:
        every: list[Interval] = [one for ranges in (self._required, *self._levels) for one in ranges]
        return sorted({bound for interval in every for bound in interval[:2] if math.isfinite(bound)})

    def _nearer(self, value: float) -> Iterator[float]:
        """A value of each printed range between what is required and this one."""
        bounds = self._bounds()
        for low, high in zip([-math.inf, *bounds], [*bounds, math.inf], strict=True):
            middle = _middle(low, high)
            if value < middle <= self._least or self._most <= middle < value:
                yield middle


def _middle(low: float, high: float) -> float:
    if math.isinf(low):
        return high - 1
    return low + 1 if math.isinf(high) else (low + high) / 2
