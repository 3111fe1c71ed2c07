"""The clocks that a setting can name."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from connectors import clock

NOON = datetime(2026, 10, 12, 12, tzinfo=UTC)


def test_the_wall_clock_is_now_and_the_stream_has_none() -> None:
    now = clock.from_setting("system")

    assert now is not None
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.from_setting("stream") is None


def test_a_scaled_clock_runs_as_fast_as_it_is_told() -> None:
    now = clock.scaled(NOON, datetime.now(UTC), 3600)
    first = now()
    time.sleep(0.2)

    assert timedelta(seconds=600) < now() - first < timedelta(hours=2)


def test_at_its_end_a_scaled_clock_stands_still() -> None:
    now = clock.from_setting(f"scaled:{NOON.isoformat()},2020-01-01T00:00:00Z,1,2026-10-12T13:00:00Z")

    assert now is not None
    assert now() == now() == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fast",
        "scaled:1,2",
        "scaled:a,b,c,d,e",
        "scaled:x,y,z",
        "scaled:2026-10-12T00:00:00Z,2026-10-12T00:00:00Z,-60",
        "scaled:2026-10-12T00:00:00Z,2026-10-12T00:00:00Z,nan",
        "scaled:2026-10-12T00:00:00Z,2026-10-12T00:00:00Z,inf",
    ],
)
def test_what_is_no_clock_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"PHUSA_CLOCK|isoformat"):
        clock.from_setting(text)
