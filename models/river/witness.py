"""Witnesses of a flood: one kind that says flood is a check, two kinds are an alarm.

Gauge, rain, camera and person each say flood, no flood or unknown, with the time and
the words of their evidence, which travel with the alert (design.md, promises 3 and 5).
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import msgspec

from models.envelope.bilingual import Bilingual, clock

if TYPE_CHECKING:
    from collections.abc import Iterable


class State(enum.StrEnum):
    """What a witness says."""

    FLOOD = "flood"
    NO_FLOOD = "no_flood"
    UNKNOWN = "unknown"


class Kind(enum.StrEnum):
    """Who can witness; two of the same kind share their faults and count as one."""

    GAUGE = "gauge"
    RAIN = "rain"
    CAMERA = "camera"
    PERSON = "person"


NAMES = {
    Kind.GAUGE: Bilingual("mực nước", "gauge"),
    Kind.RAIN: Bilingual("mưa", "rain"),
    Kind.CAMERA: Bilingual("camera", "camera"),
    Kind.PERSON: Bilingual("người dân báo", "a person"),
}


class Testimony(msgspec.Struct, frozen=True):
    """What the witness `name` of a kind said at `at_ms`; a person is named by the hamlet, never by name."""

    kind: Kind
    name: str
    state: State
    at_ms: int
    words: Bilingual


NEEDED = 2
"""So many kinds that say flood are an alarm."""


class Finding(msgspec.Struct, frozen=True):
    """What all witnesses of a place say at a time: those who say flood first, then those who say no flood, then the unknown.

    This is the rule of two witnesses, and the only place of it: how many kinds say flood is the level, up to NEEDED (an alarm); it falls only
    when as many kinds say no flood as it is to fall by. Witnesses of one kind share their faults and count as one.
    """

    heard: tuple[Testimony, ...]

    @property
    def flood(self) -> int:
        """How many kinds say flood; a kind says so if one of its witnesses does."""
        return self._kinds(State.FLOOD)

    @property
    def level(self) -> int:
        """0: nobody says flood, 1: a check, 2: an alarm."""
        return min(self.flood, NEEDED)

    def may_fall(self, by: int) -> bool:
        """Whether so many kinds say no flood; a witness who does not know raises nothing and lowers nothing."""
        return self._kinds(State.NO_FLOOD) >= by

    def _kinds(self, state: State) -> int:
        return len({testimony.kind for testimony in self.heard if testimony.state is state})

    @property
    def evidence(self) -> list[Bilingual]:
        """One line for each witness, in both languages."""
        return [_line(testimony) for testimony in self.heard]


def silent(testimony: Testimony) -> Testimony:
    """A witness not heard since its last word."""
    at = clock(testimony.at_ms)
    words = Bilingual(f"không có tin từ {at}", f"silent since {at}")
    return msgspec.structs.replace(testimony, state=State.UNKNOWN, words=words)


def together(testimonies: Iterable[Testimony]) -> Finding:
    """What the testimonies say together, whatever their order."""
    by_kind = list(Kind)
    return Finding(
        tuple(
            sorted(
                testimonies,
                key=lambda testimony: (
                    _ORDER.index(testimony.state),
                    by_kind.index(testimony.kind),
                    testimony.name,
                ),
            )
        )
    )


_ORDER = [State.FLOOD, State.NO_FLOOD, State.UNKNOWN]


def _line(testimony: Testimony) -> Bilingual:
    name, at = NAMES[testimony.kind], clock(testimony.at_ms)
    return Bilingual(
        f"{name.vi} {testimony.name}: {testimony.words.vi} ({at})",
        f"{name.en} {testimony.name}: {testimony.words.en} ({at})",
    )
