"""Publish recordings into Kafka with the file's own time as record time.

Delivery: at least once, idempotent producer (acks=all); the count is of delivered records, and a
failed delivery raises. All files are merged in the order of time, as if they had been live at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from confluent_kafka import KafkaError, Message, Producer

from connectors.kafka.client import client_settings
from infra.rehearsal.recordings.catalogue import Recording
from infra.rehearsal.recordings.frame import finish
from infra.rehearsal.recordings.generic import SCHEMA
from infra.rehearsal.recordings.notes import FileError, Note

Record = tuple[bytes, int, bytes]
"""Key (station), record time in ms, payload."""
TOPIC = "readings"
FLUSH_S = 120.0


class ReplayError(RuntimeError):
    """Kafka did not take a record."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A recording in memory: what its file has, and the frame that will be sent."""

    recording: Recording
    lines: int
    gaps: int
    frame: pl.DataFrame
    lost: int = 0
    """Values that could not be read; `notes` name them."""
    notes: list[Note] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """The stations' names in the file, by id."""
    floods: bool = False
    """Does the file hold only the floods of its stations, and nothing between them?"""

    @property
    def broken(self) -> bool:
        """Was nothing of the file read?"""
        return self.frame.is_empty()

    @property
    def readings(self) -> int:
        """How many readings will be sent."""
        return self.frame.height

    @property
    def stations(self) -> list[str]:
        """The file's stations."""
        return sorted(self.frame["station"].unique().to_list())

    @property
    def span(self) -> tuple[datetime, datetime]:
        """First and last event time (UTC); of a file without readings the last and the first that there are, which bound nothing."""
        if self.broken:
            return datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
        at = pl.from_epoch(self.frame["ms"], time_unit="ms").dt.replace_time_zone("UTC")
        return at[0], at[-1]


def load(recording: Recording, data: Path) -> Loaded:
    """Read one recording; raises FileError where nothing of it is a reading."""
    rows = recording.read(data / recording.path)
    if recording.stranger:
        recording = replace(recording, picture=_main(rows.frame, recording.path))
    return Loaded(
        recording, rows.lines, rows.gaps, rows.frame, rows.lost, rows.notes, rows.names, rows.floods
    )


def unread(recording: Recording, error: FileError) -> Loaded:
    """A recording of which nothing was read, so that it is counted and named to the end."""
    empty = finish(pl.DataFrame(schema=SCHEMA))
    return Loaded(recording, 0, 0, empty, 0, error.notes)


MAIN = (
    "river_level",
    "street_depth",
    "dissolved_oxygen",
    "pm25",
    "water_pixels",
    "rain",
    "water_temperature",
    "ph",
    "turbidity",
    "pm10",
)
"""What is drawn first of a file that has it."""


def _main(frame: pl.DataFrame, path: str) -> str:
    found = frame["parameter"].unique().to_list()
    order = MAIN if not path.startswith("water/") else MAIN[2:] + MAIN[:2]
    return next((one for one in order if one in found), min(found))


def records(frame: pl.DataFrame) -> Iterator[Record]:
    """The frame's readings as Kafka records, in its order."""
    for part in frame.iter_slices(20_000):
        columns = (
            part["station"].to_list(),
            part["ms"].to_list(),
            part["payload"].to_list(),
        )
        for station, ms, payload in zip(*columns, strict=True):
            yield station.encode(), ms, payload.encode()


def merged(loaded: list[Loaded]) -> Iterator[Record]:
    """All files together, in the order of time."""
    together = pl.concat([one.frame.select("station", "ms", "payload") for one in loaded])
    return records(together.sort("ms", maintain_order=True))


def publish(
    bootstrap: str,
    readings: Iterator[Record],
    progress: Callable[[int], None] | None = None,
) -> int:
    """Send the records and return how many Kafka has; `progress` gets the count now and then."""
    failed: list[KafkaError] = []
    delivered = 0

    def answer(error: KafkaError | None, _: Message) -> None:
        nonlocal delivered
        delivered += error is None
        if error is not None:
            failed.append(error)

    producer = Producer(
        {
            **client_settings(bootstrap),
            "acks": "all",
            "enable.idempotence": True,
            "compression.type": "lz4",
            "linger.ms": 20,
            "queue.buffering.max.messages": 200_000,
            # The same partition as the bridge's: state is kept by partition.
            "partitioner": "consistent",
        }
    )
    for i, (key, ms, payload) in enumerate(readings):
        while True:
            try:
                producer.produce(TOPIC, payload, key, timestamp=ms, on_delivery=answer)
                break
            except BufferError:
                producer.poll(0.1)
        if i % 5_000 == 0:
            producer.poll(0)
            if progress is not None:
                progress(delivered)
        if failed:
            break
    left = producer.flush(FLUSH_S)
    if failed or left:
        msg = f"{TOPIC}: {len(failed)} records refused, {left} without answer; first: {failed[0] if failed else '-'}"
        raise ReplayError(msg)
    return delivered
