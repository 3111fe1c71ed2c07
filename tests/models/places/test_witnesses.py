"""The story of a flood and its witnesses, across stations; and neighbours that disagree."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from models.alerting.alert import AlertChange, Change, Kind
from models.cameras.batch import JudgedFrames
from models.commune.configuration import Commune, Direction, Hamlet, Level, Parameter, Rule, Station
from models.envelope.reading import Observation
from models.places.report import picked, seen_by_cameras
from models.places.scene import FLOODED, scene
from models.places.witnesses import Memory, Told, hear
from models.quality.settings import Neighbour, Quality
from models.river.camera import Region, WaterRule
from models.river.configuration import FloodPlace, WaterCamera
from models.river.rain_risk import RainBand
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard
from models.vision.camera import Camera
from tests.builders import at, batch, payload

NOON_MS = 1_790_010_000_000 // 86_400_000 * 86_400_000 + 5 * 3_600_000
"""12:00 in Vietnam."""
MINUTE_MS = 60_000


def station(name: str, *codes: tuple[str, str]) -> Station:
    parameters = [Parameter(code, unit, -100, 100_000, 600, 3600) for code, unit in codes]
    return Station(name, name.title(), ["ha"], parameters)


STATIONS = [
    station("phu-oc", ("river_level", "m"), ("rain", "mm")),
    station("kim-long", ("river_level", "m")),
    station("mat-song", ("water_pixels", "1")),
    station("nguoi-01", ("flooded", "1")),
]
LEVELS = [Level(1, "BĐ1", 1.5, 1.3), Level(2, "BĐ2", 3.0, 2.8)]
RIVER = Rule("river", Kind.RIVER, "river_level", ["phu-oc", "kim-long"], Direction.ABOVE, LEVELS)
EYE = WaterCamera("mat", "Camera cầu", ["mat-song"], WaterRule((Region(1000, 0.6),), 19, 5, 0.95, 0.05))
PLACE = FloodPlace(
    "ven-song", "Ven sông", ["ha"], ["phu-oc"], ["phu-oc"], ["mat"], ["nguoi-01"], flood_from=2, rain_from=2
)
BANDS = [RainBand(2, 1, 60, "mưa rất to", "very heavy rain")]
COMMUNE = msgspec.structs.replace(
    Commune([], [Hamlet("ha", "La Vân Hạ", "xa", date(2020, 1, 1))], STATIONS, [RIVER], []),
    water_cameras=[EYE],
    rain_bands=BANDS,
    flood_places=[PLACE],
)
Said = tuple[int, str, str, float]
"""Minute after noon, station, parameter, value."""


def run(said: list[Said], commune: Commune = COMMUNE) -> Told:
    """Every reading as a batch of its own, as from partitions that take turns."""
    laid, own, shard, memory, found = plan(commune), scene(commune), Shard(), Memory(), Told([], [])
    for minute, name, code, value in said:
        ms = NOON_MS + minute * MINUTE_MS
        unit = laid[name][code].parameter.unit
        one = batch([payload(value, source=name, parameter=code, unit=unit, at=at(ms))], keys=[name.encode()])
        one = msgspec.structs.replace(one, stamps_ms=[ms])
        told_now = hear(own, memory, picked(own, judge(laid, shard, one)))
        found.changes.extend(told_now.changes)
        found.verdicts.extend(told_now.verdicts)
    return found


def told(found: Told) -> list[tuple[Change, int]]:
    return [(change.change, change.level) for change in found.changes]


def rain(minute: int, mm: float) -> list[Said]:
    """An hour of rain that ends at `minute`."""
    return [(minute - 50 + 10 * i, "phu-oc", "rain", mm / 6) for i in range(6)]


HIGH = (60, "phu-oc", "river_level", 3.43)
LOW = (60, "phu-oc", "river_level", 1.0)
ONE = {
    "a gauge": [HIGH],
    "rain": rain(60, 90),
    "a camera": [(60, "mat-song", "water_pixels", 700.0)],
    "a person": [(60, "nguoi-01", "flooded", 1.0)],
}


@pytest.mark.parametrize("said", ONE.values(), ids=ONE.keys())
def test_one_witness_alone_is_a_check(said: list[Said]) -> None:
    assert told(run(said)) == [(Change.RAISE, 1)]


def test_two_kinds_of_witnesses_are_an_alarm_with_their_evidence() -> None:
    judged = run([*rain(60, 90), (61, "phu-oc", "river_level", 3.43)])

    assert told(judged) == [(Change.RAISE, 1), (Change.WORSE, 2)]
    first, second, *_ = [one.vi for one in judged.changes[-1].evidence]
    assert first == "mực nước Phu-Oc: trên báo động II 0,43 m (13:01 21/09)"
    assert second == "mưa Phu-Oc: mưa rất to, mưa 1 giờ: 90,0 mm (13:00 21/09)"
    assert judged.changes[0].alert == judged.changes[1].alert


def test_two_gauges_are_one_kind() -> None:
    two = msgspec.structs.replace(PLACE, gauges=["phu-oc", "kim-long"])
    commune = msgspec.structs.replace(COMMUNE, flood_places=[two])

    assert told(run([HIGH, (61, "kim-long", "river_level", 3.5)], commune)) == [(Change.RAISE, 1)]


def test_a_person_is_named_by_the_hamlet() -> None:
    (change,) = run([(60, "nguoi-01", "flooded", 1.0)]).changes

    assert change.evidence[0].vi == "người dân báo La Vân Hạ: đang ngập (13:00 21/09)"


def test_a_camera_at_night_says_nothing_whatever_it_sees() -> None:
    judged = run([(60 * 9, "mat-song", "water_pixels", 1000.0), (60 * 9 + 1, "phu-oc", "river_level", 3.4)])

    assert told(judged) == [(Change.RAISE, 1)]


def test_a_broken_gauge_is_unknown_and_ends_no_alarm() -> None:
    alarm = [*rain(60, 90), (61, "phu-oc", "river_level", 3.43)]

    judged = run([*alarm, (71, "phu-oc", "river_level", -9999.0)])

    assert told(judged) == [(Change.RAISE, 1), (Change.WORSE, 2)]


def test_an_alarm_ends_when_two_kinds_say_that_there_is_no_flood() -> None:
    alarm = [*rain(60, 90), (61, "phu-oc", "river_level", 3.43)]
    calm = [*rain(120, 0), (121, "phu-oc", "river_level", 1.0)]

    assert told(run([*alarm, *calm]))[-1] == (Change.CLEAR, 0)


def test_a_check_ends_with_the_witness_who_made_it() -> None:
    assert told(run([HIGH, (70, "phu-oc", "river_level", 1.0)])) == [(Change.RAISE, 1), (Change.CLEAR, 0)]


def test_nothing_is_told_while_nobody_says_flood() -> None:
    assert not run([LOW, (61, "nguoi-01", "flooded", 0.0)]).changes


def test_neighbours_that_disagree_are_suspect_and_those_that_agree_are_not() -> None:
    beside = Quality("river_level", ["phu-oc"], neighbour=Neighbour("kim-long", 1.0))
    commune = msgspec.structs.replace(COMMUNE, quality=[beside])

    judged = run(
        [
            (0, "kim-long", "river_level", 1.0),
            (1, "phu-oc", "river_level", 1.8),
            (11, "phu-oc", "river_level", 2.2),
            (50, "phu-oc", "river_level", 2.2),
        ],
        commune,
    )

    assert [(verdict.test, verdict.source, verdict.at) for verdict in judged.verdicts] == [
        ("neighbour", "phu-oc", at(NOON_MS + 11 * MINUTE_MS)),
        ("neighbour", "kim-long", at(NOON_MS)),
    ]


def test_in_a_commune_without_places_and_neighbours_only_silences_concern_anybody() -> None:
    own = scene(msgspec.structs.replace(COMMUNE, flood_places=[], stations=STATIONS[:2]))

    assert (own.places, own.concerned) == ((), frozenset())


WATCHER = "cau-bo"
WATCHED = msgspec.structs.replace(
    COMMUNE,
    cameras=[Camera(WATCHER, "Camera cầu Bồ", ["ha"], "film.mp4")],
    flood_places=[msgspec.structs.replace(PLACE, cameras=[WATCHER])],
)


def seen(minute: int, flooded: float, *, by_alert: bool) -> JudgedFrames:
    """A camera's own finding, as a batch of the flow cameras."""
    found = JudgedFrames("frames", 0, 0, 1, 1, [], [], [], [], [], [], [], [], NOON_MS + minute * MINUTE_MS)
    when = at(NOON_MS + minute * MINUTE_MS)
    if by_alert:
        verb = Change.RAISE if flooded else Change.CLEAR
        found.changes.append(
            AlertChange(
                v=1, source="cameras", seq=1, at=when, alert="flood:cau-bo", rule="water-cau-bo", kind=Kind.FLOOD,
                station=WATCHER, parameter="water", change=verb, level=int(flooded), previous=int(not flooded),
                value=flooded, limit=0.5, unit="1",
            )
        )  # fmt: skip
    else:
        found.observations.append(Observation(1, WATCHER, 1, when, FLOODED, flooded, "1", 1, when))
    return found


@pytest.mark.parametrize(
    "by_alert", [False, True], ids=["its observation flooded", "its alert of kind flood"]
)
def test_a_cameras_own_finding_is_a_witness_of_its_place(*, by_alert: bool) -> None:
    own, memory, changes = scene(WATCHED), Memory(), []
    laid, shard = plan(WATCHED), Shard()
    for report in (
        seen_by_cameras(own, seen(60, 1.0, by_alert=by_alert)),
        picked(
            own,
            judge(
                laid,
                shard,
                msgspec.structs.replace(
                    batch(
                        [payload(3.43, source="phu-oc", at=at(NOON_MS + 61 * MINUTE_MS))], keys=[b"phu-oc"]
                    ),
                    stamps_ms=[NOON_MS + 61 * MINUTE_MS],
                ),
            ),
        ),
    ):
        changes += hear(own, memory, report).changes

    assert [(change.rule, change.level) for change in changes] == [("witness", 1), ("witness", 2)]
    assert changes[0].evidence[0].vi == "camera Camera cầu Bồ: ảnh: nước trên mức ngập (13:00 21/09)"
    calm = hear(own, memory, seen_by_cameras(own, seen(65, 0.0, by_alert=by_alert))).changes
    assert [(change.change, change.level) for change in calm] == [(Change.BETTER, 1)]


def test_what_a_camera_says_of_a_place_that_it_does_not_witness_is_not_heard() -> None:
    report = seen_by_cameras(scene(COMMUNE), seen(60, 1.0, by_alert=False))

    assert report.says_nothing
