"""The recordings: file, what it is called, and how it is read; files of other names are known by their head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infra.rehearsal.recordings import columns, readers
from infra.rehearsal.recordings.frame import Rows
from infra.rehearsal.recordings.generic import slug
from infra.rehearsal.recordings.tables import SUFFIXES


@dataclass(frozen=True, slots=True)
class Recording:
    """One file below the data folder; `vi`, `en` name it for people, `picture` is the parameter to draw first."""

    path: str
    vi: str
    en: str
    picture: str
    read: Callable[[Path], Rows]
    stranger: bool = False
    """A file of another name: what it measures is known when it has been read."""

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


STATIONS = (
    "logan-river",
    "main-street",
    "blacksmith-fork",
    "franklin-basin",
    "fish-pond",
    "sea-level",
    "da-nang",
    "first-dam-camera-1",
    "first-dam-camera-2",
)
"""Stations of the catalogue, whose ids no other file takes."""
LONGEST_ID = 40
"""A station's id may have 48 letters; some are left for a sheet or a number."""


def present(data: Path) -> list[Recording]:
    """The recordings that are there: those of the catalogue, then files of other names, whatever is in them."""
    named = [one for one in CATALOGUE if (data / one.path).is_file()]
    taken = set(STATIONS)
    strangers = []
    for path in others(data):
        station = _free(slug(path.stem)[:LONGEST_ID].strip("-") or "tep", taken)
        taken.add(station)
        name = path.relative_to(data).as_posix()
        read = partial(_read, station)
        strangers.append(Recording(name, f"Tệp {path.stem}", f"File {path.stem}", "", read, stranger=True))
    return named + strangers


def others(data: Path) -> list[Path]:
    """Files below the folders of readings that may hold a table and are not of the catalogue, by name."""
    known = {data / one.path for one in CATALOGUE}
    found = (path for folder in columns.FOLDERS for path in (data / folder).rglob("*"))
    return sorted(
        path for path in found if path.suffix.lower() in SUFFIXES and path not in known and _visible(path)
    )


def _visible(path: Path) -> bool:
    """Not what an office program or an archive of a Mac leaves beside a file, and no description of a folder."""
    return (
        path.is_file()
        and not path.name.startswith((".", "~$", "._"))
        and not path.stem.lower().startswith("readme")
    )


def _read(station: str, path: Path) -> Rows:
    return readers.table(path, station, readers.folder_of(path))


def _free(wanted: str, taken: set[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name
