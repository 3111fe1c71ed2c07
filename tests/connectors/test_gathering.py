"""The store's end gathers under load and writes at once when nothing more waits."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from connectors.timescale import gathering
from connectors.timescale.gathering import Gathering


class Written:
    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def write(self, items: Sequence[int]) -> None:
        self.batches.append(list(items))

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "FLUSH_S", 1e9)


def test_what_comes_in_a_row_is_gathered_until_a_snapshot() -> None:
    written = Written()
    part = Gathering(written, lambda rows: rows)
    part.write_batch([3, 4])
    part.write_batch([5])
    assert written.batches == []
    part.snapshot()
    assert written.batches == [[3, 4, 5]]


def test_a_tick_says_that_nothing_more_waits_so_what_was_gathered_is_written() -> None:
    written = Written()
    part = Gathering(written, lambda rows: rows)
    part.write_batch([3])
    part.write_batch([0])
    assert written.batches == [[3]]
    part.write_batch([0])
    assert written.batches == [[3]]
