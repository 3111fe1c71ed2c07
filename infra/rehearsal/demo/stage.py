"""The demo's own copy of the stack: own folder, own ports, own clock, from an empty state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined] # exported at run time, not to mypy
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from connectors.kafka.asking import insist
from connectors.kafka.client import client_settings
from connectors.kafka.topics import TOPICS
from connectors.settings import settings
from infra.rehearsal.demo.stillness import Stillness
from infra.rehearsal.sandbox import Sandbox
from infra.run.stack.voice import StackError

PORTS_AWAY = 100
ANSWER_S = 10.0
PARTS = {topic.name: topic.partitions for topic in TOPICS}
RECEIPT_WAIT_S, CHANNEL_WAIT_S, ANSWER_WAIT_S = 3600.0, 3600.0, 600.0
"""In the demo every message is taken and gets its receipt; on a slow machine late, which is no reason for an SMS more."""
GROUP_INTERVAL_S = 0.0
"""News waits by the wall's clock and the day runs by its own: what is merged would hang on the machine's speed."""


class Stage(Sandbox):
    """Where a play takes place; `clock` and `commune` are handed to every process."""

    def __init__(self, *, own_commune: bool = False) -> None:
        """With `own_commune` the configuration is what the play writes into its folder."""
        commune = {"commune": settings().var / "demo" / "commune"} if own_commune else {}
        super().__init__(
            "demo",
            PORTS_AWAY,
            receipt_wait_s=RECEIPT_WAIT_S,
            channel_wait_s=CHANNEL_WAIT_S,
            answer_wait_s=ANSWER_WAIT_S,
            group_interval_s=GROUP_INTERVAL_S,
            **commune,
        )


def keep_frames(bootstrap: str) -> None:
    """The frames of a simulated day carry yesterday's times: Kafka would forget them as they come."""
    _alter(bootstrap, ["frames"], {"retention.ms": "-1", "segment.ms": str(2**63 - 1)})


def _alter(bootstrap: str, names: list[str], values: dict[str, str]) -> None:
    admin = AdminClient(quiet(bootstrap))
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        for name, value in values.items()
    ]
    changes = [ConfigResource(ResourceType.TOPIC, name, incremental_configs=entries) for name in names]
    # Again where the broker did not answer in time: the same values are set.
    insist(lambda: [done.result() for done in admin.incremental_alter_configs(changes).values()])


def keep_history(bootstrap: str, dsn: str) -> None:
    """Make room for recordings of ten years: nothing is too old to keep, segments and chunks are wide.

    Kafka would delete records of 2015 within minutes and begin a segment for each of their weeks;
    a chunk for each of 4,000 days would exhaust the database's locks.
    """
    _alter(bootstrap, [topic.name for topic in TOPICS], {"retention.ms": "-1", "segment.ms": str(2**63 - 1)})
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("UPDATE phusa.retention SET days = 36500")
        if db.execute("SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'").fetchone():
            db.execute("SELECT set_chunk_time_interval('phusa.observation', INTERVAL '180 days')")
            licence = db.execute("SELECT current_setting('timescaledb.license')").fetchone()
            if licence == ("timescale",):
                # Only this edition has jobs of its own that forget and compress what is old.
                db.execute("SELECT remove_retention_policy('phusa.observation', if_exists => true)")
                db.execute("SELECT remove_compression_policy('phusa.observation', if_exists => true)")


class Topics:
    """How many records stand in a topic, by its offsets."""

    def __init__(
        self, bootstrap: str, alive: Callable[[], None], worked_s: Callable[[], float] = lambda: 0.0
    ) -> None:
        """`alive` raises when there is no broker any more to wait for, `worked_s` are the CPU seconds that the stack has taken."""
        self._alive, self._worked_s = alive, worked_s
        self._consumer = Consumer({**quiet(bootstrap), "group.id": "phusa-demo", "enable.auto.commit": False})

    def count(self, topic: str) -> int:
        """Records ever written to the topic. A late broker is asked again; StackError when it answers nothing although it has time."""
        return sum(self._end(topic, partition) for partition in range(PARTS[topic]))

    def _end(self, topic: str, partition: int) -> int:
        place, stillness = TopicPartition(topic, partition), Stillness(self._worked_s)

        def alive() -> None:
            self._alive()
            if stillness.over(partition):
                raise StackError(
                    f"Kafka chạy mà không trả lời về {topic}", f"Kafka runs and does not answer about {topic}"
                )

        _, end = insist(lambda: self._consumer.get_watermark_offsets(place, timeout=ANSWER_S), alive)
        return end

    def close(self) -> None:
        """Leave."""
        self._consumer.close()


def quiet(bootstrap: str) -> dict[str, Any]:
    """A client that only looks: that its broker is gone is said by who waits for it, not by a line of librdkafka every 100 ms."""
    return {**client_settings(bootstrap), "log_level": 0}
