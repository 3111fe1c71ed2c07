"""What is wrong in the names that files use (`file_names` in `stations.yaml`) although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.envelope.mistake import Mistake, Path, wrong
from models.stationfile.name import key
from models.stationfile.symbols import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class FileNames(NamedTuple):
    """A station's names in the names of its files, and those of each of its parameters in column 1."""

    station: Sequence[str]
    parameters: Sequence[Sequence[str]]


def file_name_mistakes(stations: Sequence[FileNames]) -> Iterator[Mistake]:
    """Names that no file can carry, and names that two own; `stations` in the order of their file."""
    names = [
        (("stations", i, "file_names", j), alias)
        for i, names in enumerate(stations)
        for j, alias in enumerate(names.station)
    ]
    for path, alias in names:
        if not key(alias) or "/" in alias or "\\" in alias:
            vi = "phần tên tệp trước thời gian, không có thư mục"
            yield wrong(path, alias.strip() or '""', vi, "the part of a file name before its time, no folder")
    yield from _owned((path, key(alias)) for path, alias in names)
    for i, station in enumerate(stations):
        yield from _columns(("stations", i), station.parameters)


def _owned(names: Iterable[tuple[Path, str]]) -> Iterator[Mistake]:
    """Two owners of one name: nobody could tell whose file or line it is."""
    seen: set[str] = set()
    for path, name in names:
        if name and name in seen:
            yield wrong(path, name, "mỗi tên chỉ một lần", "each name only once")
        seen.add(name)


def _columns(path: Path, parameters: Sequence[Sequence[str]]) -> Iterator[Mistake]:
    names = [
        ((*path, "parameters", j, "file_names", k), name_key(alias))
        for j, aliases in enumerate(parameters)
        for k, alias in enumerate(aliases)
    ]
    yield from _owned(names)
    for where, name in names:
        if not name or "\t" in name:
            yield wrong(where, name or '""', "tên trong cột 1 của tệp", "a name in column 1 of a file")
