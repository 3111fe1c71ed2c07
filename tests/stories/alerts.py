"""A commune for stories of messages, and the alerts that happen in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from models.alerting.alert import Kind
from models.commune.configuration import (
    Average,
    Channel,
    Commune,
    Contact,
    Direction,
    Hamlet,
    Level,
    Parameter,
    Rule,
    Station,
)
from models.commune.routing import Routing
from models.envelope.evidence import Evidence
from models.river.configuration import FloodPlace
from tests.builders import rule
from tests.timeline import Alert, Story

Tell = Callable[..., Story]
"""A story of a commune, and by which pattern each channel is answered."""

STATIONS = 28
EIGHT = [
    "river_level",
    "rain",
    "water_temperature",
    "ph",
    "turbidity",
    "conductivity",
    "humidity",
    "air_temperature",
]


def contact(name: str, *kinds: Kind, **changed: Any) -> Contact:
    return Contact(name, name, "vai", ["la-van-ha"], list(kinds), [Channel.SMS], **changed)


HEAD = contact("head", Kind.RIVER, Kind.RAIN, Kind.FLOOD)
ROOM = contact("room", *Kind)
FARM = contact("farm", Kind.OXYGEN, Kind.FISH)


def commune(*contacts: Contact, routing: Routing | None = None) -> Commune:
    """Phú Ốc with its gauge and rain, the low ground by it, a cage, and stations that only fall silent."""
    names = ["phu-oc", "long-ca", *(f"tram-{i}" for i in range(STATIONS))]
    level = Parameter("river_level", "m", -1, 10, 300, 1800)
    stations = [Station(name, name.replace("-", " ").title(), ["la-van-ha"], [level]) for name in names]
    rain = Rule(
        "rain-24h", Kind.RAIN, "rain_24h", ["phu-oc"], Direction.ABOVE,
        [Level(1, "mưa rất to", 100, 90), Level(2, "mưa trên 200 mm", 200, 180)], average=Average.NONE,
    )  # fmt: skip
    hamlets = [Hamlet("la-van-ha", "La Vân Hạ", "xa", date(2020, 1, 1))]
    low = FloodPlace("ven-song", "Ven sông Bồ", ["la-van-ha"], gauges=["phu-oc"], rains=["phu-oc"])
    return Commune([], hamlets, stations, [rule(), rain], list(contacts), flood_places=[low], routing=routing)


def river() -> Alert:
    return Alert("river:1", kind=Kind.RIVER, value=3.4, limit=3.0)


def rain() -> Alert:
    return Alert(
        "rain:1", kind=Kind.RAIN, rule="rain-24h", parameter="rain_24h", unit="mm", value=130.0, limit=100.0
    )


def flood() -> Alert:
    seen = [Evidence("mực nước Phú Ốc: trên báo động II 0,43 m", "gauge")]
    return Alert(
        "witness:1", kind=Kind.FLOOD, rule="witness", station="ven-song", parameter="flood", unit="1", value=2.0,
        limit=2.0, evidence=seen,
    )  # fmt: skip


def fish(name: str, parameter: str, kind: Kind = Kind.FISH) -> Alert:
    return Alert(
        f"{name}:1",
        kind=kind,
        rule=name,
        station="long-ca",
        parameter=parameter,
        unit="mg/L",
        value=1.2,
        limit=1.0,
    )


def silent(station: str, *parameters: str) -> Alert:
    return Alert(
        f"silent:{station}", kind=Kind.SILENT, rule="silent", station=station, parameter="station", unit="s",
        value=1800.0, limit=1800.0, parameters=list(parameters or ["river_level"]),
    )  # fmt: skip


def outage(part: str = "bridge", *stations: str) -> Alert:
    return Alert(
        f"outage:{part}", kind=Kind.OUTAGE, rule="outage", station="platform", parameter=part, unit="s", value=1800.0,
        limit=60.0, parameters=list(stations),
    )  # fmt: skip
