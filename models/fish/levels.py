"""Where a value stands in the commune's table of caged fish, and what the table leaves open.

The table (the commune's own page, quangtho.huecit.com) gives what is required and three levels. Between them are gaps that belong to
nothing, levels that cannot be told apart, and one level inside a lower one. Nothing of that is filled in: it is said.
What is acted on never gets milder the farther a value lies from what is required.
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
    """What the table leaves open: no range at all, levels that begin as one, a milder level farther out, no higher level on this side."""

    GAP = "gap"
    SAME = "same"
    INVERTED = "inverted"
    MISSING = "missing"


class Standing(NamedTuple):
    """`claimed`: the levels whose printed range holds the value; `level` the one acted on; 0 and `required`: all is well."""

    required: bool
    claimed: tuple[int, ...]
    level: int
    doubt: Doubt | None


class Hole(NamedTuple):
    """A range of values (open: its ends belong to the printed ranges beside it) and what is unclear there."""

    low: float
    high: float
    doubt: Doubt
    claimed: tuple[int, ...]


Step = tuple[tuple[int, ...], float]
"""The levels that begin at a limit."""


class Table:
    """A row laid out for looking up."""

    __slots__ = ("_least", "_levels", "_most", "_required", "_steps", "limit")

    def __init__(self, limit: FishLimit) -> None:
        """ValueError for what cannot be read."""
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

    def stands(self, value: float) -> Standing:
        """Where the value stands."""
        required = any(one.holds(value) for one in self._required)
        claimed, level = self._claimed(value), self._level(value)
        if required and not claimed:
            return Standing(required=True, claimed=(), level=0, doubt=None)
        return Standing(required, claimed, level, self._doubt(value, claimed, level))

    def holes(self) -> list[Hole]:
        """All ranges of the table that are unclear, from low to high."""
        found: list[Hole] = []
        bounds = self._bounds()
        for low, high in zip([-math.inf, *bounds], [*bounds, math.inf], strict=True):
            standing = self.stands(_middle(low, high))
            if standing.doubt is not None:
                found.append(Hole(low, high, standing.doubt, standing.claimed))
        return found

    @property
    def steps(self) -> list[tuple[bool, list[Step]]]:
        """The limits of the acted levels on each side of what is required: (above, steps).

        Levels that begin at one limit cannot be told apart and are one step.
        """
        return self._steps

    def _reckon(self) -> Iterator[tuple[bool, list[Step]]]:
        for above in (False, True):
            bounds = [one for one in self._bounds() if (one >= self._most if above else one <= self._least)]
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
        return max((number for one in places for number in self._claimed(one)), default=0)

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
        return sorted({bound for one in every for bound in one[:2] if math.isfinite(bound)})

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
