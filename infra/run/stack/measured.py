"""The platform measured from outside the store: programs and restarts, disk, records that wait."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import structlog
from confluent_kafka import KafkaException

from connectors.kafka.lag import ends
from connectors.timescale.measures import Measure, places
from infra.run.stack.place import place
from infra.run.stack.supervisor import Supervisor

if TYPE_CHECKING:
    from connectors.settings import Settings
    from connectors.timescale.connection import Store

log = structlog.get_logger(__name__)
GB = 1e9


def measured(own: Settings, store: Store) -> list[Measure]:
    """All of it now; what cannot be asked (no supervisor, Kafka away) has no row, and the screens say so."""
    return [*_programs(own), *_disk(own), *_lag(own, store)]


def _programs(own: Settings) -> list[Measure]:
    found = []
    for name, (running, started) in Supervisor(place(own)).lives().items():
        found.append(Measure("running", name, float(running), "bool"))
        if started:
            found.append(Measure("started", name, float(started), "s"))
    return found


def _disk(own: Settings) -> list[Measure]:
    usage = shutil.disk_usage(own.var)
    return [
        Measure("disk_free", "var", usage.free / GB, "GB"),
        Measure("disk_total", "var", usage.total / GB, "GB"),
    ]


def _lag(own: Settings, store: Store) -> list[Measure]:
    standing = places(store)
    try:
        last = ends(own.bootstrap, sorted({place.topic for place in standing}))
    except KafkaException as error:
        log.warning("kafka_not_asked", error=error.args[0].str())
        return []
    return [
        Measure(
            "lag",
            f"{place.flow} {place.topic}",
            float(
                sum(max(0, end - place.next_offsets.get(part, 0)) for part, end in last[place.topic].items())
            ),
            "records",
        )
        for place in standing
    ]
