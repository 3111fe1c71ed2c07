"""`phusa status` names a camera that has never connected: it is no camera that is merely silent."""

from __future__ import annotations

import threading
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from connectors import clock
from connectors.cameras.capture import Reader
from connectors.cameras.picture import Counts
from infra.run.status.gather import never_connected
from tests.messages import market

if TYPE_CHECKING:
    from pathlib import Path

TOLD = [
    pytest.param(Counts(failures=3), True, id="three tries failed, never a picture"),
    pytest.param(Counts(taken=9, sent=9, connects=1, failures=4), False, id="lost again, once there"),
    pytest.param(Counts(), False, id="its first try goes on"),
]


@pytest.mark.parametrize(("counts", "told"), TOLD)
def test_a_camera_that_has_never_connected_is_named_with_its_tries(counts: Counts, told: bool) -> None:
    found = never_connected({"cho": asdict(counts)}, {})

    assert bool(found) == told
    assert all("cho" in one and "3" in one for one in found)


def test_a_camera_whose_address_answers_nothing_is_named(tmp_path: Path) -> None:
    stopping = threading.Event()
    reader = Reader(market(), str(tmp_path / "none.mp4"), clock.system, stopping)
    thread = threading.Thread(target=reader.run)
    thread.start()
    while not reader.slot.counts.failures and thread.is_alive():
        thread.join(0.01)
    stopping.set()
    thread.join(10)

    assert "Chợ" in never_connected({"cho": asdict(reader.slot.counts)}, {"cho": "Chợ"})[0]
