"""The demo's own copy of the stack: own folder, own ports, own clock, from an empty state."""

from __future__ import annotations

import os
import shutil

import psycopg
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined] # exported at run time, not to mypy
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from connectors import commune as files
from connectors.kafka.topics import TOPICS
from connectors.settings import Settings, settings
from infra import stack
from infra.gateway import credentials

PORTS_AWAY = 100
"""Far enough from the copy that may be running for real."""
RECEIPT_WAIT_S = 8.0
"""The demo is short: a message without receipt goes by SMS after eight seconds, not after a minute."""
OUTSIDE = ("PHUSA_KAFKA", "PHUSA_DATABASE", "PHUSA_MQTT")
"""Servers that already run hold other people's data: the demo, which begins empty, never uses them."""
STILL = "stream"
"""A clock without time: the stack stands and waits, and nobody judges silence."""


class Stage:
    """Where a play takes place; `clock` and `commune` are handed to every process."""

    def __init__(self, *, own_commune: bool = False) -> None:
        """With `own_commune` the configuration is what the play writes into its folder."""
        for name in OUTSIDE:
            os.environ.pop(name, None)
        base = settings()
        self.settings: Settings = base.model_copy(
            update={
                "var": base.var / "demo",
                "secrets": None,
                "port_base": base.port_base + PORTS_AWAY,
                "commune": base.var / "demo" / "commune" if own_commune else base.commune,
                "receipt_wait_s": RECEIPT_WAIT_S,
                "clock": STILL,
                "kafka": None,
                "database": None,
                "mqtt": None,
            }
        )
        # This process reads the same settings as the stack's, whoever asks for them.
        os.environ.update(self.environment)
        settings.cache_clear()

    @property
    def environment(self) -> dict[str, str]:
        """What the processes of this copy need to find each other."""
        own = self.settings
        return {
            "PHUSA_VAR": str(own.var),
            "PHUSA_PORT_BASE": str(own.port_base),
            "PHUSA_COMMUNE": str(own.commune),
            "PHUSA_RECEIPT_WAIT_S": str(own.receipt_wait_s),
            "PHUSA_CLOCK": own.clock,
        }

    def empty(self) -> None:
        """End what an earlier demo left running, and forget its state (not the downloads, which are shared)."""
        if self.settings.var.exists():
            stack.down(self.settings)
            shutil.rmtree(self.settings.var)
        self.settings.var.mkdir(parents=True)

    def up(self) -> None:
        """Start everything on a still clock, with secrets that only this demo knows."""
        credentials.provision(self.settings, files.load(self.settings.commune))
        stack.up(self.settings, self.environment)

    def set_clock(self, clock: str) -> None:
        """Start the processes again on another clock; the servers run on."""
        self.settings = self.settings.model_copy(update={"clock": clock})
        os.environ["PHUSA_CLOCK"] = clock
        settings.cache_clear()
        stack.up(self.settings, self.environment)

    def down(self) -> None:
        """Stop everything; data and report stay in the folder."""
        stack.down(self.settings)

    def stop_command(self) -> str:
        """What a person types to stop this copy."""
        return f"PHUSA_VAR={self.settings.var} PHUSA_PORT_BASE={self.settings.port_base} phusa down"


def keep_history(bootstrap: str, dsn: str) -> None:
    """Make room for recordings of ten years: nothing is too old to keep, segments and chunks are wide.

    Kafka would delete records of 2015 within minutes and begin a segment for each of their weeks;
    a chunk for each of 4,000 days would exhaust the database's locks.
    """
    admin = AdminClient({"bootstrap.servers": bootstrap})
    changes = []
    for topic in TOPICS:
        entries = [
            ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
            for name, value in (("retention.ms", "-1"), ("segment.ms", str(2**63 - 1)))
        ]
        changes.append(ConfigResource(ResourceType.TOPIC, topic.name, incremental_configs=entries))
    for done in admin.incremental_alter_configs(changes).values():
        done.result(timeout=15)
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

    def __init__(self, bootstrap: str) -> None:
        self._consumer = Consumer(
            {"bootstrap.servers": bootstrap, "group.id": "phusa-demo", "enable.auto.commit": False}
        )

    def count(self, topic: str) -> int:
        """Records ever written to the topic."""
        partitions = self._consumer.list_topics(topic, timeout=10).topics[topic].partitions
        return sum(
            self._consumer.get_watermark_offsets(TopicPartition(topic, one), timeout=10)[1]
            for one in partitions
        )

    def close(self) -> None:
        """Leave."""
        self._consumer.close()
