"""Checks of a commune's configuration that its JSON schema cannot make: references, ranges, contradictions between parts.

Input: a decoded `Commune`, so every field has its right type. Output: a list of `Mistake`, all at once, each with its path in the
data; `connectors.commune.check` adds file and line. A check that compares two parts (a rule names a station that does not exist) puts
the path of the other part into `refers`: where that part could not be decoded the mistake is not reported.
"""

from __future__ import annotations

import math
from datetime import date
from difflib import get_close_matches
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from models.air.limits import MOLAR_G, SHARES, WEIGHTS
from models.catalogue.kinds import KINDS, Kind
from models.catalogue.parameters import PARAMETERS
from models.commune.camera_mistakes import camera_mistakes
from models.commune.configuration import Direction
from models.commune.fish_mistakes import fish_mistakes
from models.commune.mark_mistakes import mark_mistakes
from models.commune.mistake import Mistake, Path, known, missing, once, wrong
from models.commune.noise_mistakes import noise_mistakes
from models.commune.payment_mistakes import payment_mistakes
from models.commune.position_mistakes import position_mistakes
from models.commune.quality_mistakes import quality_mistakes
from models.commune.river_mistakes import river_mistakes
from models.commune.way_mistakes import way_mistakes
from models.telemetry.consequence import SILENCE, UNTRUSTED
from models.telemetry.derived import derivable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.commune.configuration import Commune, Hamlet, Level, Parameter, Rule, Station, Unit

UNITS = {row.code: row.unit for row in PARAMETERS.values() if row.measured and not row.loose}
"""The unit of each parameter that a station measures and the rules, the screens and the messages know."""
_GASES = dict.fromkeys((one.value for one in MOLAR_G), (*WEIGHTS, *SHARES))
"""Pollutants that a station may tell in several units; what they are reckoned in is models.air.limits.to_ug_m3."""
_OF_STATIONS = tuple(kind for kind in Kind if KINDS[kind].ruled)
ALMOST = 0.85
"""Similarity (difflib, 0 to 1) from which an unknown code is taken for a misspelt known one; `pm1` and `soil_temperature` lie below it."""
SHORT = 3
"""Characters; codes of at most so many resemble each other too much to suggest another: pm1, no2, so2."""


def mistakes(commune: Commune) -> list[Mistake]:
    """All mistakes of the commune, in the order of its sections; an empty list: the configuration is valid."""
    return [
        *_named(commune),
        *_units(commune.units),
        *_hamlets(commune),
        *_stations(commune),
        *_rules(commune),
        *_clashes(commune.rules),
        *noise_mistakes(commune),
        *_contacts(commune),
        *camera_mistakes(commune),
        *position_mistakes(commune),
        *payment_mistakes(commune),
        *way_mistakes(commune),
        *quality_mistakes(commune),
        *river_mistakes(commune),
        *mark_mistakes(commune),
        *fish_mistakes(commune, UNITS),
    ]


def _named(commune: Commune) -> Iterator[Mistake]:
    """Names stand in the messages, so none is blank."""
    sections: dict[str, Sequence[Any]] = {
        "units": commune.units,
        "hamlets": commune.hamlets,
        "stations": commune.stations,
        "contacts": commune.contacts,
        "cameras": commune.cameras,
        "merchants": commune.merchants,
        "fees": commune.fees,
        "stalls": commune.stalls,
    }
    for section, entries in sections.items():
        for i, one in enumerate(entries):
            if not one.name.strip():
                yield wrong((section, i, "name"), '""', "một cái tên", "a name")


def _units(units: Sequence[Unit]) -> Iterator[Mistake]:
    yield from once(("units",), "code", (one.code for one in units))
    for i, one in enumerate(units):
        yield from _ordered(("units", i), one)


def _ordered(path: Path, one: Unit | Hamlet) -> Iterator[Mistake]:
    if one.valid_to is not None and one.valid_from > one.valid_to:
        vi, en = f"ngày không trước {one.valid_from}", f"a day not before {one.valid_from}"
        yield wrong((*path, "valid_to"), one.valid_to, vi, en)


def _hamlets(commune: Commune) -> Iterator[Mistake]:
    units = {one.code: one for one in commune.units}
    for i, one in enumerate(commune.hamlets):
        path = ("hamlets", i)
        yield from _ordered(path, one)
        if one.unit not in units:
            yield missing((*path, "unit"), one.unit, "units", sorted(units))
        elif not any(_ordered((), units[one.unit])):
            yield from _within(path, one, units[one.unit])
    for first, (i, second) in combinations(enumerate(commune.hamlets), 2):
        if first[1].code == second.code and _overlap(first[1], second):
            vi, en = "thời hạn không trùng mục khác cùng mã", "no overlap with an entry of that code"
            yield wrong(("hamlets", i, "code"), second.code, vi, en)


def _within(path: Path, hamlet: Hamlet, unit: Unit) -> Iterator[Mistake]:
    """A hamlet belongs to a unit only while the unit stands."""
    if hamlet.valid_from < unit.valid_from:
        vi, en = f"từ {unit.valid_from} ({unit.code})", f"{unit.valid_from} or later ({unit.code})"
        yield wrong((*path, "valid_from"), hamlet.valid_from, vi, en)
    if _last(hamlet) > _last(unit):
        vi, en = f"đến {unit.valid_to} ({unit.code})", f"{unit.valid_to} or earlier ({unit.code})"
        yield wrong((*path, "valid_to"), hamlet.valid_to or "?", vi, en)


def _last(one: Unit | Hamlet) -> date:
    return one.valid_to or date.max


def _overlap(one: Hamlet, other: Hamlet) -> bool:
    return one.valid_from <= _last(other) and other.valid_from <= _last(one)


def _stations(commune: Commune) -> Iterator[Mistake]:
    hamlets = [one.code for one in commune.hamlets]
    yield from once(("stations",), "id", (one.id for one in commune.stations))
    for i, one in enumerate(commune.stations):
        path = ("stations", i)
        yield from known((*path, "hamlets"), one.hamlets, "hamlets", hamlets)
        if not one.parameters:
            yield wrong((*path, "parameters"), "[]", "ít nhất một thông số", "at least one parameter")
        yield from once((*path, "parameters"), "code", (each.code for each in one.parameters))
        for j, parameter in enumerate(one.parameters):
            yield from _parameter((*path, "parameters", j), parameter)


def _parameter(path: Path, one: Parameter) -> Iterator[Mistake]:
    guess = one.code not in UNITS and len(one.code) > SHORT
    almost = get_close_matches(one.code, UNITS, 1, ALMOST) if guess else []
    if almost:
        yield wrong((*path, "code"), one.code, f"`{almost[0]}`", f"`{almost[0]}`")
    known = [UNITS[one.code]] if one.code in UNITS else sorted(set(UNITS.values()))
    known = [*_GASES.get(one.code, known)]
    if one.unit not in known:
        text = ", ".join(known)
        yield wrong((*path, "unit"), one.unit, f"đơn vị {text}", f"the unit {text}")
    if not -math.inf < one.low < one.high < math.inf:  # false for .nan too
        vi, en = f"một số dưới high ({one.high:g})", f"a number below high ({one.high:g})"
        yield wrong((*path, "low"), one.low, vi, en)
    if one.silent_after_s <= one.interval_s:
        text = f"interval_s ({one.interval_s})"
        yield wrong((*path, "silent_after_s"), one.silent_after_s, f"lớn hơn {text}", f"more than {text}")


def _rules(commune: Commune) -> Iterator[Mistake]:
    stations = {one.id: one for one in reversed(commune.stations)}
    yield from once(("rules",), "id", (one.id for one in commune.rules))
    for i, rule in enumerate(commune.rules):
        path = ("rules", i)
        yield from _not_silence(path, rule)
        yield from known((*path, "stations"), rule.stations, "stations", stations)
        yield from _levels((*path, "levels"), rule)
        measured = [stations[code] for code in rule.stations if code in stations]
        yield from _measured((*path, "parameter"), rule, measured)
        yield from _reachable((*path, "levels"), rule, measured)


def _not_silence(path: Path, rule: Rule) -> Iterator[Mistake]:
    """Silence comes from `silent_after_s` of each parameter; its id and kind are taken, and so are the other flows'."""
    if rule.id in (SILENCE, UNTRUSTED):
        vi, en = f"không phải `{rule.id}`: đã có silent_after_s", f"not `{rule.id}`: silent_after_s does that"
        yield wrong((*path, "id"), rule.id, vi, en)
    if rule.kind in (Kind.SILENT, Kind.UNTRUSTED):
        vi, en = (
            f"không phải `{rule.kind}`: đã có silent_after_s",
            f"not `{rule.kind}`: silent_after_s does that",
        )
        yield wrong((*path, "kind"), rule.kind.value, vi, en)
    elif rule.kind not in _OF_STATIONS:
        text = ", ".join(_OF_STATIONS)
        yield wrong((*path, "kind"), rule.kind.value, f"một trong: {text}", f"one of: {text}")


def _measured(path: Path, rule: Rule, stations: Sequence[Station]) -> Iterator[Mistake]:
    for one in stations:
        codes = [each.code for each in one.parameters]
        codes += derivable(codes)
        if rule.parameter not in codes:
            text = ", ".join(codes) or "–"
            vi, en = f"thông số của trạm {one.id}: {text}", f"a parameter of station {one.id}: {text}"
            yield wrong(path, rule.parameter, vi, en)


def _levels(path: Path, rule: Rule) -> Iterator[Mistake]:
    """The worse the level, the farther its limits; it is left on the better side of where it was raised."""
    above = rule.direction is Direction.ABOVE
    side_vi, side_en = ("thấp hơn", "below") if above else ("cao hơn", "above")
    for i, one in enumerate(rule.levels):
        if not one.name.strip():
            yield wrong((*path, i, "name"), '""', "một cái tên", "a name")
        if not _worse(one.raise_at, one.clear_at, above=above):
            text = f"raise_at ({one.raise_at:g})"
            yield wrong((*path, i, "clear_at"), one.clear_at, f"{side_vi} {text}", f"{side_en} {text}")
    yield from once(path, "level", (str(one.level) for one in rule.levels))
    # As the rule itself sorts them (models.alerting.rule.Limits); equal numbers are told above.
    in_order = sorted(enumerate(rule.levels), key=lambda pair: pair[1].level)
    for (_, milder), (i, worse) in pairwise(in_order):
        if milder.level != worse.level:
            yield from _steps((*path, i), milder, worse, above=above)


def _steps(path: Path, milder: Level, worse: Level, *, above: bool) -> Iterator[Mistake]:
    side_vi, side_en = ("cao hơn", "above") if above else ("thấp hơn", "below")
    pairs = (("raise_at", milder.raise_at, worse.raise_at), ("clear_at", milder.clear_at, worse.clear_at))
    for key, least, value in pairs:
        if not _worse(value, least, above=above):
            vi, en = f"{side_vi} mức {milder.level}: {least:g}", f"{side_en} level {milder.level}: {least:g}"
            yield wrong((*path, key), value, vi, en)


def _worse(value: float, than: float, *, above: bool) -> bool:
    return value > than if above else value < than


def _reachable(path: Path, rule: Rule, stations: Sequence[Station]) -> Iterator[Mistake]:
    """A limit outside the physical range is never reached, or never left: no rule judges such values."""
    wanted = [(one.id, each) for one in stations for each in one.parameters if each.code == rule.parameter]
    ranges = [(name, each) for name, each in wanted if each.low < each.high]
    for i, level in enumerate(rule.levels):
        for key, value in (("raise_at", level.raise_at), ("clear_at", level.clear_at)):
            out = [(name, each) for name, each in ranges if not each.low <= value <= each.high]
            if out:
                text = f"{out[0][0]}: {out[0][1].low:g}…{out[0][1].high:g} {out[0][1].unit}"
                vi, en = f"trong dải đo của {text}", f"within the range of {text}"
                yield wrong((*path, i, key), value, vi, en)


def _clashes(rules: Sequence[Rule]) -> Iterator[Mistake]:
    """Two rules that would tell the same thing twice, or of which one always holds."""
    for first, (i, second) in combinations(enumerate(rules), 2):
        shared = sorted(set(first[1].stations) & set(second.stations))
        if shared and _clash(first[1], second):
            text = f"{first[1].id} ({', '.join(shared)}, {second.parameter})"
            vi, en = f"một quy tắc, nhưng đã có {text}", f"one rule, but there already is {text}"
            yield wrong(("rules", i, "id"), second.id, vi, en)


def _clash(one: Rule, other: Rule) -> bool:
    if (one.kind, one.parameter, one.average) != (other.kind, other.parameter, other.average):
        return False
    if one.direction is other.direction:
        return True
    above, below = (one, other) if one.direction is Direction.ABOVE else (other, one)
    return min(each.raise_at for each in above.levels) < max(each.raise_at for each in below.levels)


def _contacts(commune: Commune) -> Iterator[Mistake]:
    hamlets = [one.code for one in commune.hamlets]
    yield from once(("contacts",), "id", (one.id for one in commune.contacts))
    for i, one in enumerate(commune.contacts):
        path = ("contacts", i)
        yield from known((*path, "hamlets"), one.hamlets, "hamlets", hamlets)
        for key, values in (("kinds", one.kinds), ("channels", one.channels)):
            if not values:
                yield wrong((*path, key), "[]", f"ít nhất một mục trong {key}", f"at least one of {key}")
            yield from once((*path, key), "", (each.value for each in values))
