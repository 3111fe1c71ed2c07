"""The day in steps: each is sent at once, and the next begins when the platform has caught up with it.

Nothing depends on how fast that is: on one busy core the same messages arrive at the same times of the day's clock,
the same ticks lie between them, and only the wall clock sees the difference.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from connectors.clock import Played
from infra.run.stack.voice import StackError

STEP = timedelta(minutes=5)
"""Readings come up to so much after they were measured, which no rule calls late."""
SAY_S, ALIVE_S = 5.0, 1.0
STUCK_S = 300.0
"""All processes live and nothing at all moves for so long: something was lost, and waiting would not find it."""
LOOK_S, MOST_LOOK_S = 0.005, 0.1
Behind = tuple[str, str]


class Follower(Protocol):
    """A part of the platform that the clock waits for."""

    def behind(self, at: datetime) -> Behind | None:
        """What of everything up to `at` has not come through yet, in both languages; None: nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """The play's start and end, the clock's seconds in a second of the wall clock at most, and the length of a step."""

    start: datetime
    until: datetime
    speed: float
    step: timedelta = STEP

    def times(self) -> Iterator[datetime]:
        """The ends of the steps."""
        at = self.start
        while at < self.until:
            at = min(at + self.step, self.until)
            yield at


def run(
    plan: Plan,
    clock: Played,
    send: Callable[[datetime], None],
    followers: Sequence[Follower],
    alive: Callable[[], None],
    say: Callable[[str], None],
    then: Sequence[Follower] = (),
) -> None:
    """Play it: at each step the clock is moved, `send` gives what is due by then, and all `followers` catch up.

    When they have, the clock says that the step is complete, and those in `then` catch up: what several sources say together.
    `alive` raises when a process has died; `say` is told what is waited for, and "" when that is over. Raises
    StackError when nothing moves any more although all are alive.
    """
    told = plan.start
    for at in plan.times():
        began = time.monotonic()
        clock.move(plan.start, at, told, plan.speed)
        send(at)
        for follower in followers:
            _await(follower, at, alive, say)
        clock.move(plan.start, at, told, plan.speed, complete=at)
        for follower in then:
            _await(follower, at, alive, say)
        told = at
        left = (plan.step.total_seconds() / plan.speed) - (time.monotonic() - began)
        if left > 0:
            time.sleep(left)
    # Nothing comes after the end, and what was said up to it waits for nobody any more.
    clock.move(plan.start, plan.until, plan.until, plan.speed, complete=plan.until + plan.step)


def _await(follower: Follower, at: datetime, alive: Callable[[], None], say: Callable[[str], None]) -> None:
    began = looked = said = moved = time.monotonic()
    last, pause_s, spoken = None, LOOK_S, False
    while (found := follower.behind(at)) is not None:
        now = time.monotonic()
        if found != last:
            last, moved = found, now
        if now - looked >= ALIVE_S:
            looked = now
            alive()
        if now - said >= SAY_S:
            said, spoken = now, True
            say(f"đồng hồ chờ {now - began:.0f} giây: {found[0]} (the clock waits: {found[1]})")
        if now - moved >= STUCK_S:
            raise StackError(
                f"Không còn gì chuyển động sau {STUCK_S:.0f} giây mà vẫn thiếu: {found[0]}",
                f"Nothing has moved for {STUCK_S:.0f} s, all processes live, and this is missing: {found[1]}",
            )
        time.sleep(pause_s)
        pause_s = min(1.5 * pause_s, MOST_LOOK_S)
    if spoken:
        say("")
