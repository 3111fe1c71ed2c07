"""The recordings: file, what it is called, and how it is read; files of other names are known by their head."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from infra.recordings import readers
from infra.recordings.frame import Rows
from models.alerting.gsm7 import unaccented


@dataclass(frozen=True, slots=True)
class Recording:
    """One file below the data folder; `vi`, `en` name it for people, `picture` is the parameter to draw."""

    path: str
    vi: str
    en: str
    picture: str
    read: Callable[[Path], Rows]
    like: str = ""
    """The station whose limits a file of another name takes over; "" for those of the catalogue."""

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


class Kind(NamedTuple):
    """How to tell a file by the columns of its head, the station it is like, what to draw of it, how it is read."""

    head: frozenset[str]
    like: str
    picture: str
    read: Callable[[Path, str], Rows]


KINDS = (
    Kind(frozenset({"datetime", "tz_cd", "site_no"}), "logan-river", "river_level", readers.gauge),
    Kind(frozenset({"datetime", "temp", "do"}), "main-street", "dissolved_oxygen", readers.water),
    Kind(frozenset({"Date", "Temperature", "pH", "Turbidity"}), "fish-pond", "ph", readers.fish_pond),
    Kind(frozenset({"time", readers.SEA_LEVEL}), "sea-level", "river_level", readers.sea_level),
    Kind(frozenset({"datetime", "pm25", "pm10"}), "da-nang", "pm25", readers.da_nang),
    Kind(
        frozenset({"sensor_id", "flood_profile_depth_inches"}), "", "street_depth", lambda path, _: readers.street_floods(path)
    ),
)  # fmt: skip
FOLDERS = ("river", "water", "air", "flood")
LONGEST_ID = 48


def present(data: Path) -> list[Recording]:
    """The recordings that are there: those of the catalogue, then files of other names whose head is known."""
    named = [one for one in CATALOGUE if (data / one.path).is_file()]
    taken = {kind.like for kind in KINDS}
    strangers = []
    for path in others(data):
        kind = kind_of(path)
        if kind is not None:
            station = _free(
                re.sub(r"[^a-z0-9]+", "-", unaccented(path.stem).lower()).strip("-")[:LONGEST_ID] or "tep",
                taken,
            )
            taken.add(station)
            name = path.relative_to(data).as_posix()
            read = partial(_read, kind, station)
            strangers.append(
                Recording(name, f"Tệp {path.stem}", f"File {path.stem}", kind.picture, read, kind.like)
            )
    return named + strangers


def others(data: Path) -> list[Path]:
    """Tables below FOLDERS that are not of the catalogue, by name."""
    known = {data / one.path for one in CATALOGUE}
    found = (path for folder in FOLDERS for path in (data / folder).rglob("*"))
    return sorted(one for one in found if one.suffix.lower() in {".csv", ".xlsx"} and one not in known)


def kind_of(path: Path) -> Kind | None:
    """Of which kind a file is by the columns of its head; None for one that is of none, or cannot be read."""
    head = readers.head(path)
    return next((one for one in KINDS if one.head <= head), None)


def _read(kind: Kind, station: str, path: Path) -> Rows:
    return kind.read(path, station)


def _free(wanted: str, taken: set[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted[: LONGEST_ID - 4]}-{number}"
    return name
