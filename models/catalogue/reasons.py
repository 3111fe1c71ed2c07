"""Why a message was refused, one row a reason: the name that is counted, and the words for people."""

from __future__ import annotations

import enum


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
    WRONG_CONTENT = "wrong_content"
    UNKNOWN_CAMERA = "unknown_camera"
    NOT_A_PICTURE = "not_a_picture"
    NOTHING_TO_SEE = "nothing_to_see"
    WRONG_AMOUNT = "wrong_amount"
    UNKNOWN_MERCHANT = "unknown_merchant"
    OLD_TIMESTAMP = "old_timestamp"
    EMPTY = "empty"
    DOUBLED_KEY = "doubled_key"
    MISSING_FIELD = "missing_field"
    UNKNOWN_TOPIC = "unknown_topic"


REASONS: dict[Reason, tuple[str, str]] = {
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
    Reason.WRONG_CONTENT: ("sai loại nội dung hoặc bảng mã", "wrong content type or encoding"),
    Reason.UNKNOWN_CAMERA: ("camera lạ", "unknown camera"),
    Reason.NOT_A_PICTURE: ("không phải ảnh JPEG trọn vẹn", "not a whole JPEG picture"),
    Reason.NOTHING_TO_SEE: ("ảnh một màu, không thấy gì", "a picture of one colour, nothing to see"),
    Reason.WRONG_AMOUNT: (
        "số tiền không phải số đồng nguyên dương",
        "the amount is no positive whole number of đồng",
    ),
    Reason.UNKNOWN_MERCHANT: ("đơn vị nhận lạ", "unknown merchant"),
    Reason.OLD_TIMESTAMP: ("dấu thời gian quá lệch", "timestamp too far from now"),
    Reason.EMPTY: ("bản tin rỗng", "an empty message"),
    Reason.DOUBLED_KEY: ("một trường ghi hai lần", "a field written twice"),
    Reason.MISSING_FIELD: ("thiếu trường đã khai báo", "a declared field is missing"),
    Reason.UNKNOWN_TOPIC: ("chủ đề MQTT lạ", "unknown MQTT topic"),
}
"""The one list of reasons: Vietnamese, English."""
