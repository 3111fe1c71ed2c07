"""Made records into a topic, as fast as the broker takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.kafka.sink import KafkaSinkSettings, producer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Made = tuple[bytes, bytes, int, int]
"""Payload, key, record time (ms), partition."""


def pour(
    bootstrap: str, topic: str, records: Iterable[Made], config: Mapping[str, str] | None = None
) -> None:
    """Write them all and wait until they are acknowledged."""
    out = producer(KafkaSinkSettings(bootstrap, topic, linger_ms=50, config=dict(config or {})))
    for payload, key, stamp, partition in records:
        while True:
            try:
                out.produce(topic, payload, key, partition, timestamp=stamp)
            except BufferError:
                out.poll(0.1)
            else:
                break
    out.flush(60)
