"""A field in a codec's object: by its name, by its dots, and where it may have gone when it is not there."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

MISSING = object()
"""No such field; a field of null is there, and has no value."""
DEEP, MOST = 4, 64
"""How far and how many fields are searched for one like the missing: only for words."""
SHOWN = 120
ALIKE, SHORT = 0.75, 2


def look(found: dict[str, Any], name: str) -> Any:
    """The value under the whole name, else by its dots; MISSING where there is none."""
    if name in found:
        return found[name]
    value: Any = found
    for part in name.split("."):
        if not isinstance(value, dict) or part not in value:
            return MISSING
        value = value[part]
    return value


def moved(found: dict[str, Any], name: str, declared: Container[str]) -> str:
    """Where a field of this very name has gone: in other capitals or signs, or within another object; "" where nowhere.

    `declared`: names that are fields of the profile themselves.

    >>> moved({"data": {"DO": 5}}, "DO", ["DO"]), moved({"Air Temp": 3}, "air_temp", ()), moved({"rain_total": 3}, "rain", ())
    ('data.DO', 'Air Temp', '')
    """
    return _by_name(found, declared).get(_bare(name.rpartition(".")[2]), "")


def alike(found: dict[str, Any], name: str, declared: Container[str]) -> str:
    """As `moved`, else a field of a name like it: for words only.

    >>> alike({"rainfall": 0.2}, "rain", ()), alike({"battery": 3}, "DO", ())
    ('rainfall', '')
    """
    wanted, paths = _bare(name.rpartition(".")[2]), _by_name(found, declared)
    if wanted in paths:
        return paths[wanted]
    begins = [path for path in paths if min(len(path), len(wanted)) > SHORT and _begins(path, wanted)]
    near = begins or get_close_matches(wanted, paths, 1, ALIKE)
    return paths[near[0]] if near else ""


def _begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _by_name(found: dict[str, Any], declared: Container[str]) -> dict[str, str]:
    """Names as they are compared -> the first path of that name, of fields that are none of the profile's."""
    paths: dict[str, str] = {}
    for path in islice(_paths(found, "", DEEP), MOST):
        if path not in declared:
            paths.setdefault(_bare(path.rpartition(".")[2]), path)
    return paths


def keys(found: dict[str, Any]) -> str:
    """What the object has, for words."""
    text = ", ".join(_paths(found, "", DEEP)) or "–"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _paths(found: dict[str, Any], before: str, deep: int) -> Iterator[str]:
    for name, value in found.items():
        if isinstance(value, dict) and value and deep:
            yield from _paths(value, f"{before}{name}.", deep - 1)
        else:
            yield f"{before}{name}"


def _bare(name: str) -> str:
    """Codecs differ in capitals and signs: `Air Temp`, `airTemp`, `air_temp`."""
    return "".join(char for char in name.casefold() if char.isalnum())
