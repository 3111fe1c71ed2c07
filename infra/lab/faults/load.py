"""The load of the fault test: rivers, ponds and dust that cross their limits again and again, and stay high at the end."""

from __future__ import annotations

import math
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from infra.rehearsal.simulator.station import Publisher
from models.envelope.reading import Reading

if TYPE_CHECKING:
    from connectors.clock import Now
    from models.commune.configuration import Commune, Parameter

PERIOD_S = 100 * 60
"""A wave through all levels takes 100 simulated minutes: what rises and falls faster than that is doubted, and no wave but the first is told."""
SWING = {"river_level": (1.0, 4.9), "dissolved_oxygen": (1.2, 7.0), "pm25": (20.0, 180.0)}


class Load:
    """Publishes each sensor of the commune in turn at `rate` readings a second until stopped."""

    def __init__(self, commune: Commune, publisher: Publisher, now: Now, rate: float) -> None:
        self._sensors = [
            (station.id, parameter) for station in commune.stations for parameter in station.parameters
        ]
        self._publisher, self._now, self._pause_s = publisher, now, 1 / rate
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)
        self._held_from: datetime | None = None
        self.sent: list[tuple[str, bytes, int]] = []
        """Station, payload and arrival time (ms) of everything published, in order."""

    def start(self) -> None:
        """Begin to publish."""
        self._thread.start()

    def hold(self) -> datetime:
        """Fall once more, rise, and stay high; the moment of the load's clock from which on it does: what rises then is not over before it is answered."""
        bottom = math.ceil(self._now().timestamp() / PERIOD_S) * PERIOD_S
        self._held_from = datetime.fromtimestamp(bottom + PERIOD_S / 2, UTC)
        return self._held_from

    def stop(self) -> None:
        """Stop publishing and wait for the last acknowledgement."""
        self._stop.set()
        self._thread.join()
        self._publisher.drain(120)

    def _run(self) -> None:
        turn = 0
        while not self._stop.wait(self._pause_s):
            station, parameter = self._sensors[turn % len(self._sensors)]
            now = self._now()
            payload = msgspec.json.encode(_reading(station, parameter, now, self._wave(now), turn))
            self.sent.append((station, payload, round(now.timestamp() * 1000)))
            self._publisher.publish(station, payload)
            turn += 1

    def _wave(self, now: datetime) -> float:
        """From 0 to 1 and back; 1 for good from where it is held."""
        at = now if self._held_from is None else min(now, self._held_from)
        return 0.5 - 0.5 * math.cos(2 * math.pi * at.timestamp() / PERIOD_S)


def _reading(station: str, parameter: Parameter, now: datetime, wave: float, seq: int) -> Reading:
    low, high = SWING.get(parameter.code, (max(parameter.low, 1.0), min(parameter.high, 20.0)))
    value = round(low + (high - low) * wave, 3)
    # Milliseconds, as our stations send them: the event time is the key of a reading.
    at = datetime.fromtimestamp(round(now.timestamp() * 1000) / 1000, UTC)
    return Reading(1, station, seq, at, parameter.code, value, parameter.unit)
