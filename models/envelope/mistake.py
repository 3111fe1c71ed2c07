"""One mistake of a configuration, and the checks that every section needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Path = tuple[str | int, ...]


class Mistake(msgspec.Struct, frozen=True):
    """One mistake: where in the data, what stands there, what should.

    `refers` is (section, id) of what was not found, else None.
    """

    path: Path
    found: str
    expected_vi: str
    expected_en: str
    refers: tuple[str, str] | None = None


def wrong(path: Path, value: object, vi: str, en: str, refers: tuple[str, str] | None = None) -> Mistake:
    """A mistake at `path`, shown as `key: value`."""
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    return Mistake(path, f"{key}: {shown(value)}", vi, en, refers)


def shown(value: object) -> str:
    """A value as a mistake shows it: no digits of a float that nobody wrote."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def filled(path: Path, text: str, vi: str = "một cái tên", en: str = "a name") -> Iterator[Mistake]:
    """A text that people read is not blank; `vi`, `en` say what should stand there."""
    if not text.strip():
        yield wrong(path, '""', vi, en)


def more_than(path: Path, value: object, least: str) -> Mistake:
    """The mistake of a value that should be more than `least` (its name, its figure, or both)."""
    return wrong(path, value, f"lớn hơn {least}", f"more than {least}")


def out_of_range(path: Path, value: float, of: str) -> Mistake:
    """The mistake of a value that an instrument never tells; `of` is a station and its range."""
    return wrong(path, value, f"trong dải đo của {of}", f"within the range of {of}")


def once(path: Path, key: str, values: Iterable[str]) -> Iterator[Mistake]:
    """Each value once; with `key` the values are that field of a list's entries."""
    seen: set[str] = set()
    for i, value in enumerate(values):
        if value in seen:
            where = (*path, i, key) if key else (*path, i)
            yield wrong(where, value, "mỗi mã chỉ một lần", "each code only once")
        seen.add(value)


def all_stand(path: Path, codes: Sequence[str], section: str, standing: Iterable[str]) -> Iterator[Mistake]:
    """Every code of the list at `path` stands in `section`, once; the list is not empty."""
    offered = sorted(set(standing))
    if not codes:
        yield wrong(path, "[]", f"ít nhất một mã của `{section}`", f"at least one code of `{section}`")
    yield from once(path, "", codes)
    for i, code in enumerate(codes):
        yield from stands((*path, i), code, section, offered)


def stands(path: Path, code: str, section: str, standing: Sequence[str]) -> Iterator[Mistake]:
    """A single code stands in `section`; `standing` are its codes in the order in which they are told."""
    if code not in standing:
        yield missing(path, code, section, standing)


def position(path: Path, latitude: float | None, longitude: float | None) -> Iterator[Mistake]:
    """A position on the globe, decimal degrees, is whole or not there at all; what has none is on no map."""
    degrees = {"latitude": latitude, "longitude": longitude}
    for (key, value), limit in zip(degrees.items(), (90, 180), strict=True):
        if value is not None and not -limit <= value <= limit:
            yield wrong((*path, key), value, f"độ, trong ±{limit}", f"degrees within ±{limit}")
    if (latitude is None) != (longitude is None):
        key = "longitude" if latitude is None else "latitude"
        yield wrong((*path, key), degrees[key], "cả hai tọa độ", "both latitude and longitude")


def missing(path: Path, code: str, section: str, standing: Sequence[str]) -> Mistake:
    """The mistake of naming what does not stand in `section`."""
    text = f"`{section}`: {', '.join(standing) or '–'}"
    return wrong(path, code, f"một mã trong {text}", f"one of {text}", (section, code))
