"""What a camera was taught of its own place: how it looks when dry, and what is water there. Kept in the store, given to the analytics.

Made by models/vision/teach.py, read by models/vision/analytics/water_*.py; as bytes it is MessagePack.
"""

from __future__ import annotations

import enum

import msgspec

VERSION = 1


class Light(enum.StrEnum):
    """By the mean level of the picture (models/vision/look.py), whatever the clock says."""

    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"


ANY_HOUR = -1


class Dry(msgspec.Struct, frozen=True):
    """How a zone looks when it is dry, in one light at one hour (local, 0-23; ANY_HOUR: at all hours), of so many `pictures`.

    `median` and `spread` of the probability of water: a byte a cell, 255 is 1, rows first. `edges`: how strongly its edges run (0..1).
    """

    light: Light
    hour: int
    pictures: int
    median: bytes
    spread: bytes
    edges: float


class TaughtZone(msgspec.Struct, frozen=True):
    """One zone: cells (`rows`, `columns`) over its bounding box, its dry history, and what is water.

    `polygon`: as it was taught; a zone that was drawn anew since is untaught. By the difference to its dry median (less its spread) a cell is
    half under water at `water_from`, and quite at 2 / `slope` more: the tangent of a logistic, which is 0 where nothing is. From a mean
    difference of `wet_from` on the zone is wet. `labels`: how many crops of each state.
    """

    polygon: list[tuple[float, float]]
    rows: int
    columns: int
    dry: list[Dry]
    water_from: float
    slope: float
    wet_from: float
    labels: dict[str, int]


class Taught(msgspec.Struct, frozen=True):
    """All of a camera. `view`: the view's number in the configuration when it was taught; another one, and it is untaught.

    `width`, `height`: of the pictures, for their ratio. `fields`: by light, the directions of edges of its dry pictures (Look.field,
    int16 in steps of 1/16384), by which the view is confirmed. `net`: the weights whose probabilities these are. `by`: who accepted.
    """

    v: int
    camera: str
    view: int
    at_ms: int
    by: str
    net: str
    width: int
    height: int
    fields: dict[Light, bytes]
    zones: dict[str, TaughtZone]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Taught).decode


def packed(taught: Taught) -> bytes:
    """As it lies in the store."""
    return _encode(taught)


def unpacked(body: bytes) -> Taught:
    """From the store; msgspec.MsgspecError for what is none."""
    return _decode(body)
