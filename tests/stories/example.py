"""The example commune in stories: its people, and the alerts that happen in it."""

from __future__ import annotations

from typing import Any

from models.alerting.alert import AlertChange, Kind
from models.envelope.evidence import Evidence
from tests.timeline import Alert

HEADS = (
    "head-la-van-ha",
    "head-la-van-thuong",
    "head-luong-co",
    "head-niem-pho",
    "head-pho-nam-a",
    "head-pho-nam-b",
    "head-phuoc-yen",
    "head-tan-xuan-lai",
)
ROOM, COOPERATIVE = "control-room", "cooperative"
DEPUTIES = ("deputy-la-van-ha", "deputy-phuoc-yen")
RIVERSIDE = (*HEADS, COOPERATIVE, ROOM)
"""Who has the news of the river."""

LEVELS = {
    0: (1.2, 1.5),
    1: (1.6, 1.5),
    2: (3.1, 3.0),
    3: (4.6, 4.5),
}
"""Of the river at Phú Ốc: a value of each level (m), and its limit."""


class River(Alert):
    """The river at Phú Ốc."""

    def __init__(self, name: str = "river:1") -> None:
        super().__init__(name, kind=Kind.RIVER)

    def goes(self, level: int, minute: float, **changed: Any) -> AlertChange:
        value, limit = LEVELS[level]
        return super().goes(level, minute, **({"value": value, "limit": limit} | changed))


def rain() -> Alert:
    return Alert(
        "rain:1", kind=Kind.RAIN, rule="rain-24h", parameter="rain_24h", unit="mm", value=130.0, limit=100.0
    )


def flood() -> Alert:
    """The witnesses of the riverside: a camera, a street."""
    return Alert(
        "witness:1", kind=Kind.FLOOD, rule="witness", station="bo-phu-oc", parameter="flood", unit="1", value=2.0,
        limit=2.0, evidence=[Evidence("mực nước Phú Ốc: trên báo động II 0,43 m", "gauge")],
    )  # fmt: skip


def oxygen(station: str = "bo-la-van") -> Alert:
    return Alert(
        f"oxygen:{station}", kind=Kind.OXYGEN, rule="oxygen-cages", station=station, parameter="dissolved_oxygen",
        unit="mg/L", value=1.7, limit=2.0,
    )  # fmt: skip


def dawn(station: str = "bo-la-van") -> Alert:
    """What the oxygen will be before it is light."""
    return Alert(
        f"dawn:{station}", kind=Kind.FISH, rule="oxygen-dawn", station=station, parameter="oxygen_dawn", unit="mg/L",
        value=1.8, limit=2.0,
    )  # fmt: skip


def crowd() -> Alert:
    return Alert(
        "crowd:1", kind=Kind.CROWD, rule="crowd", station="cho-quang-tho", parameter="people/san-cho", unit="1",
        value=20.0, limit=12.0,
    )  # fmt: skip


def silent(station: str, *parameters: str) -> Alert:
    return Alert(
        f"silent:{station}", kind=Kind.SILENT, rule="silent", station=station, parameter="station", unit="s",
        value=1800.0, limit=1800.0, parameters=list(parameters or ["river_level"]),
    )  # fmt: skip


def outage(part: str = "bridge", *stations: str) -> Alert:
    return Alert(
        f"outage:{part}", kind=Kind.OUTAGE, rule="outage", station="platform", parameter=part, unit="s", value=600.0,
        limit=60.0, parameters=list(stations),
    )  # fmt: skip
