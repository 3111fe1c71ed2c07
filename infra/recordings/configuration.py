"""The commune of the recordings: the files of `commune/`, a station for each street sensor, and one for each file of another name."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import yaml

from connectors import commune as files
from infra.recordings import films, signed
from infra.recordings.films import Film
from infra.recordings.replay import Loaded
from models.alerting.alert import Kind
from models.commune.configuration import Commune, Parameter, Station

FOLDER = Path(__file__).resolve().parent / "commune"
STREET = Parameter("street_depth", "cm", -5.0, 200.0, interval_s=60, silent_after_s=10 * 365 * 86_400)
"""A street sensor's file holds only its floods: years of silence between them are no fault."""
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
    """Add the street sensors that the file names, and put them under every rule on streets."""
    streets = (s for one in loaded if one.recording.picture == STREET.code for s in one.stations)
    names = list(dict.fromkeys(streets))
    stations = [Station(name, name, [hamlet], [STREET]) for name in names]
    rules = [
        msgspec.structs.replace(rule, stations=rule.stations + names)
        if rule.parameter.startswith("street_")
        else rule
        for rule in commune.rules
    ]
    return msgspec.structs.replace(commune, stations=commune.stations + stations, rules=rules)


def with_likes(commune: Commune, loaded: list[Loaded]) -> Commune:
    """Add a station for each file of another name: the parameters that it has, the limits of the one that it is like.

    Alarm levels of a river are its own, so such a gauge has none; and none is called silent, since nobody says how often it speaks.
    """
    known = {one.id: one for one in commune.stations}
    for one in loaded:
        like = known.get(one.recording.like)
        if like is not None:
            for name in one.stations:
                commune = _joined(commune, like, name, one)
    return commune


def _joined(commune: Commune, like: Station, name: str, one: Loaded) -> Commune:
    intervals = intervals_s(one.frame.filter(pl.col("station") == name))
    own = [
        msgspec.structs.replace(
            each, interval_s=intervals[each.code], silent_after_s=max(STREET.silent_after_s, intervals[each.code])
        )
        for each in like.parameters
        if each.code in intervals
    ]  # fmt: skip
    station = msgspec.structs.replace(like, id=name, name=one.recording.vi, parameters=own)
    rules = [
        msgspec.structs.replace(rule, stations=[*rule.stations, name])
        if like.id in rule.stations and rule.kind is not Kind.RIVER and rule.parameter in intervals
        else rule
        for rule in commune.rules
    ]
    quality = [
        msgspec.structs.replace(each, stations=[*each.stations, name])
        if like.id in each.stations and each.parameter in intervals
        else each
        for each in commune.quality
    ]
    return msgspec.structs.replace(
        commune, stations=[*commune.stations, station], rules=rules, quality=quality
    )


def intervals_s(frame: pl.DataFrame) -> dict[str, int]:
    """Seconds between the readings of each parameter: the median, at least one."""
    found = frame.group_by("parameter").agg(pl.col("ms").sort().diff().median() / 1000)
    return {code: max(1, round(seconds or 1)) for code, seconds in found.iter_rows()}


def write(loaded: list[Loaded], cameras: list[Film], folder: Path) -> Commune:
    """Write the configuration of this replay into `folder` and return it."""
    base = files.load(FOLDER)
    hamlet = base.hamlets[0].code
    commune = with_likes(with_streets(base, loaded, hamlet), loaded)
    money = signed.configuration(hamlet)
    measured = {each.code for one in commune.stations for each in one.parameters}
    commune = msgspec.structs.replace(
        commune, cameras=[films.camera(one, hamlet) for one in cameras], merchants=money.merchants, targets=money.targets,
        odd=money.odd, rules=[rule for rule in commune.rules if rule.stations],
        quality=[one for one in commune.quality if one.parameter in measured],
    )  # fmt: skip
    everything = msgspec.to_builtins(commune)
    folder.mkdir(parents=True, exist_ok=True)
    for name, keys in PLACES.items():
        text = yaml.safe_dump({key: everything[key] for key in keys}, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return commune
