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
from infra.rehearsal.demo.stillness import Stillness
from infra.run.stack.voice import StackError

STEP = timedelta(minutes=5)
"""Readings come up to so much after they were measured, which no rule calls late."""
SAY_S, ALIVE_S = 5.0, 1.0
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


@dataclass(frozen=True, slots=True)
class Patience:
    """How the clock waits.

    `alive` raises when a process will not come back; `say` is told what is waited for, and "" when that is over; `worked_s` are the
    CPU seconds that the stack has taken by now.
    """

    alive: Callable[[], None]
    say: Callable[[str], None]
    worked_s: Callable[[], float]


def run(
    plan: Plan,
    clock: Played,
    send: Callable[[datetime], None],
    followers: Sequence[Follower],
    patience: Patience,
    then: Sequence[Follower] = (),
) -> None:
    """Play it: at each step the clock is moved, `send` gives what is due by then, and all `followers` catch up.

    When they have, the clock says that the step is complete, and those in `then` catch up: what several sources say together.
    Raises what `patience.alive` raises, and StackError when nothing moves any more although all are alive and have worked.
    """
    told = plan.start
    for at in plan.times():
        began = time.monotonic()
        clock.move(plan.start, at, told, plan.speed)
        send(at)
        for follower in followers:
            _await(follower, at, patience)
        clock.move(plan.start, at, told, plan.speed, complete=at)
        for follower in then:
            _await(follower, at, patience)
        told = at
        left = (plan.step.total_seconds() / plan.speed) - (time.monotonic() - began)
        if left > 0:
            time.sleep(left)
    # Nothing comes after the end, and what was said up to it waits for nobody any more.
    clock.move(plan.start, plan.until, plan.until, plan.speed, complete=plan.until + plan.step)


def _await(follower: Follower, at: datetime, patience: Patience) -> None:
    began = looked = said = time.monotonic()
    pause_s, spoken = LOOK_S, False
    stillness = Stillness(patience.worked_s)
    while (found := follower.behind(at)) is not None:
        now = time.monotonic()
        if now - looked >= ALIVE_S:
            looked = now
            patience.alive()
        if now - said >= SAY_S:
            said, spoken = now, True
            patience.say(f"đồng hồ chờ {now - began:.0f} giây: {found[0]} (the clock waits: {found[1]})")
        if stillness.over(found):
            raise StackError(
                f"Không còn gì chuyển động sau {now - began:.0f} giây, mọi tiến trình vẫn chạy mà vẫn thiếu: {found[0]}",
                f"Nothing moves any more after {now - began:.0f} s, all processes live and work, and this is missing: {found[1]}",
            )
        time.sleep(pause_s)
        pause_s = min(1.5 * pause_s, MOST_LOOK_S)
    if spoken:
        patience.say("")
