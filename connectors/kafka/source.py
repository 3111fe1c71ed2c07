"""Our Kafka source: one consumer for many partitions, batches of raw bytes, offsets as state.

The stock source costs 25 times as much with idle partitions, skips what retention took without a word, and polls with one
consumer a partition; so this one is ours. Delivery: at least once from the last snapshot; the offsets are Bytewax state.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import structlog
from bytewax.inputs import AbortExecution, FixedPartitionedSource, StatefulSourcePartition
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from connectors import readiness
from connectors.clock import Played, system
from connectors.kafka import lag
from connectors.kafka.asking import insist, passes, stopping
from connectors.kafka.client import client_settings
from models.envelope.batch import RawBatch
from models.envelope.ownership import WHOLE, Ownership

if TYPE_CHECKING:
    from connectors.clock import Now

log = structlog.get_logger(__name__)

IDLE_WAIT = timedelta(milliseconds=5)
"""Pause after an empty poll: 1 ms (Bytewax's own) burns 4-8 % of a core while nothing comes."""
TICK_S = 1.0
PLAYED_TICK_S = 0.05
"""A play waits for each of its steps to be stored: nothing may lie gathered for long."""
SNAPSHOTS_BEFORE_EXIT = 2
"""The first snapshot after SIGTERM may have begun before it; the second holds everything."""
_STAMP = itemgetter(1)
"""Of (kind, milliseconds)."""

Offsets = dict[int, int]
Item = tuple[str, RawBatch]


@dataclass(frozen=True)
class KafkaSourceSettings:
    """How to read a topic; `start` serves only a flow that has no snapshot yet.

    `start`: "earliest", or "latest" (resolved to a number at once, so that what arrives while
    the flow is down is not skipped). `clock` None: no ticks, time comes from records alone.
    `max_lag`: a partition with more records waiting goes on near its end (frames: old ones are worth no
    look); what is skipped shows as a gap between offsets. `bounded`: end at what the topic held at the start (a replay, a benchmark).
    `owner`: only its partitions are read.
    `tick_s`: seconds of the wall clock between two ticks, of any clock but a play's.
    """

    bootstrap: str
    topic: str
    group: str
    start: str = "earliest"
    batch: int = 2000
    clock: Now | None = None
    bounded: bool = False
    max_lag: int | None = None
    owner: Ownership = WHOLE
    tick_s: float = TICK_S
    config: dict[str, Any] = field(default_factory=dict)


class KafkaSource(FixedPartitionedSource[Item, Offsets]):
    """Emits (partition, RawBatch); the partition as text is the key of the next step."""

    def __init__(self, settings: KafkaSourceSettings) -> None:
        self._settings = settings

    def list_parts(self) -> list[str]:
        """One part: one consumer reads all partitions of the owner."""
        return [self._settings.topic]

    def build_part(self, step_id: str, for_part: str, resume_state: Offsets | None) -> _Part:
        """Resume at the snapshot's offsets, else where the settings say."""
        return _Part(self._settings, resume_state or {})


class _Part(StatefulSourcePartition[Item, Offsets]):
    def __init__(self, settings: KafkaSourceSettings, resume: Offsets) -> None:
        self._settings = settings
        self._consumer = Consumer(_config(settings))
        self._next, self._end = _starting_offsets(self._consumer, settings, resume)
        self._assign()
        self._wait = timedelta(0)
        self._tick_due = self._lag_due = system()
        self._snapshots_left: int | None = None
        self._played = settings.clock if isinstance(settings.clock, Played) else None
        self._reached = (datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(0, UTC))
        # Bytewax dies at once on SIGTERM, without a snapshot; so we drain and snapshot first.
        signal.signal(signal.SIGTERM, self._stop)
        readiness.tell(readiness.PARTITIONS)

    def _stop(self, _signal: int, _frame: object) -> None:
        self._snapshots_left = SNAPSHOTS_BEFORE_EXIT
        stopping.set()

    def _assign(self) -> None:
        topic = self._settings.topic
        self._consumer.assign([TopicPartition(topic, one, offset) for one, offset in self._next.items()])

    def next_batch(self) -> list[Item]:
        if self._snapshots_left is not None:
            if self._snapshots_left <= 0:
                raise AbortExecution
            self._wait = IDLE_WAIT
            return []
        if self._settings.bounded and all(self._next[one] >= end for one, end in self._end.items()):
            raise StopIteration
        if self._settings.max_lag is not None:
            self._skip_backlog(self._settings.max_lag)
        before = self._next if self._played is None else dict(self._next)
        messages = self._consumer.consume(self._settings.batch, 0)
        self._wait = timedelta(0) if messages else IDLE_WAIT
        batches = self._by_partition(messages) if messages else []
        if self._played is not None:
            return [*self._told_ticks(self._played, before, idle=not messages), *batches]
        return batches if messages or self._settings.clock is None else self._ticks()

    def _by_partition(self, messages: list[Message]) -> list[Item]:
        # Mapped, not called in a Python loop: these lines run for every record.
        errors = (
            [message for message in messages if message.error() is not None]
            if any(map(Message.error, messages))
            else []
        )
        for error in errors:
            self._on_error(error)
        groups: dict[int, list[Message]] = {}
        good = [message for message in messages if message.error() is None] if errors else messages
        for partition, run in groupby(good, Message.partition):
            groups.setdefault(partition or 0, []).extend(run)
        return [(str(partition), self._batch(partition, group)) for partition, group in groups.items()]

    def _batch(self, partition: int, group: list[Message]) -> RawBatch:
        offsets: list[int] = list(map(Message.offset, group))  # type: ignore[arg-type]  # an error has none
        values: list[bytes | None] = list(map(Message.value, group))
        self._next[partition] = offsets[-1] + 1
        return RawBatch(
            self._settings.topic,
            partition,
            offsets,
            [value or b"" for value in values] if None in values else values,  # type: ignore[arg-type]
            list(map(Message.key, group)),
            list(map(_STAMP, map(Message.timestamp, group))),
            self._next[partition],
        )

    def _ticks(self) -> list[Item]:
        """Once a second, tell the time to each partition that has nothing waiting in Kafka."""
        now = system()
        if self._settings.clock is None or now < self._tick_due:
            return []
        self._tick_due = now + timedelta(seconds=self._settings.tick_s)
        tick_ms = round(self._settings.clock().timestamp() * 1000)
        return [
            (str(partition), RawBatch(self._settings.topic, partition, [], [], [], [], offset, tick_ms))
            for partition, offset in self._next.items()
            if self._caught_up(partition, offset)
        ]

    def _told_ticks(self, played: Played, before: Offsets, *, idle: bool) -> list[Item]:
        """A play's time, to every partition and before the records that were consumed with it.

        What was sent by then has been judged, what is sent after it comes later: so the same records lie on the
        same side of each tick, however fast the machine is. While idle the tick is repeated, which judges nothing
        again and lets the store's end write what it has gathered.
        """
        (told, complete), now = played.reached, system()
        if (told, complete) == self._reached and not (idle and now >= self._tick_due):
            return []
        self._reached, self._tick_due = (told, complete), now + timedelta(seconds=PLAYED_TICK_S)
        tick_ms, complete_ms = round(told.timestamp() * 1000), round(complete.timestamp() * 1000)
        return [
            (str(part), RawBatch(self._settings.topic, part, [], [], [], [], offset, tick_ms, complete_ms))
            for part, offset in before.items()
        ]

    def _skip_backlog(self, max_lag: int) -> None:
        """Partitions that lag too far go on at a quarter of `max_lag` before their end; looked at once a second."""
        now = system()
        if now < self._lag_due:
            return
        self._lag_due = now + timedelta(seconds=TICK_S)
        skipped = {}
        for partition, offset in self._next.items():
            one = TopicPartition(self._settings.topic, partition)
            _, high = self._consumer.get_watermark_offsets(one, cached=True) or (0, 0)
            if high - offset > max_lag:
                skipped[partition] = high - max_lag // 4 - offset
                self._next[partition] = high - max_lag // 4
        if skipped:
            log.warning("backlog_skipped", topic=self._settings.topic, records=skipped)
            self._assign()

    def _caught_up(self, partition: int, offset: int) -> bool:
        """True once a fetch has shown that nothing lies beyond `offset`; a backlog is not silence."""
        watermarks = self._consumer.get_watermark_offsets(
            TopicPartition(self._settings.topic, partition), cached=True
        )
        return watermarks is not None and 0 <= watermarks[1] <= offset

    def _on_error(self, message: Message) -> None:
        error = message.error()
        if error is None or error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 (public in all but name)
            return
        if error.code() == KafkaError._AUTO_OFFSET_RESET:  # noqa: SLF001 (same)
            self._skip_to_retained(message.partition())
        elif passes(error) or error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
            # The topic was there at the start: a broker that comes back says so of what it has not loaded yet.
            log.warning("kafka_retries", topic=self._settings.topic, error=error.str())
        else:
            msg = f"{self._settings.topic}[{message.partition()}]: {error.str()}"
            raise KafkaException(error) from RuntimeError(msg)

    def _skip_to_retained(self, partition: int | None) -> None:
        """Retention took what we had not read: go on at the oldest record left, and say how much is lost."""
        for one in self._next if partition is None or partition < 0 else (partition,):
            place = TopicPartition(self._settings.topic, one)
            low, high = insist(lambda place=place: self._consumer.get_watermark_offsets(place, timeout=10))  # type: ignore[misc]
            if self._next[one] < low:
                log.error(
                    "records_lost_to_retention",
                    topic=self._settings.topic,
                    partition=one,
                    lost=low - self._next[one],
                )
                self._next[one] = low
            elif self._next[one] > high:
                self._next[one] = _end(self._settings.topic, one, self._next[one], high)
        self._assign()

    def next_awake(self) -> datetime | None:
        return system() + self._wait if self._wait else None

    def snapshot(self) -> Offsets:
        if self._snapshots_left is not None:
            self._snapshots_left -= 1
        self._publish_lag()
        return dict(self._next)

    def _publish_lag(self) -> None:
        """Commit to a named group, for lag in Kafka's own tools; the flow itself never reads it."""
        offsets = [TopicPartition(self._settings.topic, one, offset) for one, offset in self._next.items()]
        try:
            self._consumer.commit(offsets=offsets, asynchronous=True)
        except KafkaException as error:
            log.warning("lag_not_published", group=self._settings.group, error=str(error))

    def close(self) -> None:
        self._consumer.close()


def _config(settings: KafkaSourceSettings) -> dict[str, Any]:
    return {
        **client_settings(settings.bootstrap),
        "group.id": settings.group,
        "enable.auto.commit": False,
        # Never jump silently: an expired offset comes to us as an error, see _skip_to_retained.
        "auto.offset.reset": "error",
        # The default 1000 ms stops fetching for a second whenever the local queue is full: 5 times slower.
        "fetch.queue.backoff.ms": 10,
        "fetch.wait.max.ms": 20,
        "queued.max.messages.kbytes": 16384,
        "enable.partition.eof": False,
        **settings.config,
    }


def _starting_offsets(
    consumer: Consumer, settings: KafkaSourceSettings, resume: Offsets
) -> tuple[Offsets, Offsets]:
    """A number for every partition of the owner: the snapshot's, else the start policy resolved now; and today's ends."""
    partitions = insist(lambda: lag.partitions(consumer, settings.topic))
    offsets: Offsets = {}
    ends: Offsets = {}
    for partition in filter(settings.owner.owns, partitions):
        place = TopicPartition(settings.topic, partition)
        low, high = insist(lambda place=place: consumer.get_watermark_offsets(place, timeout=15))  # type: ignore[misc]
        wanted = resume.get(partition, low if settings.start == "earliest" else high)
        offsets[partition] = wanted if wanted <= high else _end(settings.topic, partition, wanted, high)
        ends[partition] = high
    if not offsets:
        msg = f"{settings.topic}: {len(partitions)} phần, không phần nào của {settings.owner} (no partition is owned)"
        raise ValueError(msg)
    return offsets, ends


def _end(topic: str, partition: int, wanted: int, high: int) -> int:
    """Kafka has less than we read: it was restored or lost its newest records. Go on at its end, and say so."""
    log.error("topic_ends_before_our_place", topic=topic, partition=partition, place=wanted, end=high)
    return high
