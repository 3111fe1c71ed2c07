"""MQTT topics of stations: `phusa/v1/readings/<station>`. What comes on another topic below ours is refused by name, never dropped."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason, Rejected
from models.telemetry.check import decode

if TYPE_CHECKING:
    from datetime import datetime

ROOT = "phusa/"
"""All below it is ours; a station that is off by a level must not speak into nothing."""
PREFIX = "phusa/v1/readings/"
ORIGIN, BY = "mqtt:", "bridge"
LONGEST = 200
"""Characters of a topic that are kept as the place of a refusal; MQTT allows 65,535 bytes."""
_MARKS = (b"asked", b"retimed", b"\\u")
"""Bytes without which a message cannot carry a mark of ours: the name, or an escape that could spell it."""


def station_of(topic: str) -> str | None:
    """The station whose readings come on the topic; None: it is no topic of readings.

    >>> station_of("phusa/v1/readings/phu-oc"), station_of("phusa/v1/readings/phu-oc/extra")
    ('phu-oc', None)
    """
    station = topic.removeprefix(PREFIX)
    return station if topic.startswith(PREFIX) and station and "/" not in station else None


def unknown_topic(topic: str) -> Refusal:
    """Nobody reads this topic."""
    return Refusal(
        Reason.UNKNOWN_TOPIC,
        f"Không ai đọc chủ đề {topic[:LONGEST]!r}; cần {PREFIX}<trạm>",
        f"nobody reads the topic {topic[:LONGEST]!r}; expected {PREFIX}<station>",
    )


def forged(payload: bytes) -> Refusal | None:
    """Why a station's message is not passed on: it carries a mark that only our own programs may set."""
    if not any(mark in payload for mark in _MARKS):
        return None
    try:
        reading = decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # the flow refuses it by name
    found = [name for name in ("asked", "retimed") if getattr(reading, name)]
    if not found:
        return None
    return Refusal(
        Reason.WRONG_SOURCE,
        f"Trạm không được tự đặt {found[0]!r}: chỉ phần mềm của xã đặt",
        f"{found[0]}: set by a station; only our own programs may",
    )


def rejected(topic: str, payload: bytes, why: Refusal, arrived: datetime) -> Rejected:
    """A message that is not passed on, as the topic `rejected` has it; the key is the station where the topic names one.

    (topic, partition, offset) is mqtt:<topic>, 0, and 63 bits of SHA-256 of topic and payload: the same message twice is told once.
    """
    place = int.from_bytes(hashlib.sha256(topic.encode() + b"\0" + payload).digest()[:8], "big") >> 1
    station = topic.removeprefix(PREFIX).partition("/")[0] if topic.startswith(PREFIX) else ""
    record = (ORIGIN + topic[:LONGEST], 0, place)
    return Rejected.of(why, record, source=BY, at=arrived, key=station.encode() or None, payload=payload)
