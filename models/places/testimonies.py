"""What each witness of a place said, by the time of what it measured, and what all of them say together at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.alerting.change import instant
from models.catalogue.derived import RAIN, RIVER
from models.envelope.period import HOUR_MS
from models.envelope.reading import Flag
from models.places.scene import FLOODED, PIXELS
from models.river import alarm, witness
from models.river.camera import Sight, WaterJudgement, seen
from models.river.rain import RainSum
from models.river.rain_risk import rain_risk
from models.river.testimony import BROKEN, of_camera, of_gauge, of_person, of_rain
from models.river.witness import State, Testimony, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from models.envelope.reading import Observation
    from models.places.report import PartitionReport
    from models.places.scene import Scene
    from models.river.configuration import FloodPlace, WaterCamera
    from models.river.witness import Finding

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

Key = tuple[str, str]
"""Station or camera, parameter."""
Word = tuple[float, int]
"""A value and its flag; for sums the value is the time, the sums stand apart."""


@dataclass(slots=True)
class Series:
    """What one sensor said: times (ms) and words in order."""

    times: list[int] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    def put(self, at_ms: int, word: Word) -> bool:
        """Put a word at its time, in the place of another of that time; False if this very word stands there."""
        place = bisect_left(self.times, at_ms)
        if place < len(self.times) and self.times[place] == at_ms:
            known = self.words[place] == word
            self.words[place] = word
            return not known
        self.times.insert(place, at_ms)
        self.words.insert(place, word)
        return True

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

    def take(self, report: PartitionReport) -> dict[Key, int]:
        """Take what a report says; of each sensor the earliest time (ms) of which it says something new.

        What is known already is not new: a report that is told again changes nothing.
        """
        news = [
            *self._readings(report),
            *self._withdrawn(report),
            *self._levels(report),
            *self._sums(report),
        ]
        earliest: dict[tuple[str, str], int] = {}
        for key, at_ms in news:
            earliest[key] = min(at_ms, earliest.get(key, at_ms))
        return earliest

    def _readings(self, report: PartitionReport) -> Iterator[tuple[Key, int]]:
        words = [
            ((each.source, each.parameter), _ms(each.at), (each.value, each.flag))
            for each in report.observations
        ]
        # What is doubted was said before, at the latest in this report.
        words += [
            ((doubt.source, doubt.parameter), doubt.at_ms, (doubt.value, doubt.flag))
            for doubt in report.doubts
        ]
        for key, at_ms, word in words:
            if self.series.setdefault(key, Series()).put(at_ms, word):
                yield key, at_ms

    def _withdrawn(self, report: PartitionReport) -> Iterator[tuple[Key, int]]:
        for gone in report.withdrawn:
            start_ms, end_ms = _ms(gone.start), _ms(gone.end)
            if gone.rule and (gone.source, gone.rule) in self.levels:
                self.levels[gone.source, gone.rule].drop(start_ms, end_ms)
                yield (gone.source, RIVER), start_ms
            elif f"{RAIN}_1h" in gone.codes:
                known = self.sums.get(gone.source, {})
                for at_ms in [at_ms for at_ms in known if start_ms <= at_ms <= end_ms]:
                    del known[at_ms]
                yield (gone.source, SUMS), start_ms

    def _levels(self, report: PartitionReport) -> Iterator[tuple[Key, int]]:
        for step in report.levels:
            at_ms = _ms(step.at)
            if self.levels.setdefault((step.source, step.rule), Series()).put(at_ms, (float(step.level), 1)):
                yield (step.source, RIVER), at_ms

    def _sums(self, report: PartitionReport) -> Iterator[tuple[Key, int]]:
        for total in report.derived:
            at_ms, hours = _ms(total.at), int(total.parameter.removeprefix("rain_").removesuffix("h"))
            sums = self.sums.setdefault(total.source, {}).setdefault(at_ms, {})
            rain_sum = RainSum(hours, total.value, total.count / 100)
            if sums.get(hours) != rain_sum:
                sums[hours] = rain_sum
                yield (total.source, SUMS), at_ms

    def knows(self, observation: Observation) -> bool:
        """Whether this very value was said of this time."""
        series = self.series.get((observation.source, observation.parameter))
        at_ms = _ms(observation.at)
        return series is not None and series.at(at_ms) == (at_ms, (observation.value, observation.flag))

    def since(self, key: tuple[str, str], from_ms: int) -> Sequence[int]:
        """The times from `from_ms` on of which a sensor said something."""
        if key[1] == SUMS:
            return [at_ms for at_ms in self.sums.get(key[0], ()) if at_ms >= from_ms]
        series = self.series.get(key)
        return [] if series is None else series.times[bisect_left(series.times, from_ms) :]

    def forget(self, before_ms: int) -> None:
        """Drop what no testimony needs any more; of the levels the one in force at `before_ms` is kept."""
        for series in self.series.values():
            if series.times and series.times[0] < before_ms - 2 * HOUR_MS:
                series.drop(series.times[0], before_ms)
        for levels in self.levels.values():
            place = bisect_right(levels.times, before_ms) - 1
            if place > 0:
                del levels.times[:place], levels.words[:place]
        for sums in self.sums.values():
            for at_ms in [at_ms for at_ms in sums if at_ms < before_ms]:
                del sums[at_ms]


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def times_of(scene: Scene, place: FloodPlace) -> list[tuple[str, str]]:
    """The sensors that say something of a place, as (station or camera, parameter)."""
    return [
        *((gauge, RIVER) for gauge in place.gauges),
        *((station, RAIN) for station in place.rains),
        *((station, SUMS) for station in place.rains),
        *((station, PIXELS) for camera in place.cameras for station in scene.pixels_of(camera)),
        *((camera, FLOODED) for camera in place.cameras),
        *((person, FLOODED) for person in place.persons),
    ]


def finding(scene: Scene, said: Said, place: FloodPlace, at_ms: int) -> tuple[Finding, bool]:
    """What all witnesses of a place say together at a time, and whether a gauge alone makes it an alarm."""
    testimonies = _testimonies(scene, said, place, at_ms)
    found = together(_fresh(testimony, at_ms) for testimony in testimonies if testimony is not None)
    return found, any(_level(scene, said, gauge, at_ms) >= GAUGE_LAW for gauge in place.gauges)


def _fresh(testimony: Testimony, at_ms: int) -> Testimony:
    old = at_ms - testimony.at_ms > FRESH_MS[testimony.kind]
    return witness.silent(testimony) if old else testimony


def _testimonies(scene: Scene, said: Said, place: FloodPlace, at_ms: int) -> Iterator[Testimony | None]:
    for gauge in place.gauges:
        yield _gauge(scene, said, place, gauge, at_ms)
    for station in place.rains:
        yield _rain(scene, said, place, station, at_ms)
    for camera in place.cameras:
        yield _camera(scene, said, camera, at_ms)
    for person in place.persons:
        word = _usable(said, (person, FLOODED), at_ms)
        if word is not None:
            yield of_person(scene.names.get(person, person), word[0], flooded=word[1] >= 0.5)


def _usable(said: Said, key: tuple[str, str], at_ms: int) -> tuple[int, float] | None:
    """Time (ms) and value of the newest word of a sensor, unless that word cannot be used."""
    series = said.series.get(key)
    word = None if series is None else series.at(at_ms)
    return None if word is None or word[1][1] >= Flag.FAIL else (word[0], word[1][0])


def _level(scene: Scene, said: Said, gauge: str, at_ms: int) -> int:
    """The level at which the gauge's own rule stood."""
    rule = scene.rules.get(gauge)
    levels = None if rule is None else said.levels.get((gauge, rule[0]))
    step = None if levels is None else levels.at(at_ms)
    return 0 if step is None else int(step[1][0])


def _gauge(scene: Scene, said: Said, place: FloodPlace, gauge: str, at_ms: int) -> Testimony | None:
    """A gauge says flood while its rule holds the level, whatever one reading says; a reading that is in doubt says nothing."""
    series = said.series.get((gauge, RIVER))
    word = None if series is None else series.at(at_ms)
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
    """Rain speaks by its sums; a reading that cannot be used makes it unknown."""
    name = scene.names.get(station, station)
    series = said.series.get((station, RAIN))
    word = None if series is None else series.at(at_ms)
    if word is not None and word[1][1] >= Flag.FAIL:
        return Testimony(witness.Kind.RAIN, name, State.UNKNOWN, word[0], BROKEN)
    sums = said.sums.get(station, {})
    then_ms = max((sum_ms for sum_ms in sums if sum_ms <= at_ms), default=None)
    if then_ms is None:
        return None
    return of_rain(name, then_ms, rain_risk(sums[then_ms].values(), scene.bands), place.rain_from)


def _camera(scene: Scene, said: Said, camera: str, at_ms: int) -> Testimony | None:
    """A camera speaks by its own finding of the water, or by the pixels that its stations count: by what is newer."""
    counted = None if camera not in scene.cameras else _by_pixels(said, scene.cameras[camera], at_ms)
    own = _usable(said, (camera, FLOODED), at_ms)
    if own is None or (counted is not None and counted.at_ms > own[0]):
        return counted
    found = (
        WaterJudgement(State.FLOOD, Sight.FLOOD)
        if own[1] >= 0.5
        else WaterJudgement(State.NO_FLOOD, Sight.CALM)
    )
    return of_camera(scene.names.get(camera, camera), own[0], found)


def _by_pixels(said: Said, camera: WaterCamera, at_ms: int) -> Testimony | None:
    """It speaks when the counts of all its regions are of one time."""
    regions = [said.series.get((station, PIXELS)) for station in camera.stations]
    first = regions[0].at(at_ms) if regions and regions[0] is not None else None
    while first is not None:
        words = [None if series is None else series.at(first[0]) for series in regions]
        counts = [word[1] for word in words if word is not None and word[0] == first[0]]
        if any(flag >= Flag.FAIL for _, flag in counts):
            return Testimony(witness.Kind.CAMERA, camera.name, State.UNKNOWN, first[0], BROKEN)
        if len(counts) == len(camera.stations):
            local = instant(first[0] + round(camera.utc_offset_h * HOUR_MS))
            found = seen(camera.rule, local, tuple(round(value) for value, _ in counts))
            return of_camera(camera.name, first[0], found)
        first = regions[0].at(first[0] - 1) if regions[0] is not None else None
    return None
