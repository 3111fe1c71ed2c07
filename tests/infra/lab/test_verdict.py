"""The judges of benchmark and fault test: they must be able to say no."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from infra.lab.bench.result import bounded, compared, keep
from infra.lab.faults.verdict import Comparison, Kept, compare, expected, left_out, unaccounted
from models.catalogue.kinds import UNTRUSTED
from models.envelope.reading import Reading
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from tests.builders import batch, commune, payload, rule
from tests.messages import contact, place

FOUND = {
    "all once": ([1, 2, 3], Comparison(3, 0, 0, 0), True),
    "one missing": ([1, 2], Comparison(3, 1, 0, 0), False),
    "one twice": ([1, 2, 3, 3], Comparison(3, 0, 1, 0), False),
    "one that nobody sent": ([1, 2, 3, 4], Comparison(3, 0, 0, 1), False),
}


@pytest.mark.parametrize(("found", "comparison", "exact"), FOUND.values(), ids=FOUND.keys())
def test_exactly_once_is_neither_less_nor_more(found: list[int], comparison: Comparison, exact: bool) -> None:
    assert compare({1, 2, 3}, found) == comparison
    assert comparison.exactly_once is exact


def test_what_must_be_there_is_readings_changes_and_messages() -> None:
    start = datetime(2026, 10, 12, tzinfo=UTC)
    sent = []
    for i, value in enumerate([1.0, 1.6, 3.2, 1.0]):
        at = start + timedelta(minutes=i)
        reading = Reading(1, "phu-oc", i, at, "river_level", value, "m")
        sent.append(("phu-oc", msgspec.json.encode(reading), round(at.timestamp() * 1000)))
    found = expected(place([contact("an"), contact("binh")], None, rule()), [*sent, sent[-1]])

    assert len(found.readings) == 4
    assert len(found.changes) == 3
    assert len(found.notifications) == 6


@pytest.mark.parametrize(
    ("late_min", "told"),
    [pytest.param(0, True, id="in time"), pytest.param(20, False, id="held back by an outage")],
)
def test_doubt_is_told_of_what_came_in_time_only_so_an_outage_may_bear_on_it(
    late_min: int, *, told: bool
) -> None:
    """Eight readings beyond the instrument's range, over longer than its silence would be."""
    minutes = [5.0 * i for i in range(9)]
    values = [payload(1.0), *(payload(99.0, minute=round(at)) for at in minutes[1:])]
    judged = judge(plan(commune()), {}, batch(values, minutes=[at + late_min for at in minutes]))

    assert any(change.rule == UNTRUSTED for change in judged.changes) is told
    assert left_out(commune()) >= {UNTRUSTED}


ENDS = {
    "sent": ([Kept("a", "sent", None, None)], []),
    "muted by name": ([Kept("a", "muted", "easing", None)], []),
    "muted without a name": ([Kept("a", "muted", None, None)], ["a"]),
    "merged into one that was sent": (
        [Kept("a", "merged", "merged", "b"), Kept("b", "merged", "merged", "c"), Kept("c", "delivered", None, None)],
        [],
    ),
    "merged into one that was muted by name": (
        [Kept("a", "merged", "merged", "b"), Kept("b", "muted", "over", None)],
        [],
    ),
    "merged into nothing": ([Kept("a", "merged", "merged", None)], ["a"]),
    "merged into one that is not there": ([Kept("a", "merged", "merged", "b")], ["a"]),
    "merged into each other": (
        [Kept("a", "merged", "merged", "b"), Kept("b", "merged", "merged", "a")],
        ["a", "b"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kept", "lost"), ENDS.values(), ids=ENDS.keys())
def test_each_notification_is_a_message_or_says_why_not(kept: list[Kept], lost: list[str]) -> None:
    assert unaccounted(kept) == lost


def test_a_ratio_is_the_median_of_the_runs_own_ratios(tmp_path: Path) -> None:
    good = compared("a", "1/s", [80, 90, 100], [100, 100, 100], 0.9)
    bad = compared("a", "1/s", [80, 89, 100], [100, 100, 100], 0.9)

    assert (good.ratio, good.reached) == (0.9, True)
    assert (bad.ratio, bad.reached) == (0.89, False)
    keep([good], tmp_path / "results.json")
    (kept,) = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert {"name", "value", "unit", "baseline", "ratio", "target", "runs"} <= set(kept)


def test_a_bound_holds_the_median() -> None:
    assert bounded("a", "s", [0.2, 0.4, 9.0], 1.0).reached
    assert not bounded("a", "s", [0.2, 1.4, 9.0], 1.0).reached
