"""Rules of alerts from the table of each species, for the stations at its cages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.catalogue.derived import derivable
from models.catalogue.kinds import Kind
from models.commune.configuration import Direction, Level, Rule
from models.fish.levels import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.commune.configuration import Commune, Station
    from models.fish.levels import FishLimit, Species

HOLD_S = 600
OXYGEN = "dissolved_oxygen"


def fish_rules(commune: Commune) -> list[Rule]:
    """A rule for each row of the table of each species and each side of it (too much, too little), for the stations at its cages.

    No rule for a station and parameter that already have one in the commune's rules.yaml. Two levels of the table that begin at the same
    bound become one level of the rule: it has the higher number, and its name has both.
    """
    own = {(station, rule.parameter) for rule in commune.rules for station in rule.stations}
    cages = {
        one.id: [cage.station for cage in commune.cages if one.id in cage.species] for one in commune.species
    }
    known = {(station.id, code) for station in commune.stations for code in _codes(station)}
    found: list[Rule] = []
    for species in commune.species:
        for limit in species.limits:
            stations = [one for one in cages[species.id] if (one, limit.parameter) in known - own]
            if stations:
                found += _rules(species, limit, stations)
    return found


def _codes(station: Station) -> list[str]:
    measured = [parameter.code for parameter in station.parameters]
    return [*measured, *derivable(measured)]


def _rules(species: Species, limit: FishLimit, stations: list[str]) -> Iterator[Rule]:
    for above, steps in Table(limit).steps:
        sign = -1 if above else 1
        levels = [
            Level(
                numbers[-1],
                _name(numbers),
                _raise_at(limit, numbers[-1], bound, above=above),
                round(bound + sign * limit.margin, 6),
            )
            for numbers, bound in steps
        ]
        side = Direction.ABOVE if above else Direction.BELOW
        code = f"{species.id}-{limit.parameter.replace('_', '-')}-{'cao' if above else 'thap'}"[:48]
        kind = Kind.OXYGEN if limit.parameter == OXYGEN else Kind.FISH
        yield Rule(code, kind, limit.parameter, stations, side, levels, HOLD_S, source=species.source)


def _raise_at(limit: FishLimit, level: int, bound: float, *, above: bool) -> float:
    """The limit of the rule for a level that begins at `bound` in the table, in the unit of the row.

    A rule on the upper side holds from its limit on (value >= limit), one on the lower side only below it (value < limit). The table
    says whether `bound` itself belongs to the level; where the two differ, the next floating-point number above is the limit.
    """
    within = Table(limit).level_of(bound).level >= level
    return bound if within == above else math.nextafter(bound, math.inf)


def _name(numbers: tuple[int, ...]) -> str:
    return f"mức {'-'.join(map(str, numbers))}"
