"""Eyes that are paced: what looks take is measured with a clock, and who is looked at follows from it."""

from __future__ import annotations

from connectors.cameras.pacing import paced
from models.cameras.memory import plan
from models.cameras.pace import ANEW_S, FIRST, Meter
from models.cameras.watch import watch
from tests.frames import eyes, frame, frames
from tests.messages import market, place


class Clock:
    """Seconds that pass only when something is looked at, or a test says so."""

    def __init__(self, look_s: float) -> None:
        self.now, self.look_s, self.calls = 0.0, look_s, 0

    def __call__(self) -> float:
        self.calls += 1
        if self.calls % 2 == 0:
            self.now += self.look_s
        return self.now


def play(look_s: float, *, rationed: bool) -> list[int]:
    """How many of 20 frames a batch are passed over, batch after batch, a frame a second; a glance and a net take `look_s` each."""
    clock = Clock(look_s)
    seeing = paced(eyes(), Meter({market().id: market()}, rationed=rationed), lambda: False, clock)
    passed, shard = [], {}
    for batch in range(10):
        steps = (frame(20 * batch + i, people=i % 7) for i in range(FIRST))
        seen = watch(plan(place()), shard, seeing, frames(*steps, first=20 * batch))
        assert len(seen.observed) + len(seen.still) + len(seen.passed) == FIRST
        passed.append(len(seen.passed))
        clock.now += ANEW_S
    return passed


def test_a_machine_that_is_fast_enough_passes_nothing_over() -> None:
    assert sum(play(0.1, rationed=True)) == 0


def test_a_machine_that_is_too_slow_passes_frames_over_instead_of_lagging() -> None:
    passed = play(30.0, rationed=True)

    assert passed[0] == 0
    assert passed[-1] >= FIRST // 2


def test_of_a_recording_no_frame_is_passed_over() -> None:
    assert sum(play(30.0, rationed=False)) == 0
