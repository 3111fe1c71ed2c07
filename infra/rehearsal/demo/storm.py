"""Play the simulated storm day: 24 hours through stations, MQTT, Kafka, flows, database and phones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from rich.console import Console

from connectors import clock
from connectors import commune as files
from infra.rehearsal.demo import database, steps
from infra.rehearsal.demo.progress import Sent, follow
from infra.rehearsal.demo.stage import Stage
from infra.rehearsal.demo.steps import STEP, Follower, Patience, Plan
from infra.rehearsal.demo.stillness import Stillness
from infra.rehearsal.demo.supervised import Supervised
from infra.rehearsal.simulator import storm_day
from infra.rehearsal.simulator.station import Publisher
from infra.rehearsal.simulator.truth import Day
from models.commune.configuration import Commune

WATCHED = "river_level"
DRAIN_S = 5.0
AFTER = timedelta(minutes=20)
"""The last hour's mean is due five minutes after it; a silence would be told after an hour."""


def yesterday(now: datetime) -> datetime:
    """Local midnight at which yesterday began: the whole day lies in the past, as Kafka wants its times."""
    local = now.astimezone(clock.VIETNAM)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)


class Wanted(NamedTuple):
    """Which day: its seed, its rain (1: the model storm), how much of it, its date (None: yesterday), and in steps of how many minutes."""

    seed: int = 2026
    severity: float = 1.0
    hours: int = 24
    date: date | None = None
    step_min: float = STEP.total_seconds() / 60


def make(stage: Stage, wanted: Wanted) -> tuple[Commune, Day]:
    """The commune and its day, or the first hours of it."""
    commune = files.load(stage.settings.commune)
    start = yesterday(clock.system())
    if wanted.date is not None:
        start = datetime.combine(wanted.date, datetime.min.time(), clock.VIETNAM)
    day = storm_day.build(commune, start, wanted.seed, wanted.severity)
    return commune, day if wanted.hours >= 24 else storm_day.until(day, start + timedelta(hours=wanted.hours))


class Played(NamedTuple):
    """What a play needs of who leads it."""

    console: Console
    stage: Stage
    day: Day
    look: Callable[[], database.Progress]
    supervised: Supervised


def clock_of(stage: Stage, day: Day, speed: float) -> tuple[clock.Played, str]:
    """The day's clock, standing at its start, and the setting that names it to every process."""
    path = stage.settings.var / "run" / "clock"
    path.parent.mkdir(parents=True, exist_ok=True)
    found = clock.Played(path)
    found.move(day.truth.start, day.truth.start, day.truth.start, speed)
    return found, f"played:{path.resolve()}"


def play(
    stands: Played,
    now: clock.Played,
    speed: float,
    hours: int,
    followers: tuple[Sequence[Follower], Sequence[Follower]],
    each: Callable[[datetime], None],
    alive: Callable[[], None],
    step: timedelta = STEP,
) -> tuple[int, float]:
    """Play the day, which begins now: all processes are ready. `each` is called with the time of each step; `alive` raises when what it needs will not come back.

    `followers`: whom each step waits for, and who is waited for when these have caught up.

    Returns the messages sent and the seconds it took. Raises StackError when a process does not come back.
    """
    console, stage, day, look, supervised = stands
    sent = Sent(len(day.events))

    def publish() -> None:
        with Publisher.of(stage.settings) as publisher:
            left = iter(sorted(day.events, key=lambda event: event.send_at))
            following = next(left, None)

            def send(at: datetime) -> None:
                nonlocal following
                supervised.step()
                each(at)
                while following is not None and following.send_at <= at:
                    publisher.publish(following.station, following.payload)
                    following = next(left, None)
                sent.sent, sent.clock = publisher.sent, at.astimezone(clock.VIETNAM).strftime("%H:%M")

            plan = Plan(day.truth.start, day.truth.start + timedelta(hours=hours) + AFTER, speed, step)
            first, then = followers
            steps.run(plan, now, send, first, Patience(alive, sent.say, supervised.worked_s), then)
            while following is not None:  # what a station sends after the day: the clock stands at its end
                publisher.publish(following.station, following.payload)
                following = next(left, None)
            sent.sent = publisher.sent
            stillness = Stillness(supervised.worked_s)
            while not publisher.drained(DRAIN_S):
                alive()
                if stillness.over(publisher.acknowledged):
                    publisher.drain(0)  # says how many are missing

    start = time.monotonic()
    sent.run(publish)
    follow(console, sent, look, "ngày bão (storm day)", "m")
    return sent.sent, time.monotonic() - start


def watched(commune: Commune) -> tuple[str, str] | None:
    """The river gauge, if the commune has one: its level is shown while the day runs."""
    for station in commune.stations:
        if any(parameter.code == WATCHED for parameter in station.parameters):
            return station.id, WATCHED
    return None
