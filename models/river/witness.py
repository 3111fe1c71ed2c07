"""Witnesses of a flood: one is a doubt, two are an alarm, and who is blind says nothing.

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


class Verdict(enum.StrEnum):
    """What all witnesses together mean."""

    ALARM = "alarm"
    CHECK = "check"
    NO_FLOOD = "no_flood"
    UNKNOWN = "unknown"


NEEDED = 2
"""Kinds of witnesses that make an alarm, and as many that make an all-clear."""


class Finding(msgspec.Struct, frozen=True):
    """The verdict and what was heard, as it counts: those for a flood first, then against, then the blind."""

    verdict: Verdict
    heard: tuple[Testimony, ...]

    @property
    def evidence(self) -> list[Bilingual]:
        """One line for each witness, in both languages."""
        return [_line(one) for one in self.heard]


def silent(testimony: Testimony) -> Testimony:
    """A witness not heard since its last word."""
    at = clock(testimony.at_ms)
    words = Bilingual(f"không có tin từ {at}", f"silent since {at}")
    return msgspec.structs.replace(testimony, state=State.UNKNOWN, words=words)


def judged(testimonies: Iterable[Testimony]) -> Finding:
    """Two kinds that say flood are an alarm, one is a check; two that say no flood, and none flood, are none.

    A kind with several witnesses says flood if one of them does. Anything else is unknown: also a
    single "no flood", for one witness is a doubt both ways.
    """
    heard = sorted(
        testimonies, key=lambda one: (_ORDER.index(one.state), list(Kind).index(one.kind), one.name)
    )
    flood = {one.kind for one in heard if one.state is State.FLOOD}
    calm = {one.kind for one in heard if one.state is State.NO_FLOOD}
    if flood:
        verdict = Verdict.ALARM if len(flood) >= NEEDED else Verdict.CHECK
    else:
        verdict = Verdict.NO_FLOOD if len(calm) >= NEEDED else Verdict.UNKNOWN
    return Finding(verdict, tuple(heard))


_ORDER = [State.FLOOD, State.NO_FLOOD, State.UNKNOWN]


def _line(one: Testimony) -> Bilingual:
    name, at = NAMES[one.kind], clock(one.at_ms)
    return Bilingual(
        f"{name.vi} {one.name}: {one.words.vi} ({at})", f"{name.en} {one.name}: {one.words.en} ({at})"
    )
