"""The entries of routing.yaml that can be read, for `phusa check`: what cannot be read hides no mistake of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from models.commune.routing import Routing

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.envelope.mistake import Path

PARTS = frozenset(field.name for field in msgspec.structs.fields(Routing))
ROUTING = "routing"


class Entries:
    """`routing` of what could be read (None: nothing); `whole`: that was all of it."""

    def __init__(
        self, data: Any, convert: Callable[[Any, Any], Any], unreadable: Callable[[Path, str], None]
    ) -> None:
        """`convert` raises msgspec.ValidationError; `unreadable` is told of each entry that cannot be read, by path and why."""
        given = data.get(ROUTING) if isinstance(data, dict) else None
        self._kept: dict[str, list[int]] = {}
        self.whole = isinstance(given, dict)
        found: dict[str, Any] = {}
        for name, entries in given.items() if isinstance(given, dict) else ():
            if name not in PARTS or entries is None:
                continue
            if not isinstance(entries, list):
                self._read_one(name, entries, found, convert, unreadable)
                continue
            self._kept[name], found[name] = [], []
            for i, entry in enumerate(entries):
                try:
                    convert({name: [entry]}, Routing)
                except msgspec.ValidationError as error:
                    self.whole = False
                    message, _, key = str(error).rstrip("`").partition(f" - at `$.{name}[0].")
                    unreadable((ROUTING, name, i, *([key] if key else [])), message)
                else:
                    self._kept[name].append(i)
                    found[name].append(entry)
        self.routing = convert(found, Routing) if isinstance(given, dict) else None

    def _read_one(
        self,
        name: str,
        entry: Any,
        found: dict[str, Any],
        convert: Callable[[Any, Any], Any],
        unreadable: Callable[[Path, str], None],
    ) -> None:
        """What stands once, as the budget does."""
        try:
            convert({name: entry}, Routing)
        except msgspec.ValidationError as error:
            self.whole = False
            unreadable((ROUTING, name), str(error).partition(" - at ")[0])
        else:
            found[name] = entry

    def place(self, path: Path) -> Path:
        """A path of what could be read, as the file has it."""
        if len(path) < 3 or path[1] not in self._kept:
            return path
        section, name, at, *rest = path
        return (section, name, self._kept[str(name)][int(at)], *rest)
