"""`phusa status` names a camera that has never connected: it is no camera that is merely silent."""

from __future__ import annotations

import threading
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from connectors import clock
from connectors.cameras.capture import Reader
from connectors.cameras.picture import Counts
from infra.run.status.gather import looked_less, never_connected
from infra.run.status.words import pace
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


def test_many_cameras_that_never_connected_are_counted_in_one_line() -> None:
    found = never_connected(
        {f"cam-{i:02d}": asdict(Counts(failures=2)) for i in range(41)}, {"cam-00": "Cổng"}
    )

    assert len(found) == 1
    assert "41 camera" in found[0]
    assert "Cổng" in found[0]


def told(
    share: float, every_s: float, *, rising: bool = False, age_s: float = 5.0
) -> dict[str, float | bool]:
    return {
        "every_s": every_s, "wanted_s": every_s * share, "share": share, "held": 20.0, "wished": 41.0, "rising": rising, "age_s": age_s,
    }  # fmt: skip


def test_a_machine_that_does_not_hold_all_cameras_is_said_with_figures() -> None:
    (line,) = looked_less([told(1.0, 1.0), told(0.1, 10.0), told(0.5, 2.0)])

    assert "20 trong 41" in line
    assert "2 camera" in line
    assert "mỗi 10 s" in line


SILENT = [
    pytest.param([told(1.0, 1.0)], id="every frame is looked at"),
    pytest.param(
        [told(0.1, 10.0, age_s=900.0)], id="told long ago: the flow stands, which is said elsewhere"
    ),
    pytest.param([], id="nothing was measured"),
]


@pytest.mark.parametrize("paces", SILENT)
def test_nothing_is_said_of_paces_that_are_whole_or_old(paces: list[dict[str, float | bool]]) -> None:
    assert looked_less(paces) == []


def test_a_river_that_rises_is_named_as_the_reason_of_the_order() -> None:
    assert "sông đang lên" in looked_less([told(0.1, 10.0, rising=True)])[0]


PACES = [
    pytest.param(None, "", id="not told"),
    pytest.param(told(1.0, 1.0), "1 s", id="all frames"),
    pytest.param(told(0.25, 4.0), "4 s (gửi mỗi 1 s)", id="one of four"),
]


@pytest.mark.parametrize(("of", "words"), PACES)
def test_the_pace_of_a_camera_is_told_in_seconds(of: dict[str, float | bool] | None, words: str) -> None:
    assert pace(of) == words
