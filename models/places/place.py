"""A place and what is said of it at a moment: the record that every screen, page, message and report reads."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from models.catalogue.states import State


class PlaceKind(enum.StrEnum):
    """What a place is."""

    GAUGE = "gauge"
    CAGES = "cages"
    AIR = "air"
    ZONE = "zone"
    STREET = "street"


class PlaceState(msgspec.Struct, frozen=True, gc=False):
    """What is said of a place as of `at`; a row of `place_state` and, when it changed, of `place_history`.

    `place` is the station's id, of a zone `<camera>/<zone>`; (kind, place) is the key. `vi`, `en` are the sentence, with the time of
    the newest datum (`datum_at`, None: never one) and without its age, which whoever shows it adds (`sentence.aged`). `level` is
    that of the worst open alert of the field (0: none), `since` the beginning of the present state in event time. `value` in
    `unit` is of the parameter `parameter` that the place is spoken of by; None where none is known now.
    """

    place: str
    kind: PlaceKind
    at: datetime
    state: State
    level: int
    since: datetime | None
    datum_at: datetime | None
    parameter: str
    value: float | None
    unit: str
    vi: str
    en: str
