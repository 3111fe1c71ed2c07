"""What each witness of a place said, by the time of what it measured, and what all of them say together at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.alerting.change import instant
from models.catalogue.derived import RAIN, RIVER
from models.envelope.period import HOUR_MS
from models.envelope.reading import Flag
from models.river import alarm, witness
from models.river.camera import seen
from models.river.rain import RainSum
from models.river.rain_risk import rain_risk
from models.river.testimony import BROKEN, of_camera, of_gauge, of_person, of_rain
from models.river.witness import State, Testimony, judged
from models.telemetry.scene import FLOODED, PIXELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from models.river.configuration import FloodPlace, WaterCamera
    from models.river.witness import Finding
    from models.telemetry.batch import Judged
    from models.telemetry.scene import Scene

FRESH_MS = {
    witness.Kind.GAUGE: HOUR_MS,
    witness.Kind.RAIN: HOUR_MS,
    witness.Kind.CAMERA: 2 * HOUR_MS,
    witness.Kind.PERSON: 6 * HOUR_MS,
}
"""How long a testimony holds; then its witness is unknown."""
KEPT_MS = 32 * HOUR_MS
"""A day in which a reading may be late, and what still holds at its beginning."""
GAUGE_LAW = 3
"""A gauge at this alarm level is a flood by law (Decision 18/2021, the river's alarm level III): nobody else need say so."""
SUMS = "rain sums"
"""In the place of a parameter: the sums of a rain gauge, which are reckoned."""

Word = tuple[float, int]
"""A value and its flag; for sums the value is the time, the sums stand apart."""


@dataclass(slots=True)
class Series:
    """What one sensor said: times (ms) and words in order."""

    times: list[int] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    def put(self, at_ms: int, word: Word) -> None:
        """Take a word in its place; one of the same time replaces the other."""
        place = bisect_left(self.times, at_ms)
        if place < len(self.times) and self.times[place] == at_ms:
            self.words[place] = word
        else:
            self.times.insert(place, at_ms)
            self.words.insert(place, word)

    def at(self, at_ms: int) -> tuple[int, Word] | None:
        """The newest word up to `at_ms`."""
        place = bisect_right(self.times, at_ms) - 1
        return None if place < 0 else (self.times[place], self.words[place])

    def drop(self, start_ms: int, end_ms: int) -> None:
        """Forget the words from `start_ms` to `end_ms`, both within."""
        first, last = bisect_left(self.times, start_ms), bisect_right(self.times, end_ms)
        del self.times[first:last], self.words[first:last]


@dataclass(slots=True)
class Said:
    """All that was said of late: by sensor, the levels of gauges by rule, and the sums of rain gauges by time."""

    series: dict[tuple[str, str], Series] = field(default_factory=dict)
    levels: dict[tuple[str, str], Series] = field(default_factory=dict)
    sums: dict[str, dict[int, dict[int, RainSum]]] = field(default_factory=dict)

    def take(self, batch: Judged) -> dict[tuple[str, str], int]:
        """Take a batch; of each sensor the earliest time (ms) of which it says something new."""
        earliest: dict[tuple[str, str], int] = {}

        def new(key: tuple[str, str], at_ms: int) -> None:
            earliest[key] = min(at_ms, earliest.get(key, at_ms))

        for each in batch.observations:
            key, at_ms = (each.source, each.parameter), _ms(each.at)
            self.series.setdefault(key, Series()).put(at_ms, (each.value, each.flag))
            new(key, at_ms)
        for doubt in batch.doubts:
            key = doubt.source, doubt.parameter
            self.series.setdefault(key, Series()).put(doubt.at_ms, (doubt.value, doubt.flag))
            new(key, doubt.at_ms)
        for gone in batch.withdrawn:
            start_ms, end_ms = _ms(gone.start), _ms(gone.end)
            if gone.rule and (gone.source, gone.rule) in self.levels:
                self.levels[gone.source, gone.rule].drop(start_ms, end_ms)
                new((gone.source, RIVER), start_ms)
            elif f"{RAIN}_1h" in gone.codes:
                own = self.sums.get(gone.source, {})
                for at_ms in [one for one in own if start_ms <= one <= end_ms]:
                    del own[at_ms]
                new((gone.source, SUMS), start_ms)
        for step in batch.levels:
            at_ms = _ms(step.at)
            self.levels.setdefault((step.source, step.rule), Series()).put(at_ms, (float(step.level), 1))
            new((step.source, RIVER), at_ms)
        for total in batch.derived:
            at_ms, hours = _ms(total.at), int(total.parameter.removeprefix("rain_").removesuffix("h"))
            sums = self.sums.setdefault(total.source, {}).setdefault(at_ms, {})
            sums[hours] = RainSum(hours, total.value, total.count / 100)
            new((total.source, SUMS), at_ms)
        return earliest

    def since(self, key: tuple[str, str], from_ms: int) -> Sequence[int]:
        """The times from `from_ms` on of which a sensor said something."""
        if key[1] == SUMS:
            return [one for one in self.sums.get(key[0], ()) if one >= from_ms]
        own = self.series.get(key)
        return [] if own is None else own.times[bisect_left(own.times, from_ms) :]

    def forget(self, before_ms: int) -> None:
        """Drop what no testimony hangs on any more; of levels the one that is in force is kept."""
        for own in self.series.values():
            if own.times and own.times[0] < before_ms - 2 * HOUR_MS:
                own.drop(own.times[0], before_ms)
        for own in self.levels.values():
            place = bisect_right(own.times, before_ms) - 1
            if place > 0:
                del own.times[:place], own.words[:place]
        for sums in self.sums.values():
            for at_ms in [one for one in sums if one < before_ms]:
                del sums[at_ms]


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def times_of(scene: Scene, place: FloodPlace) -> list[tuple[str, str]]:
    """The sensors that say something of a place."""
    cameras = [one for name in place.cameras for one in scene.cameras[name].stations]
    return [
        *((one, RIVER) for one in place.gauges),
        *((one, RAIN) for one in place.rains),
        *((one, SUMS) for one in place.rains),
        *((one, PIXELS) for one in cameras),
        *((one, FLOODED) for one in place.persons),
    ]


def finding(scene: Scene, said: Said, place: FloodPlace, at_ms: int) -> tuple[Finding, bool]:
    """What all witnesses of a place say together at a time, and whether a gauge alone makes it an alarm."""
    heard = [one for one in _testimonies(scene, said, place, at_ms) if one is not None]
    law = any(_level(scene, said, one, at_ms) >= GAUGE_LAW for one in place.gauges)
    return judged(_fresh(one, at_ms) for one in heard), law


def _fresh(one: Testimony, at_ms: int) -> Testimony:
    return one if at_ms - one.at_ms <= FRESH_MS[one.kind] else witness.silent(one)


def _testimonies(scene: Scene, said: Said, place: FloodPlace, at_ms: int) -> Iterator[Testimony | None]:
    for gauge in place.gauges:
        yield _gauge(scene, said, place, gauge, at_ms)
    for station in place.rains:
        yield _rain(scene, said, place, station, at_ms)
    for name in place.cameras:
        yield _camera(said, scene.cameras[name], at_ms)
    for person in place.persons:
        own = said.series.get((person, FLOODED))
        word = None if own is None else own.at(at_ms)
        if word is not None and word[1][1] < Flag.FAIL:
            yield of_person(scene.names.get(person, person), word[0], flooded=word[1][0] >= 0.5)


def _level(scene: Scene, said: Said, gauge: str, at_ms: int) -> int:
    """The level at which the gauge's own rule stood."""
    rule = scene.rules.get(gauge)
    own = None if rule is None else said.levels.get((gauge, rule[0]))
    step = None if own is None else own.at(at_ms)
    return 0 if step is None else int(step[1][0])


def _gauge(scene: Scene, said: Said, place: FloodPlace, gauge: str, at_ms: int) -> Testimony | None:
    """A gauge says flood while its rule holds the level, whatever one reading says; what it doubts says nothing."""
    own = said.series.get((gauge, RIVER))
    word = None if own is None else own.at(at_ms)
    if word is None:
        return None
    then_ms, (value, flag) = word
    name, alarms = scene.names.get(gauge, gauge), scene.alarms.get(gauge, ())
    if flag >= Flag.FAIL:
        return of_gauge(name, then_ms, None, alarms, place.flood_from)
    flooded = _level(scene, said, gauge, at_ms) >= place.flood_from
    reached = alarm.reached(value, alarms)
    above = reached is not None and reached.number >= place.flood_from
    if flag >= Flag.SUSPECT and flooded and not above:
        return Testimony(witness.Kind.GAUGE, name, State.UNKNOWN, then_ms, BROKEN)
    words = alarm.sentence(value, alarms) if alarms else BROKEN
    return Testimony(witness.Kind.GAUGE, name, State.FLOOD if flooded else State.NO_FLOOD, then_ms, words)


def _rain(scene: Scene, said: Said, place: FloodPlace, station: str, at_ms: int) -> Testimony | None:
    name = scene.names.get(station, station)
    own = said.series.get((station, RAIN))
    word = None if own is None else own.at(at_ms)
    if word is not None and word[1][1] >= Flag.FAIL:
        return Testimony(witness.Kind.RAIN, name, State.UNKNOWN, word[0], BROKEN)
    sums = said.sums.get(station, {})
    then_ms = max((one for one in sums if one <= at_ms), default=None)
    if then_ms is None:
        return None
    return of_rain(name, then_ms, rain_risk(sums[then_ms].values(), scene.bands), place.rain_from)


def _camera(said: Said, camera: WaterCamera, at_ms: int) -> Testimony | None:
    """A camera speaks when the counts of all its regions are of one time."""
    own = [said.series.get((one, PIXELS)) for one in camera.stations]
    first = own[0].at(at_ms) if own and own[0] is not None else None
    while first is not None:
        words = [None if one is None else one.at(first[0]) for one in own]
        counts = [one[1] for one in words if one is not None and one[0] == first[0]]
        if any(flag >= Flag.FAIL for _, flag in counts):
            return Testimony(witness.Kind.CAMERA, camera.name, State.UNKNOWN, first[0], BROKEN)
        if len(counts) == len(camera.stations):
            local = instant(first[0] + round(camera.utc_offset_h * HOUR_MS))
            told = seen(camera.rule, local, tuple(round(value) for value, _ in counts))
            return of_camera(camera.name, first[0], told)
        first = own[0].at(first[0] - 1) if own[0] is not None else None
    return None
