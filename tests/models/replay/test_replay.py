"""Episodes of a rule on the past; truth and limits are held against them."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.commune.configuration import Average, Direction, Level, Rule
from models.replay.play import Episode, Series, changes, episodes
from models.replay.sweep import NoSuchLevelError, sweep, with_limit
from models.replay.truth import Event, beyond, score
from tests.models.replay.series import BANKS, HOUR, MINUTE, RIVER, series


def replayed(*values: float, rule: Rule = BANKS) -> list[Episode]:
    return episodes(changes(rule, RIVER, series(*values)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([1.0, 1.4], [], id="never reached"),
        pytest.param([1.0, 1.6, 1.2], [(10, 20, {1: 10})], id="up and down"),
        pytest.param([1.0, 1.6, 3.1, 1.0], [(10, 30, {1: 10, 2: 20})], id="through two levels"),
        pytest.param([1.0, 1.6], [(10, None, {1: 10})], id="open at the end"),
        pytest.param([1.6, 1.0, 1.7, 1.0], [(0, 10, {1: 0}), (20, 30, {1: 20})], id="twice"),
        pytest.param([1.0, 99.0, 1.0], [], id="outside the physical range"),
    ],
)
def test_an_episode_is_an_alert_from_raise_to_clear(
    values: list[float], expected: list[tuple[int, int | None, dict[int, int]]]
) -> None:
    found = [
        (
            episode.start_ms // MINUTE,
            episode.end_ms and episode.end_ms // MINUTE,
            {k: v // MINUTE for k, v in episode.reached.items()},
        )
        for episode in replayed(*values)
    ]
    assert found == expected


def test_an_hourly_rule_judges_the_hour_that_the_end_closes() -> None:
    hourly = msgspec.structs.replace(BANKS, average=Average.HOUR)
    hour = msgspec.structs.replace(RIVER, interval_s=600)

    found = episodes(
        changes(hourly, hour, Series("phu-oc", [i * 10 * MINUTE for i in range(1, 7)], [2.0] * 6))
    )

    assert [episode.start_ms for episode in found] == [HOUR]


@pytest.mark.parametrize(
    ("above", "values", "expected"),
    [
        pytest.param(True, [0, 2, 2, 0], [(10, 20)], id="at the limit counts above"),
        pytest.param(False, [5, 2, 1, 5], [(20, 20)], id="at the limit does not count below"),
        pytest.param(True, [2, 0, 2], [(0, 20)], id="a short gap is the same event"),
        pytest.param(True, [2, 0, 0, 0, 2], [(0, 0), (40, 40)], id="a long gap is another"),
        pytest.param(True, [0, 1], [], id="never"),
    ],
)
def test_events_of_a_history(above: bool, values: list[float], expected: list[tuple[int, int]]) -> None:
    found = beyond(series(*values), 2, above=above, merge_ms=20 * MINUTE)

    assert [(one.start_ms // MINUTE, one.end_ms // MINUTE) for one in found] == expected


def alert(start: int, end: int | None, station: str = "a", level: int = 1) -> Episode:
    return Episode(station, start * MINUTE, None if end is None else end * MINUTE, {level: start * MINUTE})


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        pytest.param([alert(90, 150)], (1, 1, 0, 0, [10]), id="ten minutes early"),
        pytest.param([alert(110, 150)], (1, 1, 0, 0, [-10]), id="ten minutes late"),
        pytest.param(
            [alert(0, None)], (1, 1, 0, 0, [30]), id="long before: no more than what is called early"
        ),
        pytest.param([alert(10, 50)], (1, 0, 1, 1, []), id="over before it began"),
        pytest.param([alert(130, 150)], (1, 0, 1, 1, []), id="after it ended"),
        pytest.param([alert(90, 150, "b")], (1, 0, 1, 1, []), id="another station"),
        pytest.param([], (0, 0, 1, 0, []), id="silence"),
        pytest.param([alert(90, 95), alert(105, 150)], (2, 1, 0, 0, [10]), id="two alerts, one event"),
        pytest.param([alert(90, 150, level=2)], (1, 1, 0, 0, [10]), id="leapt over the level"),
    ],
)
def test_alerts_against_an_event_from_100_to_120_minutes(
    alerts: list[Episode], expected: tuple[int, int, int, int, list[int]]
) -> None:
    found = score(alerts, [Event("a", 100 * MINUTE, 120 * MINUTE)], 1, early_ms=30 * MINUTE)

    leads = [round(one / 60) for one in found.leads_s]
    assert (found.alerts, found.hits, found.missed, found.false, leads) == expected


def test_shares_of_nothing_are_unknown_not_zero() -> None:
    found = score([], [], 1, 0)

    assert (found.detected, found.wrong, found.lead_s) == (None, None, None)


def test_a_moved_limit_keeps_its_hysteresis_and_the_order_of_levels() -> None:
    moved = with_limit(BANKS, 1, 3.5)

    assert [(level.raise_at, level.clear_at) for level in moved.levels] == [(3.5, 3.3), (3.5, 3.3)]


def test_below_the_order_is_the_other_way() -> None:
    levels = [Level(1, "mức 1", 3.0, 3.5), Level(2, "mức 2", 2.0, 2.5)]
    oxygen = msgspec.structs.replace(BANKS, direction=Direction.BELOW, levels=levels)

    assert [level.raise_at for level in with_limit(oxygen, 1, 1.5).levels] == [1.5, 1.5]
    assert [level.raise_at for level in with_limit(oxygen, 2, 4.0).levels] == [4.0, 4.0]


def test_a_level_that_is_not_there_is_named() -> None:
    with pytest.raises(NoSuchLevelError, match=r"banks: mức 7. có 1, 2"):
        with_limit(BANKS, 7, 1.0)


@given(st.lists(st.floats(0, 5), max_size=40))
def test_a_higher_limit_never_sees_what_a_lower_one_does_not(values: list[float]) -> None:
    rule = msgspec.structs.replace(BANKS, levels=[Level(1, "một", 1.0, 1.0)])
    low, high = sweep(rule, RIVER, [series(*values)], 1, [1.0, 2.0])

    assert bool(low.alerts) or not high.alerts
