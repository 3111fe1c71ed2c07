"""Play the simulated storm day: 24 hours through stations, MQTT, Kafka, flows, database and phones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from rich.console import Console

from connectors import clock
from connectors import commune as files
from infra.demo import database, steps
from infra.demo.progress import Sent, follow
from infra.demo.stage import Stage
from infra.demo.steps import Follower, Plan
from infra.simulator import storm_day
from infra.simulator.station import Publisher
from infra.simulator.truth import Day
from infra.stack import lifecycle
from infra.stack.patience import Alive
from infra.stack.place import place
from infra.stack.supervisor import Supervisor
from models.commune.configuration import Commune

WATCHED = "river_level"
DRAIN_S = 600.0
DAY = timedelta(days=1)
AFTER = timedelta(minutes=20)
"""The last hour's mean is due five minutes after it; a silence would be told after an hour."""


def yesterday(now: datetime) -> datetime:
    """Local midnight at which yesterday began: the whole day lies in the past, as Kafka wants its times."""
    local = now.astimezone(clock.VIETNAM)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)


def make(stage: Stage, seed: int, severity: float) -> tuple[Commune, Day]:
    """The commune and its day."""
    commune = files.load(stage.settings.commune)
    return commune, storm_day.build(commune, yesterday(clock.system()), seed, severity)


class Played(NamedTuple):
    """What a play needs of who leads it."""

    console: Console
    stage: Stage
    day: Day
    look: Callable[[], database.Progress]


def clock_of(stage: Stage, day: Day, speed: float) -> tuple[clock.Played, str]:
    """The day's clock, standing at its start, and the setting that names it to every process."""
    path = stage.settings.var / "run" / "clock"
    path.parent.mkdir(parents=True, exist_ok=True)
    found = clock.Played(path)
    found.move(day.truth.start, day.truth.start, day.truth.start, speed)
    return found, f"played:{path.resolve()}"


def play(
    stands: Played, now: clock.Played, speed: float, followers: Sequence[Follower], each: Callable[[datetime], None]
) -> tuple[int, float]:
    """Play the day, which begins now: all processes are ready. `each` is called with the time of each step.

    Returns the messages sent and the seconds it took. Raises StackError when a process has died.
    """
    console, stage, day, look = stands
    sent = Sent(len(day.events))
    alive = Alive(Supervisor(place(stage.settings)), [one.program for one in lifecycle.state(stage.settings)])
    alive.check()

    def publish() -> None:
        with Publisher(*stage.settings.mqtt_address) as publisher:
            left = iter(sorted(day.events, key=lambda one: one.send_at))
            following = next(left, None)

            def send(at: datetime) -> None:
                nonlocal following
                each(at)
                while following is not None and following.send_at <= at:
                    publisher.publish(following.station, following.payload)
                    following = next(left, None)
                sent.sent, sent.clock = publisher.sent, at.astimezone(clock.VIETNAM).strftime("%H:%M")

            plan = Plan(day.truth.start, day.truth.start + DAY + AFTER, speed)
            steps.run(plan, now, send, followers, alive.check, sent.say)
            while following is not None:  # what a station sends after the day: the clock stands at its end
                publisher.publish(following.station, following.payload)
                following = next(left, None)
            sent.sent = publisher.sent
            publisher.drain(DRAIN_S)

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
