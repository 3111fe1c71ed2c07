"""What the sentences of all kinds of places have in common: the parts of a sentence, levels, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.alerting.alert import Kind
from models.alerting.words import Mark, comparison
from models.catalogue.states import STATES, State
from models.commune.configuration import Average, Direction
from models.envelope.bilingual import Bilingual
from models.envelope.reading import Flag
from models.places.kinds import INSTRUMENTS, state_of
from models.places.place import PlaceKind
from models.places.words import clock, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from models.commune.configuration import Commune, Level
    from models.places.facts import Datum, Facts, Raised
    from models.places.listed import Listed
    from models.vision.camera import ZoneLevel

WHOLE = "station"
"""An alert of a station as a whole names it in the place of a parameter."""


class Unknown(NamedTuple):
    """Why a place is not known: the state, since when, in words."""

    state: State
    since: datetime | None
    words: Bilingual


class Reached(NamedTuple):
    """A level that a value has reached or an alert holds, and since when."""

    level: int
    since: datetime | None


def joined(parts: Iterable[Bilingual | None], between: str = ", ") -> Bilingual:
    """The parts that are there, in both languages."""
    kept = [part for part in parts if part is not None and part.vi]
    return Bilingual(between.join(one.vi for one in kept), between.join(one.en for one in kept))


def worst(alerts: Sequence[Raised]) -> Reached:
    """The highest level of the open alerts of dangers, and since when the first of that level has been at it."""
    levels = [alert for alert in alerts if alert.kind not in INSTRUMENTS]
    top = max((level.level for level in levels), default=0)
    return Reached(top, min((level.since for level in levels if level.level == top), default=None))


def final(unknown: Unknown | None, danger: Reached) -> tuple[State, datetime | None]:
    """What is not known outweighs normal and watch, never an open warning or danger."""
    state = state_of(danger.level)
    if unknown is not None and STATES[unknown.state].rank < STATES[state].rank:
        return unknown.state, unknown.since
    return state, danger.since


def not_known(place: Listed, facts: Facts, silent_after_s: int) -> Unknown | None:
    """Whether what the place is spoken of by is not known now, and why: the clock, silence, trust, the tests of quality."""
    newest = facts.sensor(place.main).newest
    of = {kind: _of(facts, kind, place) for kind in (Kind.CLOCK, Kind.SILENT, Kind.UNTRUSTED, Kind.FROZEN)}
    wrong, silent, doubted, frozen = of[Kind.CLOCK], of[Kind.SILENT], of[Kind.UNTRUSTED], of[Kind.FROZEN]
    quiet = newest is None or (facts.now - newest.at).total_seconds() > silent_after_s
    if wrong is not None and silent is None:
        return Unknown(State.UNTRUSTED, wrong.since, _clock(wrong, facts.now))
    if newest is None:
        return Unknown(
            State.SILENT,
            None if silent is None else silent.since,
            Bilingual("chưa có tín hiệu", "no signal yet"),
        )
    if quiet or silent is not None:
        since = clock(newest.at, facts.now)
        return Unknown(
            State.SILENT,
            newest.at,
            Bilingual(f"{_word(State.SILENT).vi} từ {since}", f"silent since {since}"),
        )
    if doubted is not None or frozen is not None:
        one = doubted or frozen
        assert one is not None  # noqa: S101 (one of the two, by the condition above)
        since = clock(one.since, facts.now)
        why = Bilingual("", "") if doubted is not None else Bilingual(", đứng hình", ", frozen")
        return Unknown(State.UNTRUSTED, one.since, Bilingual(
            f"{_word(State.UNTRUSTED).vi} từ {since}{why.vi}", f"not to be trusted since {since}{why.en}"
        ))  # fmt: skip
    if newest.flag != Flag.GOOD and (newest.flag != Flag.UNKNOWN or place.kind is not PlaceKind.ZONE):
        # One picture that could not be counted is none of a blind camera: that is told by itself.
        return Unknown(State.UNTRUSTED, newest.at, _doubtful(newest))
    return None


def _of(facts: Facts, kind: Kind, place: Listed) -> Raised | None:
    """The first open alert of the kind that is about what the place is spoken of by."""
    for alert in facts.alerts:
        if alert.kind == kind and alert.station == place.station:
            about = alert.parameters or (alert.parameter,)
            if (
                place.main in about
                or (WHOLE in about and not alert.parameters)
                or alert.parameter == "picture"
            ):
                return alert
    return None


def _word(state: State) -> Bilingual:
    return Bilingual(STATES[state].vi, STATES[state].en)


def _clock(wrong: Raised, now: datetime) -> Bilingual:
    # Positive: what it sends arrives later than it says, it is slow.
    length, side = said(abs(wrong.value), "s"), ("nhanh", "fast") if wrong.value < 0 else ("chậm", "slow")
    since = clock(wrong.since, now)
    return Bilingual(
        f"{_word(State.UNTRUSTED).vi}: đồng hồ trạm {side[0]} {length.vi} từ {since}",
        f"not to be trusted: the station's clock is {length.en} {side[1]} since {since}",
    )


def _doubtful(newest: Datum) -> Bilingual:
    figure = said(newest.value, newest.unit)
    vi, en = (", ".join(test[i] for test in newest.tests) for i in (0, 1))
    return Bilingual(
        f"{_word(State.UNTRUSTED).vi}: {figure.vi} {vi or 'đáng ngờ'}",
        f"not to be trusted: {figure.en} {en or 'is doubtful'}",
    )


def last_said(facts: Facts, main: str) -> Bilingual | None:
    """The newest usable value and its time, where what is known now is not usable."""
    usable, newest = facts.sensor(main).usable, facts.sensor(main).newest
    if usable is None or newest is None:
        return None
    figure, when = said(usable.value, usable.unit), clock(usable.at, facts.now)
    if usable.at == newest.at:
        return Bilingual(f"số cuối {figure.vi}", f"last {figure.en}")
    return Bilingual(f"số dùng được cuối {figure.vi} lúc {when}", f"last usable {figure.en} at {when}")


class Scale(NamedTuple):
    """The levels of a rule that looks at each value of a parameter, mildest first."""

    direction: Direction
    levels: tuple[Level | ZoneLevel, ...] = ()

    def reached(self, value: float) -> Level | ZoneLevel | None:
        """The worst level that the value is at: at the limit for rising, only beyond it for falling (models.alerting.rule)."""
        above = self.direction is Direction.ABOVE
        found = [
            level for level in self.levels if (value >= level.raise_at if above else value < level.raise_at)
        ]
        return found[-1] if found else None

    def following(self, value: float) -> Level | ZoneLevel | None:
        """The mildest level that the value has not reached."""
        above = self.direction is Direction.ABOVE
        return next(
            (
                level
                for level in self.levels
                if (value < level.raise_at if above else value >= level.raise_at)
            ),
            None,
        )

    def compared(self, value: float, unit: str) -> Bilingual:
        """Above or below the level it is at, else the first one, by how much."""
        one = self.reached(value) or (self.levels[0] if self.levels else None)
        if one is None:
            return Bilingual("", "")
        mark = Mark(one.name, one.raise_at)
        return Bilingual(comparison(value, mark, unit, "vi"), comparison(value, mark, unit, "en"))


def scale(commune: Commune, station: str, parameter: str) -> Scale:
    """The levels that hold for single values of the parameter at the station; none where only means are watched."""
    for rule in commune.rules:
        if rule.parameter == parameter and station in rule.stations and rule.average is Average.NONE:
            return Scale(rule.direction, tuple(sorted(rule.levels, key=lambda level: level.level)))
    return Scale(Direction.ABOVE)
