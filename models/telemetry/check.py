"""Is this a reading of ours? Schema, source, unit, time; the answer is a value, never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from models.quality.clockwork import FARTHEST_MS
from models.rejected import Reason
from models.telemetry.reading import SCHEMA_VERSION, Flag, Reading

if TYPE_CHECKING:
    from models.commune.configuration import Parameter

MAX_BYTES = 64 * 1024
"""A reading is about 150 bytes; 64 KiB leaves room for any station and keeps the flow's memory bounded."""
FUTURE_MS = 5 * 60_000
"""How far a camera's clock may be ahead: five minutes, the interval of Circular 10/2021. A station's: models/quality/clockwork.py."""
LATE_MS = 24 * 3_600_000
"""A reading may arrive a day after its time; later it is refused (and kept, to be replayed by hand)."""

_GOOD, _FAIL = Flag.GOOD, Flag.FAIL
decode = msgspec.json.Decoder(Reading).decode


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, for the label of a count, and in words for people."""

    reason: Reason
    vi: str
    en: str


def unreadable(payload: bytes, error: msgspec.MsgspecError) -> Refusal:
    """Name what the decoder found: not JSON, a NaN, or a field of the wrong type."""
    what = str(error)
    if b"NaN" in payload or b"Infinity" in payload or "out of range" in what:
        return Refusal(
            Reason.NOT_FINITE,
            f"Giá trị không phải số hữu hạn (NaN hoặc vô cực): {what}",
            f"value: expected a finite number, found NaN or infinity: {what}",
        )
    if isinstance(error, msgspec.ValidationError):
        return Refusal(
            Reason.WRONG_TYPE, f"Sai kiểu hoặc thiếu trường: {what}", f"wrong type or missing field: {what}"
        )
    return Refusal(Reason.NOT_JSON, f"Không phải JSON: {what}", f"expected a JSON object: {what}")


def too_big(size: int) -> Refusal:
    """The message is larger than any reading may be."""
    return Refusal(
        Reason.TOO_BIG,
        f"Bản tin quá lớn: {size} byte, tối đa {MAX_BYTES}",
        f"message: expected at most {MAX_BYTES} bytes, found {size}",
    )


def wrong_version(reading: Reading) -> Refusal:
    """The schema version is not one that we read."""
    return Refusal(
        Reason.WRONG_VERSION,
        f"Phiên bản {reading.v} chưa được hỗ trợ, cần {SCHEMA_VERSION}",
        f"v: expected {SCHEMA_VERSION}, found {reading.v}",
    )


def wrong_source(reading: Reading, key: bytes) -> Refusal:
    """The reading names another station than the one that sent it."""
    sender = key.decode(errors="replace")
    return Refusal(
        Reason.WRONG_SOURCE,
        f"Trạm {sender!r} gửi số liệu mang tên {reading.source!r}",
        f"source: expected {sender!r} (the sender), found {reading.source!r}",
    )


def unknown_station(reading: Reading) -> Refusal:
    """No station of this id in the commune's configuration."""
    return Refusal(
        Reason.UNKNOWN_STATION,
        f"Không có trạm {reading.source!r} trong cấu hình",
        f"source: {reading.source!r} is not a station of the commune",
    )


def unknown_parameter(reading: Reading) -> Refusal:
    """The station does not measure this."""
    return Refusal(
        Reason.UNKNOWN_PARAMETER,
        f"Trạm {reading.source!r} không đo thông số {reading.parameter!r}",
        f"parameter: station {reading.source!r} has no {reading.parameter!r}",
    )


def wrong_unit(reading: Reading, parameter: Parameter) -> Refusal:
    """The unit is not the station's; values are never converted by guess."""
    return Refusal(
        Reason.WRONG_UNIT,
        f"Sai đơn vị của {reading.parameter}: cần {parameter.unit!r}, nhận {reading.unit!r}",
        f"unit of {reading.parameter}: expected {parameter.unit!r}, found {reading.unit!r}",
    )


def out_of_time(reading: Reading, at_ms: int, arrived_ms: int, late_ms: int = LATE_MS) -> Refusal:
    """The event time lies further ahead of the arrival than any clock is wrong, or too far behind it."""
    minutes = round((at_ms - arrived_ms) / 60_000)
    if minutes > 0:
        return Refusal(
            Reason.FUTURE,
            f"Thời điểm đo {reading.at.isoformat()} ở tương lai {minutes} phút",
            f"at: expected at most {FARTHEST_MS // 60_000} min ahead of arrival, found {minutes} min",
        )
    return Refusal(
        Reason.TOO_LATE,
        f"Số liệu đến trễ {-minutes} phút (đo lúc {reading.at.isoformat()})",
        f"at: expected at most {late_ms // 60_000} min before arrival, found {-minutes} min",
    )


def conflict(reading: Reading) -> Refusal:
    """Another value of the same sensor at the same time is already stored."""
    return Refusal(
        Reason.CONFLICT,
        f"Đã có giá trị khác của {reading.parameter} lúc {reading.at.isoformat()}",
        f"value: {reading.parameter} at {reading.at.isoformat()} is already known with another value",
    )
