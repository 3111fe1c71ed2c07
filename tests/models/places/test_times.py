"""Times as people read them: how long ago, and the clock with its day where it is another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.places.words import ago, clock

NOW = datetime(2026, 10, 15, 7, 0, tzinfo=UTC)
AGES = [
    pytest.param(None, "chưa có số liệu", "no data yet", id="never"),
    pytest.param(59, "vừa xong", "just now", id="less than a minute"),
    pytest.param(-60, "vừa xong", "just now", id="a minute ahead is a clock's doing"),
    pytest.param(-61, "ghi giờ chưa tới", "stamped in the future", id="ahead"),
    pytest.param(119, "1 phút trước", "1 min ago", id="rounded down"),
    pytest.param(3 * 3600, "3 giờ trước", "3 h ago", id="hours"),
    pytest.param(3 * 86400, "3 ngày trước", "3 days ago", id="days"),
]


@pytest.mark.parametrize(("age_s", "vi", "en"), AGES)
def test_how_long_ago(age_s: int | None, vi: str, en: str) -> None:
    at = None if age_s is None else NOW - timedelta(seconds=age_s)

    assert ago(at, NOW) == (vi, en)


CLOCKS = [
    pytest.param(datetime(2026, 10, 14, 19, 10, tzinfo=UTC), "02:10", id="today, in Vietnam"),
    pytest.param(datetime(2026, 10, 14, 16, 50, tzinfo=UTC), "23:50 14/10", id="yesterday, in Vietnam"),
]


@pytest.mark.parametrize(("at", "text"), CLOCKS)
def test_the_clock_has_its_day_where_it_is_another(at: datetime, text: str) -> None:
    assert clock(at, NOW) == text
