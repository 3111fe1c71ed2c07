"""A drill: a storm that is played through rules, routing and gateways, as a time line of changes. A file of the folder drills/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec

from models.catalogue.derived import derivable
from models.catalogue.kinds import KINDS, Kind
from models.envelope.mistake import Mistake, Path, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.commune.configuration import Commune, Rule

LONGEST_MIN = 720
LEVELS_OF_FLOOD = 2
NOT_OF_RULES = {Kind.FLOOD: "flood", Kind.SILENT: "station", Kind.OUTAGE: "link"}
"""Kinds that no rule of a station raises and that a drill knows, each with what stands in the place of its parameter."""
PLATFORM = "platform"
"""The station of an outage."""


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At `minute` the alert of `kind` at `station` goes to `level` (0: it is over), by `value` in the station's unit.

    An outage is of the station `platform` and names in `stations` those behind it; a flood is of a flood place. `parameter`: where several
    rules of the kind speak of the station, that of which it is. What goes on stays with its rule.
    """

    minute: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_MIN)]
    kind: Kind
    station: str
    level: Annotated[int, msgspec.Meta(ge=0, le=5)]
    value: float = 0.0
    stations: list[str] = []
    parameter: str = ""


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name` is what people call it; `minutes` how long it lasts at speed 1, answers waited for."""

    name: str
    minutes: Annotated[float, msgspec.Meta(gt=0, le=LONGEST_MIN)]
    changes: Annotated[list[Turn], msgspec.Meta(min_length=1)]


class Said(NamedTuple):
    """What a turn is about: the rule that would say it, its parameter and unit, and the limit of each level."""

    rule: str
    parameter: str
    unit: str
    limits: dict[int, float]


def said(turn: Turn, commune: Commune) -> Said | None:
    """What the turn is about in this commune; None: nothing there could say it."""
    if turn.kind in NOT_OF_RULES:
        known = {
            Kind.FLOOD: {place.id for place in commune.flood_places},
            Kind.SILENT: {station.id for station in commune.stations},
            Kind.OUTAGE: {PLATFORM},
        }[turn.kind]
        if turn.station not in known:
            return None
        if turn.kind is Kind.FLOOD:
            return Said(
                "witness", NOT_OF_RULES[turn.kind], "1", {n: float(n) for n in range(1, LEVELS_OF_FLOOD + 1)}
            )
        return Said(str(turn.kind), NOT_OF_RULES[turn.kind], "s", {1: 60.0})
    found = [
        rule
        for rule in commune.rules
        if rule.kind is turn.kind and turn.station in rule.stations and turn.parameter in ("", rule.parameter)
    ]
    fitting = [rule for rule in found if turn.level in _levels(rule) or turn.level == 0]
    if not fitting:
        return None
    rule = fitting[0]
    return Said(rule.id, rule.parameter, _unit(rule, turn.station, commune), _levels(rule))


def played(scenario: Scenario, commune: Commune) -> Iterator[tuple[Turn, Said | None, int]]:
    """Each turn with what it is about and the level that its alert has had until then."""
    going: dict[tuple[Kind, str], tuple[Said | None, int]] = {}
    for turn in scenario.changes:
        about, level = going.get((turn.kind, turn.station), (None, 0))
        about = about if level else said(turn, commune)
        yield turn, about, level
        going[turn.kind, turn.station] = about, turn.level


def scenario_mistakes(scenario: Scenario, commune: Commune) -> Iterator[Mistake]:
    """What cannot be played: a place that is none, a level that no rule has, an order that no alert could have."""
    before = 0.0
    stations = {station.id for station in commune.stations}
    for i, (turn, about, level) in enumerate(played(scenario, commune)):
        path: Path = ("changes", i)
        if turn.minute < before:
            yield wrong(
                (*path, "minute"), turn.minute, f"từ phút {before:g} trở đi", f"minute {before:g} or later"
            )
        if turn.minute > scenario.minutes:
            yield wrong(
                (*path, "minute"),
                turn.minute,
                f"tối đa {scenario.minutes:g} (minutes)",
                f"at most {scenario.minutes:g}",
            )
        before = max(before, turn.minute)
        if about is None:
            yield wrong(
                (*path, "station"), f"{turn.kind}, {turn.station}, {turn.level}", "nơi và mức có quy tắc của loại ấy",
                "a place and level of which a rule of that kind speaks",
            )  # fmt: skip
        elif turn.level and turn.level not in about.limits:
            known = ", ".join(map(str, sorted(about.limits)))
            yield wrong((*path, "level"), turn.level, f"một trong: 0, {known}", f"one of: 0, {known}")
        for behind in turn.stations:
            if behind not in stations:
                yield wrong(
                    (*path, "stations"), behind, "trạm trong stations.yaml", "a station of stations.yaml"
                )
        if turn.level == level:
            yield wrong(
                (*path, "level"), turn.level, "mức khác mức đang có", "another level than it has by then"
            )


def _levels(rule: Rule) -> dict[int, float]:
    return {level.level: level.raise_at for level in rule.levels}


def _unit(rule: Rule, station: str, commune: Commune) -> str:
    own = next((each for each in commune.stations if each.id == station), None)
    if own is None:
        return "1"
    sent = {parameter.code: parameter.unit for parameter in own.parameters}
    return (sent | derivable(sent)).get(rule.parameter, "1")


def names_value(kind: Kind) -> bool:
    """Whether the value of such an alert is of what is measured; else it is a span of not knowing, or a number of sources."""
    return kind not in NOT_OF_RULES and KINDS[kind].unknown is None
