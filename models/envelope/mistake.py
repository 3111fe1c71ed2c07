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
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return Mistake(path, f"{key}: {shown}", vi, en, refers)


def once(path: Path, key: str, values: Iterable[str]) -> Iterator[Mistake]:
    """Each value once; with `key` the values are that field of a list's entries."""
    seen: set[str] = set()
    for i, value in enumerate(values):
        if value in seen:
            where = (*path, i, key) if key else (*path, i)
            yield wrong(where, value, "mỗi mã chỉ một lần", "each code only once")
        seen.add(value)


def known(path: Path, codes: Sequence[str], section: str, known: Iterable[str]) -> Iterator[Mistake]:
    """Every code of the list at `path` stands in `section`, once; the list is not empty."""
    standing = sorted(set(known))
    if not codes:
        yield wrong(path, "[]", f"ít nhất một mã của `{section}`", f"at least one code of `{section}`")
    yield from once(path, "", codes)
    for i, code in enumerate(codes):
        if code not in standing:
            yield missing((*path, i), code, section, standing)


def missing(path: Path, code: str, section: str, standing: Sequence[str]) -> Mistake:
    """The mistake of naming what does not stand in `section`."""
    text = f"`{section}`: {', '.join(standing) or '–'}"
    return wrong(path, code, f"một mã trong {text}", f"one of {text}", (section, code))
