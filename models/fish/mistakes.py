"""What is wrong in `fish.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.catalogue.parameters import MEASURED_UNITS
from models.envelope.mistake import Mistake, Path, all_stand, once, stands, wrong
from models.fish.interval import intervals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.fish.levels import Cage, FishLimit, Species


def fish_mistakes(
    species: Sequence[Species], cages: Sequence[Cage], *, stations: Sequence[str]
) -> Iterator[Mistake]:
    """Levels that cannot be read, units that are others, cages at no station, fish that nobody described; `stations` are ids."""
    codes = [kind.id for kind in species]
    yield from once(("species",), "id", codes)
    for i, kind in enumerate(species):
        path = ("species", i, "limits")
        yield from once(path, "parameter", (limit.parameter for limit in kind.limits))
        for j, limit in enumerate(kind.limits):
            yield from _limit((*path, j), limit)
    yield from once(("cages",), "station", (cage.station for cage in cages))
    for i, cage in enumerate(cages):
        yield from stands(("cages", i, "station"), cage.station, "stations", stations)
        yield from all_stand(("cages", i, "species"), cage.species, "species", codes)


def _limit(path: Path, limit: FishLimit) -> Iterator[Mistake]:
    unit = MEASURED_UNITS.get(limit.parameter)
    if unit is None:
        text = ", ".join(sorted(MEASURED_UNITS))
        yield wrong((*path, "parameter"), limit.parameter, f"một trong: {text}", f"one of: {text}")
    elif limit.unit != unit:
        yield wrong((*path, "unit"), limit.unit, f"đơn vị {unit}", f"the unit {unit}")
    for key in ("required", "level_1", "level_2", "level_3"):
        text = getattr(limit, key)
        try:
            ranges = intervals(text)
        except ValueError:
            yield wrong((*path, key), text, "dạng <3, >9, 0.2-0.3", "as <3, >9, 0.2-0.3")
        else:
            if not ranges and key in ("required", "level_1"):
                yield wrong((*path, key), text or '""', "ít nhất một khoảng", "at least one range")
