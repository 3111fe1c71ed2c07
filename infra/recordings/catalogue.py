"""The recordings: file, what it is called, and how it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infra.recordings import readers
from infra.recordings.frame import Rows


@dataclass(frozen=True, slots=True)
class Recording:
    """One file below the data folder; `vi`, `en` name it for people, `picture` is the parameter to draw."""

    path: str
    vi: str
    en: str
    picture: str
    read: Callable[[Path], Rows]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return Path(self.path).stem


CATALOGUE = (
    Recording(
        "river/river_gauge_15min.csv",
        "Mực nước sông Logan",
        "Logan River stage",
        "river_level",
        readers.gauge,
    ),
    Recording(
        "river/river_camera_water_pixels.csv",
        "Camera nhìn sông",
        "River camera",
        "water_pixels",
        readers.camera,
    ),
    Recording(
        "water/main_street_2019.csv",
        "Trạm nước Main Street",
        "Main Street water station",
        "dissolved_oxygen",
        partial(readers.water, station="main-street"),
    ),
    Recording(
        "water/blacksmith_fork_2015.csv",
        "Trạm nước Blacksmith Fork",
        "Blacksmith Fork water station",
        "dissolved_oxygen",
        partial(readers.water, station="blacksmith-fork"),
    ),
    Recording(
        "water/franklin_basin_2017.csv",
        "Trạm nước Franklin Basin",
        "Franklin Basin water station",
        "dissolved_oxygen",
        partial(readers.water, station="franklin-basin"),
    ),
    Recording("water/fish_pond_58s.xlsx", "Ao cá", "Fish pond", "ph", readers.fish_pond),
    Recording(
        "water/sea_level_hourly.csv",
        "Mực nước biển",
        "Sea level",
        "river_level",
        readers.sea_level,
    ),
    Recording(
        "air/da_nang_hourly.csv",
        "Không khí Đà Nẵng",
        "Air of Đà Nẵng",
        "pm25",
        readers.da_nang,
    ),
    Recording(
        "flood/street_flood_events.csv",
        "Ngập đường phố",
        "Street floods",
        "street_depth",
        readers.street_floods,
    ),
)


def present(data: Path) -> list[Recording]:
    """The recordings whose file is there."""
    return [one for one in CATALOGUE if (data / one.path).is_file()]
