"""What is wrong in `rules.yaml` although every field has its right type; the noise of sensors is judged by noise_mistakes.py."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from models.catalogue.derived import RAIN, derivable
from models.catalogue.kinds import KINDS, SILENCE, UNTRUSTED, Kind
from models.commune.configuration import Average, Direction
from models.envelope.level_mistakes import cleared, nested, numbered
from models.envelope.mistake import Mistake, Path, all_stand, filled, once, out_of_range, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.commune.configuration import Rule, Station

_OF_STATIONS = tuple(kind for kind in Kind if KINDS[kind].ruled)


def rule_mistakes(rules: Sequence[Rule], stations: Sequence[Station]) -> Iterator[Mistake]:
    """Rules of what no station measures, of kinds that are not theirs, with levels out of order or out of reach."""
    # Of two stations of one id (a mistake of its own), the first.
    by_id = {station.id: station for station in reversed(stations)}
    yield from once(("rules",), "id", (rule.id for rule in rules))
    for i, rule in enumerate(rules):
        path = ("rules", i)
        yield from _kind(path, rule)
        yield from all_stand((*path, "stations"), rule.stations, "stations", by_id)
        yield from _levels((*path, "levels"), rule)
        watched = [by_id[code] for code in rule.stations if code in by_id]
        yield from _measured((*path, "parameter"), rule, watched)
        yield from _reachable((*path, "levels"), rule, watched)


def clashes(rules: Sequence[Rule]) -> Iterator[Mistake]:
    """Two rules that would tell the same thing twice, or of which one always holds."""
    for (_, earlier), (i, rule) in combinations(enumerate(rules), 2):
        shared = sorted(set(earlier.stations) & set(rule.stations))
        if shared and _clash(earlier, rule):
            text = f"{earlier.id} ({', '.join(shared)}, {rule.parameter})"
            vi, en = f"một quy tắc, nhưng đã có {text}", f"one rule, but there already is {text}"
            yield wrong(("rules", i, "id"), rule.id, vi, en)


def rain_mean_mistakes(rules: Sequence[Rule]) -> Iterator[Mistake]:
    """Rain is a sum: the mean of an hour would be stored as `rain_1h`, which is the sum of the hour."""
    vi, en = (
        "thông số rain_1h: mưa là tổng, không phải trung bình",
        "the parameter rain_1h: rain is a sum, no mean",
    )
    for i, rule in enumerate(rules):
        if rule.parameter == RAIN and rule.average is Average.HOUR:
            yield wrong(("rules", i, "average"), rule.average.value, vi, en)


def _kind(path: Path, rule: Rule) -> Iterator[Mistake]:
    """Silence comes from `silent_after_s` of each parameter; its id and kind are taken, and so are the other flows'."""
    if rule.id in (SILENCE, UNTRUSTED):
        yield _silence((*path, "id"), rule.id)
    if rule.kind in (Kind.SILENT, Kind.UNTRUSTED):
        yield _silence((*path, "kind"), rule.kind.value)
    elif rule.kind not in _OF_STATIONS:
        text = ", ".join(_OF_STATIONS)
        yield wrong((*path, "kind"), rule.kind.value, f"một trong: {text}", f"one of: {text}")


def _silence(path: Path, word: str) -> Mistake:
    vi, en = f"không phải `{word}`: đã có silent_after_s", f"not `{word}`: silent_after_s does that"
    return wrong(path, word, vi, en)


def _measured(path: Path, rule: Rule, stations: Sequence[Station]) -> Iterator[Mistake]:
    for station in stations:
        codes = [parameter.code for parameter in station.parameters]
        codes += derivable(codes)
        if rule.parameter not in codes:
            text = ", ".join(codes) or "–"
            vi, en = f"thông số của trạm {station.id}: {text}", f"a parameter of station {station.id}: {text}"
            yield wrong(path, rule.parameter, vi, en)


def _levels(path: Path, rule: Rule) -> Iterator[Mistake]:
    above = rule.direction is Direction.ABOVE
    for i, level in enumerate(rule.levels):
        yield from filled((*path, i, "name"), level.name)
        yield from cleared((*path, i), level, above=above)
    yield from numbered(path, rule.levels)
    yield from nested(path, rule.levels, above=above)


def _reachable(path: Path, rule: Rule, stations: Sequence[Station]) -> Iterator[Mistake]:
    """A limit outside the physical range is never reached, or never left: no rule judges such values."""
    ranges = [
        (station.id, parameter)
        for station in stations
        for parameter in station.parameters
        if parameter.code == rule.parameter and parameter.low < parameter.high
    ]
    for i, level in enumerate(rule.levels):
        for key, value in (("raise_at", level.raise_at), ("clear_at", level.clear_at)):
            beyond = [(name, within) for name, within in ranges if not within.low <= value <= within.high]
            if beyond:
                name, within = beyond[0]
                text = f"{name}: {within.low:g}…{within.high:g} {within.unit}"
                yield out_of_range((*path, i, key), value, text)


def _clash(rule: Rule, other: Rule) -> bool:
    if (rule.kind, rule.parameter, rule.average) != (other.kind, other.parameter, other.average):
        return False
    if rule.direction is other.direction:
        return True
    above, below = (rule, other) if rule.direction is Direction.ABOVE else (other, rule)
    return min(level.raise_at for level in above.levels) < max(level.raise_at for level in below.levels)
