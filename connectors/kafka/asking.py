"""Questions to a broker that may just have come back: it loads, and says so, or says nothing yet."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

import structlog
from confluent_kafka import KafkaError, KafkaException

if TYPE_CHECKING:
    from collections.abc import Callable

    from confluent_kafka import Consumer

log = structlog.get_logger(__name__)

X = TypeVar("X")
PAUSE_S = 0.2
SAY_S = 10.0
stopping = threading.Event()
"""This flow was told to end: its sinks wait for no broker longer than SAY_S any more."""
NEVER = frozenset({KafkaError.GROUP_AUTHORIZATION_FAILED, KafkaError.TOPIC_AUTHORIZATION_FAILED})
"""What no later commit is allowed either."""
NOT_YET = frozenset(
    {
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.REQUEST_TIMED_OUT,
        KafkaError.REPLICA_NOT_AVAILABLE,
        KafkaError.BROKER_NOT_AVAILABLE,
        KafkaError.KAFKA_STORAGE_ERROR,
        # An error inside the broker: under load it answers so, and then as ever.
        KafkaError.UNKNOWN,
        KafkaError.NETWORK_EXCEPTION,
        KafkaError.OFFSET_NOT_AVAILABLE,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.NOT_COORDINATOR,
        KafkaError._RESOLVE,  # noqa: SLF001
        KafkaError._MAX_POLL_EXCEEDED,  # noqa: SLF001 (a stalled machine; the next poll goes on)
        KafkaError.FENCED_LEADER_EPOCH,
        KafkaError.UNKNOWN_LEADER_EPOCH,
        KafkaError._TRANSPORT,  # noqa: SLF001 (public in all but name, as those below)
        KafkaError._TIMED_OUT,  # noqa: SLF001
        KafkaError._TIMED_OUT_QUEUE,  # noqa: SLF001
        KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001
        # A partition without a leader, as a broker is after a kill or a stall of 9 s (it is fenced): of watermarks, of `list_offsets`.
        KafkaError._UNKNOWN_PARTITION,  # noqa: SLF001
        KafkaError._NOENT,  # noqa: SLF001
    }
)
"""What a broker answers that is not there yet, or has not loaded all of its partitions."""


def passes(error: KafkaError) -> bool:
    """Whether the same question may be answered later. (`retriable` alone says no of every error that comes with a message.)"""
    return not error.fatal() and (error.retriable() or error.code() in NOT_YET)


def insist(question: Callable[[], X], alive: Callable[[], None] = lambda: None) -> X:
    """The answer, however long the broker loads. Raises what does not pass by itself, and what `alive` raises."""
    said = time.monotonic()
    while True:
        try:
            return question()
        except KafkaException as error:
            if not passes(error.args[0]):
                raise
            alive()
            if time.monotonic() - said >= SAY_S:
                said = time.monotonic()
                log.warning("kafka_is_waited_for", reason=error.args[0].str())
            time.sleep(PAUSE_S)


def commit(consumer: Consumer) -> None:
    """Keep the group's place. One that is not kept, while the broker comes back, is kept by the next batch: so what is read must be harmless twice."""
    try:
        consumer.commit(asynchronous=False)
    except KafkaException as error:
        if error.args[0].fatal() or error.args[0].code() in NEVER:
            raise
        log.warning("place_not_committed", error=error.args[0].str())
