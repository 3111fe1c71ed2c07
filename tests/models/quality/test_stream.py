"""Quality control as it runs in the flow: flags as readings come, verdicts that later ones change, and trust."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.alerting.alert import Change, Kind
from models.catalogue.quality_tests import TESTS
from models.commune.configuration import Commune, Direction, Level, Parameter, Rule, Station
from models.envelope.reading import Flag
from models.quality import checks
from models.quality.settings import Flat, Quality, Rate, Spike
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard
from tests.builders import at, batch, payload

START_MS = 1_790_010_000_000 // 86_400_000 * 86_400_000 + 17 * 3_600_000
"""A midnight of Vietnam."""
MINUTE_MS = 60_000
STEP_MS = 5 * MINUTE_MS
FULL = Quality("river_level", spike=Spike(0.5, 2), rate=Rate(3, 30), flat=Flat(0.005, 1800, 3600), gap_s=900)
RISING = Rule(
    "river", Kind.RIVER, "river_level", ["phu-oc"], Direction.ABOVE, [Level(1, "BĐ1", 1.5, 1.3)], hold_s=0
)


def place(*quality: Quality) -> Commune:
    level = Parameter("river_level", "m", -1, 10, 300, 1800)
    station = Station("phu-oc", "Phú Ốc", [], [level])
    return msgspec.structs.replace(Commune([], [], [station], [RISING], []), quality=list(quality))


Said = tuple[int, float]
"""Step of five minutes, value."""


def run(
    said: list[Said],
    own: Commune | None = None,
    *,
    late_ms: int = 0,
    arrivals: list[int] | None = None,
    status: int = 0,
    seqs: list[int] | None = None,
) -> Judged:
    """All of `said` in this order; each arrives at its time plus `late_ms`, or at its own of `arrivals`."""
    records = [
        payload(value, at=at(START_MS + step * STEP_MS), status=status, seq=seqs[i] if seqs else i)
        for i, (step, value) in enumerate(said)
    ]
    stamps = arrivals or [START_MS + step * STEP_MS + late_ms for step, _ in said]
    one = msgspec.structs.replace(batch(records), stamps_ms=stamps)
    shard: Shard = {}
    return judge(plan(own or place(FULL)), shard, one)


def final(judged: Judged) -> dict[int, int]:
    """Step -> flag as known at the end, as the view observation_checked has it."""
    said: dict[int, dict[str, int]] = {}
    flags = {}
    for verdict in judged.verdicts:
        step = round((verdict.at.timestamp() * 1000 - START_MS) / STEP_MS)
        said.setdefault(step, {})[verdict.test] = verdict.flag
    for reading in judged.observations:
        step = round((reading.at.timestamp() * 1000 - START_MS) / STEP_MS)
        flags[step] = max(said[step].values()) if step in said else reading.flag
    return flags


def test_the_value_of_a_flagged_reading_is_kept_as_it_came() -> None:
    judged = run([(0, 1.0), (1, 9.0), (2, 1.0)])

    assert [observation.value for observation in judged.observations] == [1.0, 9.0, 1.0]
    assert judged.observations[1].flag == Flag.FAIL


def test_a_spike_is_told_of_the_reading_before_when_the_next_one_comes() -> None:
    judged = run([(0, 1.0), (1, 1.8), (2, 1.0)], place(Quality("river_level", spike=Spike(0.5))))

    assert [observation.flag for observation in judged.observations] == [Flag.GOOD] * 3
    assert [(verdict.test, verdict.flag) for verdict in judged.verdicts] == [("spike", Flag.SUSPECT)]
    assert final(judged)[1] == Flag.SUSPECT


STATUS = {"calibrating": 1, "faulty": 2}


@pytest.mark.parametrize("status", STATUS.values(), ids=STATUS.keys())
def test_what_an_instrument_shows_while_it_does_not_measure_is_stored_and_moves_no_rule(status: int) -> None:
    judged = run([(0, 5.0), (1, 5.0)], status=status)

    assert [observation.flag for observation in judged.observations] == [Flag.FAIL] * 2
    assert [observation.value for observation in judged.observations] == [5.0] * 2
    assert not judged.changes


def test_a_failed_reading_moves_no_rule_and_a_suspect_one_does() -> None:
    stuck = place(Quality("river_level", rate=Rate(3, 30)))

    assert [change.change for change in run([(0, 1.0), (1, 1.6)], stuck).changes] == [Change.RAISE]
    assert not run([(0, 1.0), (1, 5.0)], stuck).changes


def test_readings_that_cannot_be_used_for_long_are_told_and_told_over() -> None:
    flat = [(i, 2.0) for i in range(24)]
    back = [(24 + i, 1.0 + i / 100) for i in range(3)]

    changes = [change for change in run([*flat, *back]).changes if change.kind is Kind.UNTRUSTED]

    assert [(change.change, change.level) for change in changes] == [(Change.RAISE, 1), (Change.CLEAR, 0)]
    # Flat for an hour at step 12, the last that could be used is step 11; told after 30 min more.
    assert changes[0].at == at(START_MS + 11 * STEP_MS + 1800_000)
    assert changes[1].at == at(START_MS + 24 * STEP_MS)


def test_silence_is_told_as_silence_alone() -> None:
    judged = run([(0, 1.0), (1, 1.1), (40, 1.2), (41, 1.3)])

    assert {change.kind for change in judged.changes} == {Kind.SILENT}


def test_a_clock_two_hours_slow_is_named_after_six_readings() -> None:
    judged = run([(i, 1 + i / 100) for i in range(8)], late_ms=7_200_000)

    assert [verdict.test for verdict in judged.verdicts] == ["time"] * 3
    assert [observation.flag for observation in judged.observations] == [Flag.GOOD] * 5 + [Flag.SUSPECT] * 3


@pytest.mark.parametrize("late", [False, True], ids=["in time", "late, before a newer one"])
def test_a_gateway_whose_clock_is_wrong_is_named_and_the_value_counts(late: bool) -> None:
    """The LoRaWAN server's time was taken: that judges the gateway, so the level is raised and cleared as by any reading."""
    minutes = [0, 10, 5] if late else [0, 5, 10]
    values = {0: 1.0, 5: 2.0, 10: 1.0}
    records = [
        payload(values[minute], at=at(START_MS + minute * MINUTE_MS), seq=i, retimed=minute == 5)
        for i, minute in enumerate(minutes)
    ]
    stamps = (
        [START_MS + 10 * MINUTE_MS] * 3 if late else [START_MS + minute * MINUTE_MS for minute in minutes]
    )

    judged = judge(plan(place()), Shard(), msgspec.structs.replace(batch(records), stamps_ms=stamps))

    assert [
        (verdict.at, verdict.test, verdict.flag)
        for verdict in judged.verdicts
        if verdict.test == checks.Test.GATEWAY_CLOCK
    ] == [(at(START_MS + 5 * MINUTE_MS), "gateway_clock", Flag.SUSPECT)]
    assert {observation.at: observation.flag for observation in judged.observations}[
        at(START_MS + 5 * MINUTE_MS)
    ] == Flag.SUSPECT
    assert [(level.at, level.level) for level in judged.levels] == [
        (at(START_MS + 5 * MINUTE_MS), 1),
        (at(START_MS + 10 * MINUTE_MS), 0),
    ]


def test_every_test_has_words() -> None:
    assert set(TESTS) == set(checks.Test)


def test_what_waited_in_a_logger_and_comes_all_at_once_is_no_wrong_clock() -> None:
    judged = run([(i, 1 + i / 100) for i in range(24)], arrivals=[START_MS + 24 * STEP_MS] * 24)

    assert not judged.verdicts


def test_two_stations_of_one_name_are_named_and_a_restart_is_not() -> None:
    said = [(i, 1 + i / 100) for i in range(12)]
    two = [100 + i // 2 if i % 2 else 9000 + i // 2 for i in range(12)]
    restart = [*range(500, 506), *range(6)]

    assert {verdict.test for verdict in run(said, seqs=two).verdicts} == {"twin"}
    assert not run(said, seqs=restart).verdicts


WALK = st.lists(st.integers(-40, 40).map(lambda one: 2 + one / 50), min_size=2, max_size=40)


@settings(deadline=None, max_examples=150)
@given(WALK.flatmap(lambda values: st.permutations(list(enumerate(values)))))
def test_the_order_of_arrival_changes_no_flag(shuffled: list[Said]) -> None:
    said = sorted(shuffled)
    end = [START_MS + len(said) * STEP_MS] * len(said)

    assert final(run(shuffled, arrivals=end)) == final(run(said, arrivals=end))


@settings(deadline=None, max_examples=100)
@given(WALK)
def test_readings_that_come_twice_change_no_flag(values: list[float]) -> None:
    said = list(enumerate(values))
    end = [START_MS + len(said) * STEP_MS] * len(said)

    assert final(run([*said, *said], arrivals=end * 2)) == final(run(said, arrivals=end))


DAY = 288


def day(number: int, value: float, step: float = 0.0) -> list[Said]:
    """A day of readings every five minutes; `step` apart in turns, 0 is a stuck sensor."""
    return [(number * DAY + i, value + step * (i % 2)) for i in range(DAY)]


def trusts(judged: Judged) -> list[float]:
    return [round(one.value, 3) for one in judged.derived if one.parameter == "trust_river_level"]


def test_trust_is_the_share_of_good_readings_the_newest_day_first() -> None:
    good, bad = day(0, 1.0, 0.02), day(1, 50.0)

    # The second day weighs 1, the first 1/2; the last reading before each jump looks like a spike.
    found = trusts(run([*good, *bad, *day(2, 1.0, 0.02)[:1]]))
    assert found == pytest.approx([1.0, 0.5 / 1.5], abs=1 / DAY)


def test_a_sensor_that_was_bad_for_a_day_is_not_believed_the_next_day_and_is_after_a_good_one() -> None:
    bad, good = day(0, 50.0), day(1, 2.0, 0.02)

    changes = [change for change in run([*bad, *good, (2 * DAY, 2.0)]).changes if change.kind is Kind.RIVER]

    assert [change.at for change in changes] == [at(START_MS + 2 * DAY * STEP_MS)]


def test_a_repaired_sensor_starts_anew() -> None:
    repaired = msgspec.structs.replace(FULL, rate=None, repaired=at(START_MS + 32 * 3_600_000).date())
    bad, good = day(0, 50.0), day(1, 2.0, 0.02)

    changes = [
        change for change in run([*bad, *good[:2]], place(repaired)).changes if change.kind is Kind.RIVER
    ]

    assert [change.at for change in changes] == [at(START_MS + DAY * STEP_MS)]


def trust_of(said: list[Said], status: list[int] | None = None) -> float:
    """The score told when the first reading of the next day comes."""
    whole = [*said, (288, 1.0)]
    states = [*(status or [0] * len(said)), 0]
    records = [
        payload(value, at=at(START_MS + step * STEP_MS), status=states[i], seq=i)
        for i, (step, value) in enumerate(whole)
    ]
    stamps = [START_MS + step * STEP_MS for step, _ in whole]
    judged = judge(plan(place(FULL)), {}, msgspec.structs.replace(batch(records), stamps_ms=stamps))
    return next(one.value for one in judged.derived if one.parameter == "trust_river_level")


def test_a_sensor_that_jumps_to_and_fro_loses_trust() -> None:
    jumping = [(step, 1.0 if step % 2 else 2.0) for step in range(280)]

    assert trust_of(jumping) < 0.6


def test_an_hour_of_calibration_costs_no_trust() -> None:
    day = [(step, 1.0 + step % 7 / 10) for step in range(100)]

    assert trust_of(day, [1] * 12 + [0] * 88) == trust_of(day[12:])
