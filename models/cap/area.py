"""Where a message holds: the hamlets of the alert, and the commune's outline where all of them are meant.

The map has an outline of the commune and of each hamlet a point that is assumed: a circle around it would be an invention, so a part of the
commune is told by its hamlets' names and codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.cap.message import Area
from models.commune.place import hamlets_of

if TYPE_CHECKING:
    from datetime import date

    from models.commune.configuration import Commune
    from models.map.sketch import Sketch


def area_of(place: str, commune: Commune, sketch: Sketch, day: date) -> Area:
    """Of the `station` of an alert on `day`; an alert that concerns no hamlet that stands is of the whole commune."""
    standing = {
        hamlet.code: hamlet.name
        for hamlet in commune.hamlets
        if hamlet.valid_from <= day and (hamlet.valid_to is None or day <= hamlet.valid_to)
    }
    touched = hamlets_of(place, commune) & standing.keys() or standing.keys()
    named = [code for code in standing if code in touched]
    units = [
        unit.name
        for unit in commune.units
        if unit.valid_from <= day and (unit.valid_to is None or day <= unit.valid_to)
    ]
    words = f"Thôn {', '.join(standing[code] for code in named)}" if named else ""
    words = ", ".join(part for part in (words, *units) if part) or "Toàn xã"
    return Area(words, _outlines(sketch) if len(named) == len(standing) else (), tuple(named))


def _outlines(sketch: Sketch) -> tuple[tuple[tuple[float, float], ...], ...]:
    """CAP writes latitude first, the map longitude."""
    return tuple(
        tuple((latitude, longitude) for longitude, latitude in line.points)
        for line in sketch.lines
        if line.role == "outline"
    )
