"""The day's clock waits for what is under way, names it, and ends when somebody has died."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from connectors.clock import Played
from infra.rehearsal.demo import outcome, steps, stillness
from infra.rehearsal.demo.followers import Readings, Told
from infra.rehearsal.demo.outcome import PlayResult
from infra.rehearsal.demo.steps import Behind, Patience, Plan
from infra.rehearsal.simulator.truth import Event, ExpectedEnd
from infra.run.stack.voice import StackError
from models.envelope.partition import partition_of

T0 = datetime(2026, 10, 14, tzinfo=UTC)
FAST = 1e9
"""So many seconds of the day in one of ours: nothing here waits for the wall clock."""


class Late:
    """Catches up with each step only at the `looks`-th look."""

    def __init__(self, looks: int, seen: Callable[[datetime], None] = lambda _at: None) -> None:
        self._looks, self._left, self._at, self._seen = looks, 0, T0, seen

    def behind(self, at: datetime) -> Behind | None:
        if at != self._at:
            self._at, self._left = at, self._looks
        self._left -= 1
        if self._left <= 0:
            self._seen(at)
            return None
        return f"{self._left} số đo", f"{self._left} readings"


@pytest.fixture
def now(tmp_path: Path) -> Played:
    return Played(tmp_path / "clock")


def nothing(*_: object) -> None:
    """Neither dead nor said."""


PATIENT = Patience(nothing, nothing, float)
"""Nobody dies, and nothing works."""


def test_nothing_of_a_step_is_sent_before_the_step_before_has_come_through(now: Played) -> None:
    order: list[tuple[str, datetime]] = []
    plan = Plan(T0, T0 + timedelta(minutes=12), FAST)
    late = Late(3, lambda at: order.append(("stored", at)))

    steps.run(plan, now, lambda at: order.append(("sent", at)), [late], PATIENT)

    ends = [T0 + timedelta(minutes=one) for one in (5, 10, 12)]
    assert order == [(what, at) for at in ends for what in ("sent", "stored")]


def test_the_clock_tells_no_more_than_what_has_come_through(now: Played) -> None:
    shown: list[tuple[datetime, datetime]] = []
    plan = Plan(T0, T0 + timedelta(minutes=10), FAST)

    steps.run(plan, now, lambda _at: shown.append((now(), now.told)), [Late(2)], PATIENT)

    five, ten = T0 + timedelta(minutes=5), T0 + timedelta(minutes=10)
    assert shown == [(five, T0), (ten, five)]
    assert (now(), now.told) == (ten, ten)


def test_a_step_is_complete_when_all_of_it_is_judged_and_told_when_what_follows_has_come_through_too(
    now: Played,
) -> None:
    shown: list[tuple[str, datetime, datetime]] = []
    plan = Plan(T0, T0 + timedelta(minutes=10), FAST)

    def show(what: str) -> Callable[[datetime], None]:
        return lambda _at: shown.append((what, *now.reached))

    steps.run(plan, now, nothing, [Late(2, show("judged"))], PATIENT, [Late(2, show("heard"))])

    five, ten = T0 + timedelta(minutes=5), T0 + timedelta(minutes=10)
    assert shown == [("judged", T0, T0), ("heard", T0, five), ("judged", five, five), ("heard", five, ten)]
    assert now.reached == (ten, ten + plan.step)


def test_who_has_died_ends_the_day_by_name(now: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "ALIVE_S", 0.0)

    def dead() -> None:
        raise StackError("telemetry đã dừng", "telemetry has died")

    with pytest.raises(StackError, match="telemetry has died"):
        steps.run(
            Plan(T0, T0 + timedelta(minutes=5), FAST),
            now,
            nothing,
            [Late(10**9)],
            Patience(dead, nothing, float),
        )


def test_what_is_waited_for_is_said_and_taken_back(now: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SAY_S", 0.0)
    said: list[str] = []

    steps.run(
        Plan(T0, T0 + timedelta(minutes=5), FAST),
        now,
        nothing,
        [Late(3)],
        Patience(nothing, said.append, float),
    )

    assert "2 số đo (the clock waits: 2 readings)" in said[0]
    assert said[-1] == ""


class Same:
    """Says the same at each of so many looks, then that it has caught up."""

    def __init__(self, looks: float) -> None:
        self.left = looks

    def behind(self, _at: datetime) -> Behind | None:
        self.left -= 1
        return None if self.left <= 0 else ("1 số đo (phần 3)", "1 readings (partitions 3)")


def test_what_never_comes_although_all_live_and_work_is_named_at_last(
    now: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stillness.Stillness.__init__, "__defaults__", (0.0, 100.0))
    work = iter(range(0, 10_000, 30))
    patience = Patience(nothing, nothing, lambda: float(next(work)))

    with pytest.raises(StackError, match=r"this is missing: 1 readings .*partitions 3"):
        steps.run(Plan(T0, T0 + timedelta(minutes=5), FAST), now, nothing, [Same(math.inf)], patience)


def test_a_machine_that_gives_the_stack_no_time_is_waited_for(
    now: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stillness.Stillness.__init__, "__defaults__", (0.0, 100.0))
    follower = Same(30)

    # As long as nothing at all moves, but the stack has taken 99 s of the CPU and not 100.
    work = itertools.chain([1.0], itertools.repeat(100.0))
    steps.run(
        Plan(T0, T0 + timedelta(minutes=5), FAST), now, nothing, [follower],
        Patience(nothing, nothing, lambda: next(work)),
    )  # fmt: skip

    assert follower.left == 0


def test_what_moves_now_and_then_is_waited_for_however_much_the_stack_works() -> None:
    work = itertools.count(0, 1000)
    still = stillness.Stillness(lambda: float(next(work)), still_s=0.0, at_least_s=1.0)

    assert not any(still.over(found) for found in ("3 left", "2 left", "1 left"))
    assert still.over("1 left")


@pytest.mark.parametrize(
    ("answered", "minutes", "expected"),
    [
        (0, 0, None),
        (0, 5, "2 tellings"),
        (1, 5, "1 tellings"),
        (2, 5, None),
        (2, 60, "1 tellings"),
        (3, 60, None),
    ],
)
def test_a_telling_that_is_due_and_has_no_answer_holds_the_clock(
    answered: int, minutes: int, expected: str | None
) -> None:
    due = [T0 + timedelta(minutes=one) for one in (1, 5, 60)]
    found = Told(due, lambda: answered).behind(T0 + timedelta(minutes=minutes))

    assert (found is None) == (expected is None)
    assert found is None or found[1].startswith(str(expected))


class Offsets:
    """The store's counts of one partition."""

    def __init__(self, ended: int, stored: int) -> None:
        self.rows = [{"partition": partition_of("phu-oc"), "ended": ended, "stored": stored}]

    def execute(self, _question: str) -> list[dict[str, int]]:
        return self.rows


@pytest.mark.parametrize(
    ("ended", "stored", "missing"),
    [
        pytest.param(2, 1, 0, id="all of it"),
        pytest.param(1, 1, 1, id="a refused one is on its way"),
        pytest.param(1, 0, 1, id="a good one is on its way"),
        pytest.param(3, 0, 1, id="two told twice do not stand for the good one"),
    ],
)
def test_readings_hold_the_clock_until_all_ended_and_what_is_good_is_stored(
    ended: int, stored: int, missing: int
) -> None:
    at = T0 + timedelta(minutes=5)
    events = [
        Event(at, "phu-oc", b"", ExpectedEnd.STORED),
        Event(T0, "phu-oc", b"", ExpectedEnd.REJECTED),
        Event(at + timedelta(minutes=1), "phu-oc", b"", ExpectedEnd.STORED),
    ]

    found = Readings(Offsets(ended, stored), events).behind(at)  # type: ignore[arg-type]

    assert (0 if found is None else int(found[1].split()[0])) == missing


SAME = PlayResult(["a | 1"], ["h | 2"], ["alert | 1"], ["to | all"], ["crowd | 1 0"], ["money"])


def test_two_plays_that_told_the_same_do_not_differ() -> None:
    assert outcome.differences(SAME, SAME) == []


def test_what_only_one_play_told_is_named_with_its_table() -> None:
    other = PlayResult(["a | 1"], ["h | 3"], ["alert | 1"], [], ["crowd | 1 0"], ["money"])

    assert outcome.differences(SAME, other) == [
        "derived, only in the first: h | 2",
        "derived, only in the second: h | 3",
        "messages, only in the first: to | all",
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        pytest.param("board | 1 2", "board | 1 2 3", True, id="the day ended before the third"),
        pytest.param("board | 1 2 3", "board | 1 2", True, id="the other way round"),
        pytest.param("board | 1 2", "board | 1 3", False, id="another level"),
        pytest.param("board | 1", "board | 1 2 3", False, id="two levels less"),
        pytest.param("board | 1", "", False, id="nothing of a rule"),
        pytest.param("crowd | 1 0", "crowd | 1", True, id="not yet over"),
        pytest.param("board | 1 2", "ford | 1 2 3", False, id="another rule"),
    ],
)
def test_of_a_camera_only_the_last_level_may_be_missing_where_the_day_ends(
    ours: str, theirs: str, same: bool
) -> None:
    one, other = (msgspec.structs.replace(SAME, cameras=[said] if said else []) for said in (ours, theirs))

    assert (outcome.differences(one, other) == []) is same
