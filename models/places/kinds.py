"""Kinds of alerts as a screen orders them: danger to people by water first, money and the platform last within a level."""

from __future__ import annotations

from typing import NamedTuple

from models.alerting.alert import Kind
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


KINDS_WORST_FIRST = (
    KindRow(Kind.RIVER, None, "value", ()),
    KindRow(Kind.FLOOD, None, "flood_place", ("cần kiểm tra", "báo động")),
    KindRow(Kind.RAIN, None, "value", ()),
    KindRow(Kind.CROWD, None, "value", ()),
    KindRow(Kind.OXYGEN, None, "value", ()),
    KindRow(Kind.FISH, None, "value", ()),
    KindRow(Kind.AIR, None, "value", ()),
    KindRow(Kind.UNTRUSTED, State.UNTRUSTED, "instrument", ("không tin được",)),
    KindRow(Kind.CLOCK, State.UNTRUSTED, "instrument", ("đồng hồ sai",)),
    KindRow(Kind.SILENT, State.SILENT, "instrument", ("mất tín hiệu",)),
    KindRow(Kind.FROZEN, State.UNTRUSTED, "instrument", ("đứng hình",)),
    KindRow(Kind.BLIND, State.BLIND, "instrument", ("không nhìn thấy",)),
    KindRow(Kind.OUTAGE, State.SILENT, "instrument", ("sự cố",)),
    KindRow(Kind.PAYMENT, None, "merchant", ("bất thường",), last=True),
)
"""Within one state the kinds are told in this order."""

INSTRUMENTS = frozenset(one.kind for one in KINDS_WORST_FIRST if one.state is not None)
"""Kinds that say that something is not known."""


def state_of(level: int) -> State:
    """The state of a level of danger: 1 is watched, 2 a warning, 3 and more danger, 0 normal."""
    return (State.NORMAL, State.WATCH, State.WARNING, State.DANGER)[min(max(level, 0), 3)]
