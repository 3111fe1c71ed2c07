"""Alerts as a story for CAP: a river that rises, falls and is over, and other kinds at each level."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from models.alerting.alert import Change, Kind
from models.cap.chain import Chain, Sender
from models.catalogue.public import PUBLIC
from models.map.sketch import Line, Sketch
from tests.messages import AT, change, place

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange

OUTLINE = Line("outline", "Xã", ((107.5, 16.5), (107.6, 16.5), (107.6, 16.6), (107.5, 16.5)), "assumed")
SENDER = Sender("xa-quang-dien.example", place(), Sketch((OUTLINE,)))
NIGHT = AT + timedelta(hours=9)
"""After the whole story."""
OF_KIND: dict[Kind, dict[str, Any]] = {
    Kind.RIVER: {},
    Kind.FLOOD: {"rule": "witness", "parameter": "flood", "unit": "1"},
    Kind.RAIN: {"rule": "rain-24h", "parameter": "rain_24h", "unit": "mm"},
    Kind.AIR: {"rule": "pm25-hourly", "parameter": "pm25", "unit": "ug/m3"},
}


def later(hours: float, seq: int, to: int, before: int, **changed: Any) -> AlertChange:
    """The `seq`-th change, so many hours after AT, from level `before` to level `to`."""
    if before == 0:
        verb = Change.RAISE
    elif to == 0:
        verb = Change.CLEAR
    else:
        verb = Change.WORSE if to > before else Change.BETTER
    return change(at=AT + timedelta(hours=hours), seq=seq, change=verb, level=to, previous=before, **changed)


def rise_and_fall(kind: Kind = Kind.RIVER) -> Chain:
    """Raise, worse, better, clear, two hours apart."""
    fields = {"kind": kind, "alert": f"{kind}:phu-oc:1"} | OF_KIND[kind]
    steps = ((2, 0), (3, 2), (2, 3), (0, 2))
    return Chain([later(2 * n, n + 1, to, before, **fields) for n, (to, before) in enumerate(steps)])


assert set(OF_KIND) == set(PUBLIC)
