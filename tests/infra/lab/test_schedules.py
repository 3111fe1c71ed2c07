"""The table of schedules: whatever way the storm day comes, what is reckoned from it is the same."""

from __future__ import annotations

from infra.lab.measure.schedules import SCHEDULES, table


def test_each_of_sixteen_schedules_is_equal_to_delivery_on_time() -> None:
    rows = table(hours=13).splitlines()[2:]

    assert len(SCHEDULES) == len(rows) == 16
    assert [row for row in rows if "differ" in row] == []
