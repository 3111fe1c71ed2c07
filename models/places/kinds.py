"""Kinds of alerts as a screen orders them: danger to people by water first, money and the platform last within a level."""

from __future__ import annotations

from typing import NamedTuple

from models.catalogue.kinds import KINDS, Kind
from models.catalogue.states import State


class KindRow(NamedTuple):
    """One kind: the state that it makes (None: by its level), what its `station` names, words of its levels where no rule names them.

    `about`: value (of a sensor or zone), instrument, flood_place, merchant. `last`: after all others, whatever its level.
    """

    kind: Kind
    state: State | None
    about: str
    level_vi: tuple[str, ...]
    last: bool = False


KINDS_WORST_FIRST = tuple(
    KindRow(kind.code, kind.state, kind.names.value, kind.levels, kind.last) for kind in KINDS.values()
)
"""Within one state the kinds are told in this order: the catalogue's."""

INSTRUMENTS = frozenset(one.kind for one in KINDS_WORST_FIRST if one.state is not None)
"""Kinds that say that something is not known."""


def state_of(level: int) -> State:
    """The state of a level of danger: 1 is watched, 2 a warning, 3 and more danger, 0 normal."""
    return (State.NORMAL, State.WATCH, State.WARNING, State.DANGER)[min(max(level, 0), 3)]
