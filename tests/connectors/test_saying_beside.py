"""The state and sentence of each place are said beside the flow, and end with it."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

from connectors.settings import Settings, settings
from connectors.timescale import saying
from connectors.timescale.connection import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], int]], None]:
    """Replace what the loop does at each look."""

    def replace(look: Callable[[], int]) -> None:
        monkeypatch.setattr(saying.Saying, "look", lambda _self: look())
        monkeypatch.setattr(saying, "EVERY_S", 0.001)
        monkeypatch.setattr(Settings, "dsn", lambda *_: "")

    return replace


def test_it_says_while_the_flow_runs_and_ends_with_it(looks: Callable[[Callable[[], int]], None]) -> None:
    said = threading.Event()
    away = iter([True])

    def look() -> int:
        if next(away, False):
            msg = "away"
            raise StoreError(msg)
        said.set()
        return 1

    looks(look)
    with saying.saying(settings()):
        assert said.wait(60)

    assert "saying" not in {one.name for one in threading.enumerate()}


def test_a_fault_of_its_own_asks_the_process_to_end_and_is_raised(
    looks: Callable[[Callable[[], int]], None],
) -> None:
    asked = threading.Event()

    def broken() -> int:
        msg = "a fault"
        raise ValueError(msg)

    looks(broken)
    before = signal.signal(signal.SIGTERM, lambda *_: asked.set())
    try:
        with pytest.raises(ValueError, match="a fault"), saying.saying(settings()):
            assert asked.wait(60)
    finally:
        signal.signal(signal.SIGTERM, before)
