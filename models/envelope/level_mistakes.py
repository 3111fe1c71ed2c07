"""Levels of any rule, of a parameter or of people in a zone: nested, and each left on the better side of where it is raised."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from models.envelope.mistake import Mistake, Path, once, shown, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Level(Protocol):
    """A level that is raised at one limit and left at another (hysteresis), both in one unit."""

    @property
    def level(self) -> int:
        """Its number; the worst has the highest."""

    @property
    def raise_at(self) -> float:
        """Where it is raised."""

    @property
    def clear_at(self) -> float:
        """Where it is left."""


def cleared(path: Path, level: Level, *, above: bool) -> Iterator[Mistake]:
    """The level at `path` is left on the better side of where it is raised; `above`: more is worse."""
    if not worse(level.raise_at, level.clear_at, above=above):
        vi, en = ("thấp hơn", "below") if above else ("cao hơn", "above")
        text = f"raise_at ({shown(level.raise_at)})"
        yield wrong((*path, "clear_at"), level.clear_at, f"{vi} {text}", f"{en} {text}")


def numbered(path: Path, levels: Sequence[Level]) -> Iterator[Mistake]:
    """Each number once in the list at `path`."""
    yield from once(path, "level", (str(level.level) for level in levels))


def nested(path: Path, levels: Sequence[Level], *, above: bool) -> Iterator[Mistake]:
    """The worse the level, the farther both its limits; the list at `path` may have them in any order.

    Equal numbers are told by `numbered`. The order is that of the rule itself (models.alerting.rule.Limits).
    """
    side_vi, side_en = ("cao hơn", "above") if above else ("thấp hơn", "below")
    in_order = sorted(enumerate(levels), key=lambda pair: pair[1].level)
    for (_, milder), (i, graver) in pairwise(in_order):
        limits = (
            ("raise_at", milder.raise_at, graver.raise_at),
            ("clear_at", milder.clear_at, graver.clear_at),
        )
        for key, least, value in limits:
            if milder.level != graver.level and not worse(value, least, above=above):
                vi = f"{side_vi} mức {milder.level}: {shown(least)}"
                en = f"{side_en} level {milder.level}: {shown(least)}"
                yield wrong((*path, i, key), value, vi, en)


def worse(value: float, than: float, *, above: bool) -> bool:
    """Whether `value` is worse than the other; never of no number (NaN)."""
    return value > than if above else value < than
