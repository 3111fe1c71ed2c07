"""By which clock rows grow old."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors import clock
from connectors.timescale.housekeeper import keeper

DAY = datetime(2026, 11, 20, 14, tzinfo=UTC)


def test_in_a_play_rows_grow_old_by_the_days_clock(tmp_path: Path) -> None:
    """A day of last week that is played today loses nothing of what it must account for."""
    clock.Played(tmp_path / "clock").move(DAY, DAY, DAY, 60.0)

    assert keeper(f"played:{tmp_path / 'clock'}")() == DAY


@pytest.mark.parametrize("setting", ["system", "stream", f"scaled:{DAY.isoformat()},{DAY.isoformat()},60"])
def test_elsewhere_they_grow_old_by_the_wall_clock(setting: str) -> None:
    assert keeper(setting) is clock.system
