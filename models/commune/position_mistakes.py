"""Positions of stations and cameras that cannot be: outside of the globe, or half of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.mistake import wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.commune.configuration import Commune, Station
    from models.envelope.mistake import Mistake, Path
    from models.vision.camera import Camera


def position_mistakes(commune: Commune) -> Iterator[Mistake]:
    """All of them; what has no position at all is on no map, and that is no mistake."""
    for i, station in enumerate(commune.stations):
        yield from _position(("stations", i), station)
    for i, camera in enumerate(commune.cameras):
        yield from _position(("cameras", i), camera)


def _position(path: Path, one: Station | Camera) -> Iterator[Mistake]:
    for key, value, limit in (("latitude", one.latitude, 90), ("longitude", one.longitude, 180)):
        if value is not None and not -limit <= value <= limit:
            yield wrong((*path, key), value, f"độ, trong ±{limit}", f"degrees within ±{limit}")
    if (one.latitude is None) != (one.longitude is None):
        key = "longitude" if one.latitude is None else "latitude"
        yield wrong((*path, key), getattr(one, key), "cả hai tọa độ", "both latitude and longitude")
