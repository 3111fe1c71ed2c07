"""A whole file: its readings, and what was refused of it. Every line ends in exactly one of the two."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from models.envelope.reading import SCHEMA_VERSION, Reading
from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason, Rejected
from models.stationfile.line import Wrong, parse
from models.stationfile.name import file_name, key
from models.stationfile.text import lines

if TYPE_CHECKING:
    from datetime import datetime

    from models.stationfile.line import Value
    from models.stationfile.station import Stations
    from models.stationfile.text import Line

MAX_BYTES = 1024 * 1024
"""A file of five minutes has about 1 kB; one larger than this is none of a station."""
ORIGIN = "file:"
"""What a refused line's topic of origin begins with: no topic of Kafka may hold a colon."""
BY = "files"


class RefusedLine(msgspec.Struct, frozen=True, gc=False):
    """A line that could not be read: `line` from 1, 0 for the file as a whole; `column` from 1, 0 for all of it."""

    line: int
    column: int
    why: Refusal
    payload: bytes


class StationFile(msgspec.Struct, frozen=True):
    """What became of a file; `station` None: refused as a whole, nobody knows whose it is.

    `upto`: the number of the last line that is settled, read or refused; of a file that may still grow, what comes after it waits.
    """

    station: str | None
    readings: list[Reading]
    refused: list[RefusedLine]
    upto: int = 0


def read(name: str, data: bytes, stations: Stations, after: int = 0) -> StationFile:
    """Read the lines after number `after` of the file `name` (without its folder) with the bytes `data`. Never raises.

    `seq` of its readings is the time in the name, in seconds since 1970: files have no other counter.
    """
    named = file_name(name)
    if named is None:
        return _whole(
            data, Reason.WRONG_CONTENT, f"Tên tệp {name!r} phải kết thúc bằng yyyyMMddHHmmss",
            f"file name {name!r}: expected yyyyMMddHHmmss at its end",
        )  # fmt: skip
    station = stations.get(key(named.station))
    if station is None:
        return _whole(
            data, Reason.UNKNOWN_STATION, f"Không trạm nào có file_names {named.station!r} trong stations.yaml",
            f"no station has the file_names {named.station!r} in stations.yaml",
        )  # fmt: skip
    if len(data) > MAX_BYTES:
        words = f"Tệp quá lớn, tối đa {MAX_BYTES} byte", f"too big, at most {MAX_BYTES} bytes"
        return _whole(data, Reason.TOO_BIG, *words)
    seq, readings, refused, upto = round(named.at.timestamp()), list[Reading](), list[RefusedLine](), after
    for line in lines(data):
        if line.number <= after:
            continue
        upto = line.number
        try:
            readings.append(_reading(station.id, seq, parse(line, station)))
        except Wrong as found:
            refused.append(_refused(line, found))
    if not readings and not refused and not after:
        return _whole(data, Reason.WRONG_CONTENT, "Tệp không có dòng nào", "no line in the file")
    return StationFile(station.id, readings, refused, upto)


def so_far(found: StationFile, data: bytes) -> StationFile:
    """Of a file that may still grow: without a last line that is not ended and cannot be read, which is perhaps half a line.

    What is refused as a whole waits too: an empty file is perhaps not begun, and its bytes are kept once, when it is whole.
    """
    if found.station is None:
        return StationFile(None, [], [])
    last = max((line for line in lines(data)), default=None, key=lambda line: line.number)
    if last is None or last.ended or all(one.line != last.number for one in found.refused):
        return found
    kept = [one for one in found.refused if one.line != last.number]
    return StationFile(found.station, found.readings, kept, last.number - 1)


def _reading(station: str, seq: int, said: Value) -> Reading:
    unit = said.named.unit
    return Reading(SCHEMA_VERSION, station, seq, said.at, said.named.code, said.value, unit, said.status)


def _refused(line: Line, found: Wrong) -> RefusedLine:
    return RefusedLine(line.number, found.column, found.why, line.raw)


def _whole(data: bytes, reason: Reason, vi: str, en: str) -> StationFile:
    return StationFile(None, [], [RefusedLine(0, 0, Refusal(reason, vi, en), data[: MAX_BYTES + 1])])


def rejected(name: str, data: bytes, found: StationFile, arrived: datetime) -> list[Rejected]:
    """The refused lines as the topic `rejected` has them.

    (topic, partition, offset) is file:<name>@<content>, 0, line: the same file read twice is told once, a
    corrected one of the same name anew.
    """
    origin = f"{ORIGIN}{name}@{hashlib.sha256(data).hexdigest()[:8]}"
    sender = None if found.station is None else found.station.encode()
    return [
        Rejected.of(line.why, (origin, 0, line.line), source=BY, at=arrived, key=sender, payload=line.payload)
        for line in found.refused
    ]
