"""A flood of a street on a time line: the warning comes before the water, once, and ends with it."""

from __future__ import annotations

import pytest

from models.alerting.alert import Change, Kind
from models.alerting.wording import sms
from models.commune.configuration import Commune, Direction, Level, Parameter, Rule, Station
from models.envelope.recent import Recent
from models.river.street import MINUTE_MS, Trend, expected
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from tests.builders import batch, payload

SOON = Rule(
    "sap-ngap", Kind.RIVER, "street_30min", ["phu-oc"], Direction.ABOVE, [Level(1, "10 cm", 10, 1)]
)  # fmt: skip
DEPTH = Rule("ngap", Kind.RIVER, "street_depth", ["phu-oc"], Direction.ABOVE, [Level(1, "10 cm", 10, 8)])


def place() -> Commune:
    depth = Parameter("street_depth", "cm", -5, 200, 60, 3600)
    return Commune([], [], [Station("phu-oc", "Đường La Vân", [], [depth])], [SOON, DEPTH], [])


def lived(*depths: float, minutes: list[float] | None = None) -> Judged:
    when = minutes or [float(i) for i in range(len(depths))]
    records = [
        payload(depth, parameter="street_depth", unit="cm", minute=minute)
        for depth, minute in zip(depths, when, strict=True)
    ]
    return judge(plan(place()), {}, batch(records, minutes=sorted(when)))


def told(judged: Judged) -> list[tuple[str, Change, int]]:
    start = judged.observations[0].at
    return [
        (change.rule, change.change, round((change.at - start).total_seconds() / 60))
        for change in judged.changes
    ]


FLOODS = {
    "it rises to the limit": (
        [0, 2, 4, 6, 8, 9, 10, 11, 8, 6, 4, 2, 0.5],
        [("sap-ngap", Change.RAISE, 3), ("ngap", Change.RAISE, 6), ("ngap", Change.CLEAR, 8), ("sap-ngap", Change.CLEAR, 12)],
    ),
    "it stops below the limit": (
        [0, 2, 4, 6, 6, 6, 5, 3, 1],
        [("sap-ngap", Change.RAISE, 3), ("sap-ngap", Change.CLEAR, 8)],
    ),
    "a puddle that grows": ([0, 1, 2, 3, 4, 4, 4, 3, 1], []),
    "it stands below the limit": ([6, 6, 6, 6, 6], []),
    "it falls": ([9, 8, 7, 6, 5], []),
    "it is there at once": ([0, 0, 12], [("ngap", Change.RAISE, 2), ("sap-ngap", Change.RAISE, 2)]),
}  # fmt: skip


@pytest.mark.parametrize(("depths", "expectation"), FLOODS.values(), ids=FLOODS)
def test_a_street_is_warned_of_while_it_rises(
    depths: list[float], expectation: list[tuple[str, Change, int]]
) -> None:
    assert sorted(told(lived(*depths)), key=lambda one: one[2]) == expectation


def test_a_late_reading_changes_the_forecasts_after_it_as_if_it_had_come_in_time() -> None:
    in_time = lived(2, 4, 50, 6, 8, minutes=[0, 1, 1.5, 2, 3])
    late = lived(2, 4, 6, 8, 50, minutes=[0, 1, 2, 3, 1.5])

    def table(judged: Judged) -> dict[tuple[object, str], float]:
        return {(one.at, one.parameter): one.value for one in judged.derived}

    assert table(late) == table(in_time)


def test_the_message_says_that_it_is_a_forecast() -> None:
    (change, *_) = lived(0, 2, 4, 6).changes

    text = sms(change, place())

    assert text.startswith(
        "CANH BAO LU: Duong La Van ngap duong trong 30 phut toi co the tren 10 cm, theo da nuoc len luc "
    )
    assert "66" not in text


@pytest.mark.parametrize(
    ("depth", "then"), [(6.0, 26.0), (4.9, 4.9)], ids=["from `least` on the trend", "below it the depth"]
)
def test_the_depth_that_a_trend_leads_to(depth: float, then: float) -> None:
    recent = Recent(10 * MINUTE_MS)
    for minute in range(5):
        recent.add(minute * MINUTE_MS, depth - 4 + minute)

    trend = Trend("street_20min", 4 * MINUTE_MS, 20 * MINUTE_MS, 5.0)
    assert expected(recent, trend, depth) == pytest.approx(then)
