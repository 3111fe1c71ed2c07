"""The commune of the recordings: the files of `commune/`, a station for each street sensor, and one for each file of another name."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import yaml

from connectors import commune as files
from infra.rehearsal.recordings import films, signed
from infra.rehearsal.recordings.columns import MEASURES
from infra.rehearsal.recordings.films import Film
from infra.rehearsal.recordings.replay import Loaded
from models.alerting.alert import Kind
from models.commune.configuration import Commune, Parameter, Station

FOLDER = Path(__file__).resolve().parent / "commune"
STREET = Parameter("street_depth", "cm", -5.0, 200.0, interval_s=60, silent_after_s=10 * 365 * 86_400)
"""A street sensor's file holds only its floods: years of silence between them are no fault."""
LIKE_S = (300, 1800)
"""Tests of quality are for readings of 15 minutes: what a river can do between two of them is not what it can do in a day."""
PLACES = {
    "commune": ("units", "hamlets"),
    "stations": ("stations",),
    "rules": ("rules",),
    "contacts": ("contacts",),
    "cameras": ("cameras",),
    "payments": ("merchants", "fees", "stalls", "targets", "odd"),
    "quality": ("quality",),
    "river": ("gauges", "reservoirs", "rain_bands", "water_cameras", "flood_places"),
}


def with_streets(commune: Commune, loaded: list[Loaded], hamlet: str) -> Commune:
    """Add the street sensors that the files of floods name, and put them under every rule on streets."""
    known = {station.id for station in commune.stations}
    names = [
        s for s in dict.fromkeys(s for one in loaded if one.floods for s in one.stations) if s not in known
    ]
    told = {code: name for one in loaded for code, name in one.names.items()}
    return _under_rules(commune, [Station(name, told.get(name, name), [hamlet], [STREET]) for name in names])


def with_others(commune: Commune, loaded: list[Loaded], hamlet: str) -> Commune:
    """Add a station for each file of another name: what it measures, within what its instruments can show, as often as it does.

    Alarm levels of a river are its own, so such a gauge has none; and none is called silent, since nobody says how often it speaks.
    """
    known = {station.id for station in commune.stations}
    for one in loaded:
        if one.floods or not one.recording.stranger:
            continue
        stations = []
        for name in one.stations:
            if name not in known:
                found = intervals_s(one.frame.filter(pl.col("station") == name))
                told = f"{one.recording.vi}: {one.names[name]}" if name in one.names else one.recording.vi
                stations.append(
                    Station(
                        name,
                        told,
                        [hamlet],
                        [_parameter(code, every) for code, every in sorted(found.items())],
                    )
                )
        commune = _under_rules(commune, stations)
    return commune


def _parameter(code: str, every_s: int) -> Parameter:
    measure = MEASURES[code]
    return Parameter(
        code, measure.unit, measure.low, measure.high, every_s, max(STREET.silent_after_s, every_s)
    )


def _under_rules(commune: Commune, stations: list[Station]) -> Commune:
    """Put stations under the rules and tests that are for what they measure, whatever the river."""
    has = {station.id: {each.code for each in station.parameters} for station in stations}
    rules = []
    for rule in commune.rules:
        street = rule.parameter.startswith("street_")
        if rule.kind is Kind.RIVER and not street:
            rules.append(rule)
            continue
        wanted = STREET.code if street else rule.parameter
        more = [name for name, codes in has.items() if wanted in codes]
        rules.append(msgspec.structs.replace(rule, stations=[*rule.stations, *more]))
    quality = [
        msgspec.structs.replace(each, stations=[*each.stations, *_alike(stations, each.parameter)])
        if each.stations
        else each
        for each in commune.quality
    ]
    return msgspec.structs.replace(
        commune, stations=[*commune.stations, *stations], rules=rules, quality=quality
    )


def _alike(stations: list[Station], code: str) -> list[str]:
    """Those that read it about as often as the readings that the tests of quality are for."""
    least, most = LIKE_S
    return [
        station.id
        for station in stations
        for each in station.parameters
        if each.code == code and least <= each.interval_s <= most
    ]


def intervals_s(frame: pl.DataFrame) -> dict[str, int]:
    """Seconds between the readings of each parameter: the median, at least one."""
    found = frame.group_by("parameter").agg(pl.col("ms").sort().diff().median() / 1000)
    return {code: max(1, round(seconds or 1)) for code, seconds in found.iter_rows()}


def write(loaded: list[Loaded], cameras: list[Film], folder: Path) -> Commune:
    """Write the configuration of this replay into `folder` and return it."""
    base = files.load(FOLDER)
    hamlet = base.hamlets[0].code
    loaded = [one for one in loaded if not one.broken]
    commune = with_others(with_streets(base, loaded, hamlet), loaded, hamlet)
    money = signed.configuration(hamlet)
    measured = {each.code for station in commune.stations for each in station.parameters}
    commune = msgspec.structs.replace(
        commune, cameras=[films.camera(camera, hamlet) for camera in cameras], merchants=money.merchants, targets=money.targets,
        odd=money.odd, rules=[rule for rule in commune.rules if rule.stations],
        quality=[one for one in commune.quality if one.parameter in measured],
    )  # fmt: skip
    everything = msgspec.to_builtins(commune)
    folder.mkdir(parents=True, exist_ok=True)
    for name, keys in PLACES.items():
        text = yaml.safe_dump({key: everything[key] for key in keys}, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return commune
