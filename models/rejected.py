"""What could not be read: the bytes, where they came from, and why, in words."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from models.telemetry.reading import Zoned


class Reason(enum.StrEnum):
    """Why a message was refused; the label of every count of rejects."""

    TOO_BIG = "too_big"
    NOT_JSON = "not_json"
    WRONG_TYPE = "wrong_type"
    WRONG_VERSION = "wrong_version"
    NOT_FINITE = "not_finite"
    WRONG_SOURCE = "wrong_source"
    UNKNOWN_STATION = "unknown_station"
    UNKNOWN_PARAMETER = "unknown_parameter"
    WRONG_UNIT = "wrong_unit"
    FUTURE = "future"
    TOO_LATE = "too_late"
    CONFLICT = "conflict"
    WRONG_SIGNATURE = "wrong_signature"


WORDS: dict[Reason, tuple[str, str]] = {
    Reason.TOO_BIG: ("quá lớn", "too big"),
    Reason.NOT_JSON: ("không phải JSON", "not JSON"),
    Reason.WRONG_TYPE: ("sai kiểu hoặc thiếu trường", "wrong type or missing field"),
    Reason.WRONG_VERSION: ("phiên bản lạ", "unknown version"),
    Reason.NOT_FINITE: ("không phải số hữu hạn", "not a finite number"),
    Reason.WRONG_SOURCE: ("mang tên trạm khác", "another station's name"),
    Reason.UNKNOWN_STATION: ("trạm lạ", "unknown station"),
    Reason.UNKNOWN_PARAMETER: ("thông số lạ", "unknown parameter"),
    Reason.WRONG_UNIT: ("sai đơn vị", "wrong unit"),
    Reason.FUTURE: ("ở tương lai", "in the future"),
    Reason.TOO_LATE: ("trễ quá một ngày", "more than a day late"),
    Reason.CONFLICT: ("mâu thuẫn với số đã có", "contradicts what is known"),
    Reason.WRONG_SIGNATURE: ("sai chữ ký", "wrong signature"),
}
"""Vietnamese, English."""


class Rejected(msgspec.Struct, frozen=True, gc=False):
    """Topic `rejected`: `source` is the component that refused, `seq` the record's offset.

    (topic, partition, offset) is the natural key; `payload` is kept byte for byte.
    """

    v: int
    source: str
    seq: int
    at: Zoned
    topic: str
    partition: int
    offset: Annotated[int, msgspec.Meta(ge=0)]
    key: bytes | None
    reason: Reason
    vi: str
    en: str
    payload: bytes
