"""What of a message of MQTT goes onto which topic of Kafka: readings byte for byte, uplinks as readings, the rest onto `rejected`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import structlog

from connectors.kafka.sink import ANY_PARTITION
from models.envelope.partition import partition_of
from models.envelope.rejected import CUT_BYTES, for_topic
from models.lorawan import read as uplinks
from models.telemetry import station_topic

if TYPE_CHECKING:
    from datetime import datetime

    from models.envelope.rejected import Rejected
    from models.lorawan.read import Senders

log = structlog.get_logger(__name__)


class Outgoing(NamedTuple):
    """A record to be written; `stamp_ms` is when its message reached us."""

    topic: str
    key: str
    value: bytes
    partition: int
    stamp_ms: int

    def cut(self) -> Outgoing:
        """The beginning of a message that no record of Kafka holds: the flow refuses it by name and keeps this much."""
        log.error("message_cut", topic=self.topic, key=self.key, bytes=len(self.value), kept=CUT_BYTES)
        return self._replace(value=self.value[:CUT_BYTES])


class Ways(NamedTuple):
    """Names of the Kafka topics, and the LoRaWAN devices of the commune."""

    readings: str
    rejected: str
    senders: Senders


def records(ways: Ways, topic: str, payload: bytes, arrived: datetime) -> list[Outgoing]:
    """All records of a message that came on `topic` at `arrived`; none: an uplink without payload."""
    stamp_ms = round(arrived.timestamp() * 1000)
    station = station_topic.station_of(topic)
    if station is not None:
        why = station_topic.forged(payload)
        if why is None:
            return [Outgoing(ways.readings, station, payload, partition_of(station), stamp_ms)]
    elif topic.startswith(station_topic.ROOT):
        why = station_topic.unknown_topic(topic)
    else:
        return _uplink(ways, topic.split("/")[3], payload, arrived, stamp_ms)
    log.warning("message_refused", topic=topic, reason=why.reason.value)
    return [_refused(ways, station or "", station_topic.rejected(topic, payload, why, arrived), stamp_ms)]


def _uplink(ways: Ways, device: str, payload: bytes, arrived: datetime, stamp_ms: int) -> list[Outgoing]:
    taken = uplinks.read(device, payload, ways.senders, arrived)
    refused = uplinks.rejected(device, payload, taken, ways.senders, arrived)
    for one in refused:
        log.warning("uplink_refused", device=device, reason=one.reason.value)
    if taken.wrong_time is not None:
        log.warning("gateway_clock_wrong", device=device, said=taken.wrong_time.isoformat())
    return [
        *(
            Outgoing(
                ways.readings,
                reading.source,
                msgspec.json.encode(reading),
                partition_of(reading.source),
                stamp_ms,
            )
            for reading in taken.readings
        ),
        *(_refused(ways, device, one, stamp_ms) for one in refused),
    ]


def _refused(ways: Ways, key: str, rejected: Rejected, stamp_ms: int) -> Outgoing:
    return Outgoing(ways.rejected, key, msgspec.json.encode(for_topic(rejected)), ANY_PARTITION, stamp_ms)
