"""The clocks that a setting can name."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors import clock

NOON = datetime(2026, 10, 12, 12, tzinfo=UTC)


def test_the_wall_clock_is_now_and_the_stream_has_none() -> None:
    now = clock.from_setting("system")

    assert now is not None
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.from_setting("stream") is None


def test_a_scaled_clock_runs_as_fast_as_it_is_told() -> None:
    before = time.monotonic()
    now = clock.scaled(NOON, datetime.now(UTC), 3600)
    inner = time.monotonic()
    first = now()
    while time.monotonic() - inner < 0.2:
        pass
    spent_least = time.monotonic() - inner
    last = now()
    spent_most = time.monotonic() - before

    assert timedelta(hours=0.19) < last - first <= timedelta(hours=spent_most)
    assert last - NOON >= timedelta(hours=spent_least)


def test_a_plays_clock_stands_until_it_is_moved_and_never_tells_more_than_was_caught_up_with(
    tmp_path: Path,
) -> None:
    who_plays = clock.Played(tmp_path / "clock")
    who_plays.move(NOON, NOON, NOON, 600)
    now = clock.from_setting(f"played:{tmp_path / 'clock'}")

    assert isinstance(now, clock.Played)
    assert (now(), now(), now.told, now.film_s) == (NOON, NOON, NOON, 0)
    who_plays.move(NOON, NOON + timedelta(minutes=10), NOON + timedelta(minutes=5), 600)
    assert (now(), now.told, now.film_s) == (NOON + timedelta(minutes=10), NOON + timedelta(minutes=5), 1)


def test_a_plays_clock_that_is_torn_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("1 2", encoding="ascii")

    with pytest.raises(ValueError, match=r"clock: expected three times"):
        clock.Played(tmp_path / "clock")()


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
        "played:",
        "scaled:2026-10-12T00:00:00Z,2026-10-12T00:00:00Z,-60",
        "scaled:2026-10-12T00:00:00Z,2026-10-12T00:00:00Z,nan",
        "scaled:2026-10-12T00:00:00Z,2026-10-12T00:00:00Z,inf",
    ],
)
def test_what_is_no_clock_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"PHUSA_CLOCK|isoformat"):
        clock.from_setting(text)
