"""What stands in the place of a parameter or a station and is none: pictures, payments, whole stations, parts of the platform."""

from __future__ import annotations

OTHERS: dict[str, tuple[str, str]] = {
    "picture": ("hình ảnh", "picture"),
    "payment": ("khoản tiền", "payment"),
    "flood": ("ngập", "flood"),
}
"""What cameras and the endpoint are spoken of by: Vietnamese, English."""
PARTS: dict[str, tuple[str, str]] = {
    "bridge": ("bộ nhận tin MQTT", "the MQTT bridge"),
    "intake": ("bộ nhận tệp và phiếu", "the intake of files and forms"),
    "mqtt": ("máy chủ MQTT", "the MQTT server"),
    "kafka": ("kho tin Kafka", "Kafka"),
    "broker": ("kho tin Kafka", "Kafka"),
    "telemetry": ("bộ phán đoán số liệu", "the telemetry flow"),
    "capture": ("bộ lấy ảnh camera", "the capture of cameras"),
    "internet": ("đường Internet", "the internet"),
}
"""The parts of the platform that an outage of our own may name."""
WHOLE: dict[str, tuple[str, str]] = {
    "station": ("cả trạm", "whole station"),
    "link": ("đường truyền của nhiều trạm", "link of many stations"),
    **PARTS,
}
"""What stands in the place of a parameter where an alert is of more than one."""
WHOLE_PLACES: dict[str, tuple[str, str]] = {"platform": ("hệ thống", "platform")}
"""What stands in the place of a station where an alert is of none."""
