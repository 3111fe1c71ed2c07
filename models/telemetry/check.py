"""Is this a reading of ours? Schema, source, unit, time; the answer is a value, never an exception."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import msgspec

from models.envelope.reading import SCHEMA_VERSION, Reading
from models.envelope.refusal import LATE_MS, Refusal, once
from models.envelope.rejected import Reason
from models.quality.clockwork import FARTHEST_MS

if TYPE_CHECKING:
    from models.commune.configuration import Parameter


_decode = msgspec.json.Decoder(Reading).decode
_QUOTES = 2 * 7 + 2 * 4
"""Quotes of a reading with its seven fields, four of them text: with so many no field can be there twice."""
_WITH_STATUS, _STATUS = _QUOTES + 2, b'"status":'


def decode(payload: bytes) -> Reading:
    """A reading from its bytes.

    A byte order mark of UTF-8 before the JSON is passed over (RFC 8259, section 8.1 lets a reader do so): it changes no value.
    Raises msgspec.MsgspecError (DoubledKeyError among them), UnicodeDecodeError, RecursionError.
    """
    try:
        reading = _decode(payload)
    except msgspec.DecodeError:
        if not payload.startswith(codecs.BOM_UTF8):
            raise
        payload = payload.removeprefix(codecs.BOM_UTF8)
        reading = _decode(payload)
    quotes = payload.count(b'"')
    if quotes != _QUOTES and not (quotes == _WITH_STATUS and _STATUS in payload):
        once(payload)
    return reading


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
