"""Does Kafka take records? Asked of the broker itself, as often as it takes."""

from __future__ import annotations

import msgspec
from confluent_kafka import KafkaException, Producer

from connectors.kafka.client import client_settings
from connectors.kafka.lag import ends
from connectors.kafka.topics import TOPICS

ASK_MS = 100
LOOK_S = 0.2


class WriteProbe:
    """A producer of its own that asks to write as ours do: idempotent. `close` when it has been answered."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap, self._assigned = bootstrap, False
        self._producer = Producer(
            {
                **client_settings(bootstrap),
                "enable.idempotence": True,
                "statistics.interval.ms": ASK_MS,
                "stats_cb": self._told,
                "log_level": 0,
            }
        )

    def answers(self) -> bool:
        """Whether the broker has given us a producer's number, and leads every partition of every topic."""
        self._producer.poll(LOOK_S)
        if not self._assigned:
            return False
        try:
            found = ends(self._bootstrap, [topic.name for topic in TOPICS])
        except KafkaException:
            return False
        return all(len(found[topic.name]) == topic.partitions for topic in TOPICS)

    def _told(self, statistics: str) -> None:
        state = msgspec.json.decode(statistics).get("eos", {}).get("idemp_state")
        self._assigned = self._assigned or state == "Assigned"

    def close(self) -> None:
        """Nothing was ever produced."""
        self._producer.flush(0)
