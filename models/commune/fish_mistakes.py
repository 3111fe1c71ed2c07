"""What is wrong in `fish.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.mistake import Mistake, Path, known, missing, once, wrong
from models.fish.interval import intervals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from models.commune.configuration import Commune
    from models.fish.levels import FishLimit


def fish_mistakes(commune: Commune, units: Mapping[str, str]) -> Iterator[Mistake]:
    """Levels that cannot be read, units that are others, cages at no station, fish that nobody described."""
    yield from once(("species",), "id", (one.id for one in commune.species))
    for i, species in enumerate(commune.species):
        yield from once(("species", i, "limits"), "parameter", (one.parameter for one in species.limits))
        for j, limit in enumerate(species.limits):
            yield from _limit(("species", i, "limits", j), limit, units)
    stations = [one.id for one in commune.stations]
    yield from once(("cages",), "station", (one.station for one in commune.cages))
    for i, cage in enumerate(commune.cages):
        if cage.station not in stations:
            yield missing(("cages", i, "station"), cage.station, "stations", stations)
        yield from known(
            ("cages", i, "species"), cage.species, "species", (one.id for one in commune.species)
        )


def _limit(path: Path, limit: FishLimit, units: Mapping[str, str]) -> Iterator[Mistake]:
    unit = units.get(limit.parameter)
    if unit is None:
        text = ", ".join(sorted(units))
        yield wrong((*path, "parameter"), limit.parameter, f"một trong: {text}", f"one of: {text}")
    elif limit.unit != unit:
        yield wrong((*path, "unit"), limit.unit, f"đơn vị {unit}", f"the unit {unit}")
    for key in ("required", "level_1", "level_2", "level_3"):
        text = getattr(limit, key)
        try:
            found = intervals(text)
        except ValueError:
            yield wrong((*path, key), text, "dạng <3, >9, 0.2-0.3", "as <3, >9, 0.2-0.3")
        else:
            if not found and key in ("required", "level_1"):
                yield wrong((*path, key), text or '""', "ít nhất một khoảng", "at least one range")
