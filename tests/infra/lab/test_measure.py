"""Measurements: what they count, on series made by hand; and the claims of figures.md on the real recordings."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.settings import settings
from infra.lab.measure import camera, night, quality, river, street
from models.envelope.period import HOUR_MS
from models.river.street import TRENDS, Trend

MINUTE_MS = 60_000


@pytest.fixture
def data() -> Path:
    folder = settings().data or Path(__file__).resolve().parents[4] / "shared" / "data"
    if not (folder / "README.md").is_file():
        pytest.skip(f"the recordings are not at {folder} (PHUSA_DATA)")
    return folder


def test_flags_are_counted_against_marks() -> None:
    found = quality.counted({1, 2, 3}, {2, 3, 4, 5})

    assert found == (2, 1, 2)
    assert (found.precision, found.recall) == (2 / 3, 0.5)
    assert quality.counted(set(), set()).f1 is None


def rising() -> river.Readings:
    """Two days still, then 4 cm an hour for ten hours, every quarter of an hour."""
    still = [(i * HOUR_MS // 4, 1.0) for i in range(192)]
    return still + [((192 + i) * HOUR_MS // 4, 1.0 + i * 0.01) for i in range(48)]


def test_a_level_that_is_reached_is_asked_for_before() -> None:
    asked = river.questions(rising(), [1.255])

    assert [question.lead_ms // HOUR_MS for question in asked] == [1, 3, 6]
    assert all(rising()[question.place][1] < 1.255 for question in asked)


def test_the_bare_trend_is_right_on_a_straight_rise_and_persistence_says_nothing() -> None:
    readings = rising()
    (one, *_) = river.questions(readings, [1.255])

    _, likely, _ = river.trend(readings, None)(one.place, one.level)

    assert likely == pytest.approx(one.true_ms, abs=HOUR_MS / 4)
    assert river.persistence(one.place, one.level) == (None, None, None)


def flood(*depths: float) -> street.Event:
    return [(i * MINUTE_MS, depth) for i, depth in enumerate(depths)]


def test_a_street_warning_leads_by_the_minutes_before_the_limit() -> None:
    events = [flood(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), flood(1, 2, 3, 4, 3, 2, 1)]

    found = street.score(events, 10.0, Trend("street_10min", 3 * MINUTE_MS, 10 * MINUTE_MS, 2.0))

    assert (found.reached, found.early) == (1, 1)
    assert found.leads_min[0] > 0
    assert street.score(events, 10.0, 1.0).leads_min == [0.0]


def test_a_night_has_a_case_for_each_lead() -> None:
    readings = [(i * HOUR_MS // 4, 8.0 - (i % 96) / 96) for i in range(4 * 96)]

    assert {case.hours for case in night.cases(readings, 16.5, 107.5)} == set(night.LEADS_H)


def test_no_picture_of_a_night_is_a_flood(data: Path) -> None:
    found = camera.looked(data)

    assert {sight for when, sight in found if when == "night"} == {"night"}
    assert found["day", "calm"] > 1000


def test_the_oxygen_of_sunrise_is_known_better_than_by_persistence(data: Path) -> None:
    found = night.cases(night.oxygen(data / "water" / "main_street_2019.csv"))
    train, held = found[: len(found) // 2], found[len(found) // 2 :]

    text, _ = night.table(train, held)

    (two_hours,) = [line for line in text.splitlines() if line.startswith("| 2 |")]
    _, _, _, persistence, _, ours, inside, _ = (cell.strip() for cell in two_hours.split("|"))
    assert float(ours) < float(persistence)
    assert int(inside.removesuffix(" %")) > 80


def test_the_trends_of_streets_are_those_that_the_measurement_chooses(data: Path) -> None:
    first, _held = street.halves(data)

    found = [street.best(first, inches * street.INCH_CM) for inches in street.LIMITS_IN]

    assert {(trend.code, trend.window_ms, round(trend.least, 3)) for trend in TRENDS} == {
        (one.code, one.window_ms, round(one.least, 3)) for one in found
    }
