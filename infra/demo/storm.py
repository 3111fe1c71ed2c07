"""Play the simulated storm day: 24 hours through stations, MQTT, Kafka, flows, database and phones."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from rich.console import Console

from connectors import clock
from connectors import commune as files
from infra.demo import database
from infra.demo.progress import Sent, follow
from infra.demo.stage import Stage
from infra.simulator import storm_day
from infra.simulator.station import Pace, Publisher
from infra.simulator.truth import Day, Event
from models.commune.configuration import Commune

WATCHED = "river_level"
DRAIN_S = 60.0
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


def play(
    console: Console,
    stage: Stage,
    day: Day,
    speed: float,
    look: Callable[[], database.Progress],
    begin: Callable[[datetime, clock.Now], None],
) -> tuple[int, float, datetime]:
    """Play the day; `begin` starts what else belongs to it. Returns the messages sent, the seconds it took and when it began (wall clock).

    The stations speak from the first moment of the clock, while the processes still start on it:
    the MQTT broker keeps the messages, as it would after any pause of ours.
    """
    began = clock.system()
    until = day.truth.start + DAY + AFTER
    setting = f"scaled:{day.truth.start.isoformat()},{began.isoformat()},{speed:g},{until.isoformat()}"
    now = clock.scaled(day.truth.start, began, speed)
    sent = Sent(len(day.events))

    def publish() -> None:
        host, port = stage.settings.mqtt_address
        with Publisher(host, port) as publisher:

            def progress(event: Event) -> None:
                sent.sent = publisher.sent
                sent.clock = event.send_at.astimezone(clock.VIETNAM).strftime("%H:%M")

            publisher.play(day.events, Pace(now, speed), progress)
            publisher.drain(DRAIN_S)

    start = time.monotonic()
    sent.run(publish)
    begin(began, now)
    stage.set_clock(setting)
    follow(console, sent, look, "ngày bão (storm day)", "m")
    return sent.sent, time.monotonic() - start, began


def watched(commune: Commune) -> tuple[str, str] | None:
    """The river gauge, if the commune has one: its level is shown while the day runs."""
    for station in commune.stations:
        if any(parameter.code == WATCHED for parameter in station.parameters):
            return station.id, WATCHED
    return None
