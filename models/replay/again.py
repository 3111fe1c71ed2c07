"""What a refused message is when it is read again, after a fix or because somebody wants it kept: by the reader that refused it.

Where its reader cannot take it again it is skipped by name: nothing is sent anywhere that no reader waits for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from models.envelope.bilingual import Bilingual
from models.envelope.refusal import Refusal, unreadable
from models.envelope.rejected import WORDS, Reason
from models.lorawan import read as lorawan
from models.person import form
from models.stationfile import read as stationfile
from models.telemetry import station_topic
from models.telemetry.check import decode

if TYPE_CHECKING:
    from datetime import datetime

    from models.envelope.reading import Reading
    from models.envelope.rejected import Rejected
    from models.lorawan.read import Senders
    from models.stationfile.station import Stations

READINGS = "readings"
SKIPPED = {
    form.ORIGIN: Bilingual("phiếu: người đo đã được hỏi lại ngay", "a form: the person was asked at once"),
    station_topic.ORIGIN: Bilingual("chủ đề MQTT mà không ai đọc", "an MQTT topic that nobody reads"),
    "http:": Bilingual("lời gọi HTTP: bên gọi tự gửi lại", "an HTTP call: the caller sends it again"),
}
"""Origins that are not read again, and why."""
UNKNOWN = Bilingual("nguồn lạ, không bộ đọc nào nhận", "an unknown origin, no reader takes it")


@dataclass(frozen=True, slots=True)
class Kept:
    """A refused message as it is kept: (topic, partition, offset) its place, `at` when it was refused."""

    topic: str
    partition: int
    offset: int
    at: datetime
    payload: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """Who sends what, by the commune's configuration of now; `topics` of Kafka that take bytes as they first came."""

    stations: Stations
    senders: Senders
    topics: frozenset[str]


class Again(NamedTuple):
    """`readings` to be sent, each marked as asked for; or `bytes_as_they_were`; or why neither.

    `refused`: what is newly refused of a message that was refused as a whole before.
    """

    readings: tuple[Reading, ...] = ()
    refused: tuple[Rejected, ...] = ()
    bytes_as_they_were: bool = False
    still: Bilingual | None = None
    skipped: Bilingual | None = None


def again(kept: Kept, known: Known) -> Again:
    """Read one refused message again. Never raises."""
    if kept.topic == READINGS:
        return _reading(kept.payload)
    if kept.topic.startswith(lorawan.ORIGIN):
        return _uplink(kept, known.senders)
    if kept.topic.startswith(stationfile.ORIGIN):
        return _file(kept, known.stations)
    if kept.topic in known.topics:
        return Again(bytes_as_they_were=True)
    origin = next((why for begin, why in SKIPPED.items() if kept.topic.startswith(begin)), UNKNOWN)
    return Again(skipped=origin)


def _reading(payload: bytes) -> Again:
    try:
        return Again(_asked([decode(payload)]))
    except msgspec.MsgspecError as error:
        return _still(unreadable(payload, error))
    except (UnicodeDecodeError, RecursionError) as error:
        return _still(unreadable(payload, msgspec.DecodeError(str(error))))


def _uplink(kept: Kept, senders: Senders) -> Again:
    """Of a field that was refused, that field alone: the others were read when it came."""
    device = kept.topic.removeprefix(lorawan.ORIGIN)
    taken = lorawan.read(device, kept.payload, senders, kept.at)
    why = dict(taken.refused)
    if 0 in why or kept.partition in why:
        return _still(why.get(0) or why[kept.partition])
    if kept.partition == 0:
        return Again(
            _asked(taken.readings), tuple(lorawan.rejected(device, kept.payload, taken, senders, kept.at))
        )
    fields = senders[device].fields[kept.partition - 1 : kept.partition]
    readings = [
        reading for reading in taken.readings if reading.parameter in {each.parameter for each in fields}
    ]
    return Again(_asked(readings)) if readings else _nothing()


def _file(kept: Kept, stations: Stations) -> Again:
    """A line (offset from 1), or a file that was refused as a whole (0)."""
    name = kept.topic.removeprefix(stationfile.ORIGIN).rpartition("@")[0]
    found = stationfile.read(name, kept.payload, stations)
    if found.station is None or (found.refused and kept.offset):
        return _still(found.refused[0].why)
    return Again(_asked(found.readings), tuple(stationfile.rejected(name, kept.payload, found, kept.at)))


def _asked(readings: list[Reading] | tuple[Reading, ...]) -> tuple[Reading, ...]:
    return tuple(msgspec.structs.replace(reading, asked=True) for reading in readings)


def _still(why: Refusal) -> Again:
    return Again(still=Bilingual(*WORDS[why.reason]))


def _nothing() -> Again:
    return Again(still=Bilingual(*WORDS[Reason.MISSING_FIELD]))
