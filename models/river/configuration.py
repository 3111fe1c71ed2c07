"""What the commune knows of its river: gauges and their habits, places that flood and who sees it (river.yaml)."""

from __future__ import annotations

from typing import Annotated

import msgspec

from models.river.arrival import Habit
from models.river.camera import WaterRule

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]


class Gauge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A gauge whose station sends `river_level`; its alarm levels are those of the rule that watches it.

    A flood of the record begins at the first alarm level and ends when the water has stayed below the level at which that is
    cleared for `merge_h`. `river` is the river's name as people say it: "sông Bồ".
    """

    station: Code
    habit: Habit
    merge_h: Annotated[float, msgspec.Meta(gt=0)] = 6.0
    river: str = ""


class WaterCamera(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A camera on the water; `stations` send the `water_pixels` of the regions of `rule`, in their order.

    Its night is told by its local time, `utc_offset_h` ahead of UTC.
    """

    id: Code
    name: str
    stations: Annotated[list[Code], msgspec.Meta(min_length=1)]
    rule: WaterRule
    utc_offset_h: Annotated[float, msgspec.Meta(ge=-12, le=14)] = 7.0


class FloodPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place that floods, and who can witness it: gauges, rain gauges and persons (stations by id), water cameras.

    `flood_from` is the alarm level of the gauge from which the place is flooded; `rain_from` the level of the rain
    bands that speaks for a flood.
    """

    id: Code
    name: str
    hamlets: list[Code]
    gauges: list[Code] = []
    rains: list[Code] = []
    cameras: list[Code] = []
    persons: list[Code] = []
    flood_from: Annotated[int, msgspec.Meta(ge=1, le=5)] = 2
    rain_from: Annotated[int, msgspec.Meta(ge=1, le=5)] = 2
