"""A night of the caged fish on a time line, from the flow's own judgement."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from connectors.commune import load
from models.alerting.alert import Change, Kind
from models.alerting.wording import sms
from models.commune.configuration import Commune, Direction, Level, Parameter, Rule, Station
from models.fish.levels import Cage
from models.fish.night import NightBand, NightHabit
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from tests.builders import at, batch, payload

EVENING_MS = 1_790_002_800_000
"""22:00 on 21 September 2026 in Vietnam; the sun rises at 5:38."""
STEP_MS, HOUR = 600_000, 6
DAWN = Rule(
    "dawn", Kind.FISH, "oxygen_dawn", ["phu-oc"], Direction.BELOW, [Level(1, "dưới 2", 2.0, 3.0)], hold_s=1800
)  # fmt: skip
HABIT = NightHabit(16.5, 107.5, 3 * 3_600_000, [NightBand(24, 1.0, -0.5, 0.5)])


def place() -> Commune:
    oxygen = Parameter("dissolved_oxygen", "mg/L", 0, 20, 600, 7200)
    own = Commune([], [], [Station("phu-oc", "Lồng", [], [oxygen])], [DAWN], [])
    cage = Cage("phu-oc", [])
    return msgspec.structs.replace(own, cages=[cage], nights=HABIT)


def lived(*values: float) -> Judged:
    records = [
        payload(value, parameter="dissolved_oxygen", unit="mg/L", at=at(EVENING_MS + i * STEP_MS))
        for i, value in enumerate(values)
    ]
    one = batch(records)
    stamps = [EVENING_MS + i * STEP_MS for i in range(len(values))]
    return judge(plan(place()), {}, msgspec.structs.replace(one, stamps_ms=stamps))


def told(judged: Judged) -> list[tuple[Change, float]]:
    return [
        (change.change, (change.at.timestamp() * 1000 - EVENING_MS) / STEP_MS / HOUR)
        for change in judged.changes
    ]


def falling(start: float, an_hour: float, hours: float) -> list[float]:
    return [start - an_hour * i / HOUR for i in range(round(hours * HOUR))]


def test_a_night_that_will_end_below_the_limit_is_told_hours_before_and_over_by_day() -> None:
    night = [*falling(6.0, 0.6, 8), *[3.2] * HOUR]

    (raised, begun), (over, ended) = told(lived(*night))

    assert (raised, over) == (Change.RAISE, Change.CLEAR)
    assert begun < 3
    assert 8 <= ended < 9


def test_a_gap_in_the_night_ends_no_forecast() -> None:
    night = falling(6.0, 0.6, 7)
    heard = [(i, value) for i, value in enumerate(night) if not 4 * HOUR <= i < 5 * HOUR + 3]
    records = [
        payload(value, parameter="dissolved_oxygen", unit="mg/L", at=at(EVENING_MS + i * STEP_MS))
        for i, value in heard
    ]
    stamps = [EVENING_MS + i * STEP_MS for i, _value in heard]

    judged = judge(plan(place()), {}, msgspec.structs.replace(batch(records), stamps_ms=stamps))

    assert [change.change for change in judged.changes if change.rule == "dawn"] == [Change.RAISE]


def test_the_warning_before_dawn_says_what_to_do() -> None:
    commune = load(Path(__file__).parents[3] / "infra" / "commune")
    (change, *_) = lived(*falling(6.0, 0.6, 8)).changes
    for station in ("bo-la-van", "bo-phuoc-yen"):
        text = sms(msgspec.structs.replace(change, station=station, rule="oxygen-dawn"), commune)

        assert "Bat suc khi" in text, text


NOT_FORECAST = {
    "a day without oxygen": [5.0] * (10 * HOUR) + [1.5] * (3 * HOUR),
    "a night with too few readings": [1.5] * 3,
}


@pytest.mark.parametrize("values", NOT_FORECAST.values(), ids=NOT_FORECAST)
def test_what_the_water_holds_now_is_no_forecast(values: list[float]) -> None:
    assert told(lived(*values)) == []
