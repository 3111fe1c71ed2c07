"""Names and counts for people: pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.run.processes import process_of
from models.alerting.words import OTHERS, PARAMETERS, kind_name, quantity
from models.catalogue.kinds import About, about
from models.envelope.rejected import WORDS, Reason

ALL = 0.97
"""Of a camera's frames: a share from here on is all of them, but for those on their way."""
SICK = ("FATAL", "BACKOFF", "EXITED", "UNKNOWN")
STATES = {
    "RUNNING": "đang chạy (runs)",
    "STARTING": "đang khởi động (starts)",
    "STOPPED": "đã dừng (stopped)",
    "STOPPING": "đang dừng (stops)",
    "FATAL": "không chạy được, đã thôi thử (does not run, given up)",
    "BACKOFF": "không chạy được, đang thử lại (does not run, tried again)",
    "EXITED": "tự kết thúc (has ended)",
    "UNKNOWN": "không rõ (unknown)",
}
"""The supervisor's words, for people."""
PROGRAMS = {
    "kafka": "hàng đợi bản tin",
    "timescaledb": "cơ sở dữ liệu",
    "mosquitto": "nhận tin của trạm (MQTT)",
    "gateway": "cổng tin nhắn giả của máy này",
    "endpoint": "nhận báo tiền",
    "bridge": "từ MQTT vào hàng đợi",
    "intake": "nhận tệp và phiếu đo",
    "capture": "lấy ảnh của camera",
    "telemetry": "xét số đo, nêu cảnh báo",
    "cameras": "đếm người trên ảnh",
    "payments": "sổ thanh toán",
    "alerts": "soạn tin nhắn",
    "delivery": "gửi tin nhắn",
    "announcer": "nói qua loa các thôn",
    "places": "tình trạng từng nơi, nhiều nguồn cùng nói",
    "page": "trang thông tin",
    "housekeeper": "dọn và tổng hợp số liệu",
    "canary": "gửi tin thử mỗi phút",
    "grafana": "màn hình Grafana",
}
"""What each program is for."""
TOPICS = {
    "readings": "số đo",
    "observations": "số đo đã xét",
    "testimony": "lời chứng của các phần",
    "frames": "ảnh camera",
    "payments": "báo tiền",
    "alerts": "cảnh báo",
    "receipts": "biên nhận",
    "replies": "trả lời",
    "rejected": "bị loại",
}
WHOLE = {
    "station": "cả trạm",
    "link": "đường truyền của nhiều trạm",
    "bridge": "cầu nối MQTT",
    "intake": "nơi nhận tệp và phiếu",
    "picture": "hình ảnh",
}
"""What stands in the place of a parameter where an alert is of more than one."""
PLATFORM = {"platform": "hệ thống"}
MESSAGES = {
    "pending": "chờ gửi",
    "sending": "đang gửi",
    "sent": "cổng đã nhận, chưa có biên nhận",
    "delivered": "máy đã nhận",
    "refused": "BỊ TỪ CHỐI",
    "doubt": "CHƯA CHẮC ĐÃ GỬI",
    "expired": "quá cũ, không gửi",
    "merged": "gộp vào tin khác",
    "muted": "không cần báo",
    "inhibited": "không báo: nơi ấy đã báo rồi",
    "over": "không báo: đã hết",
    "easing": "không báo: đang dịu",
    "outage": "không báo: sự cố đường truyền",
    "rule": "không báo: chờ cảnh báo khác (routing.yaml)",
    "hours": "không báo: hôm nay chỉ hiện trên màn hình",
    "silenced": "không báo: đang tắt tin",
    "maintenance": "không báo: đang bảo trì",
}
"""States of messages, and of those that are none of their own, why."""
OF_INSTRUMENTS = frozenset(map(str, about(About.INSTRUMENTS)))
"""Kinds of alerts that tell of what measures and not of what is measured."""


def program(name: str) -> str:
    """What a program is for; empty for one that a newer version knows."""
    return PROGRAMS.get(process_of(name), "")


def flow(name: str, topic: str) -> str:
    """A flow by what it reads."""
    return f"{name}: {TOPICS.get(topic, topic)}"


def reason(code: str) -> str:
    """Why a message was refused, in words."""
    return WORDS[Reason(code)][0] if code in set(Reason) else code


def count(value: object) -> str:
    """A number with points between thousands, as it is written in Vietnam; "?" where none is known."""
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else "?"


def of_merchant(code: str) -> str:
    """The key of a merchant among names by id."""
    return f"payment:{code}"


def of_zone(camera: str, parameter: str) -> str:
    """The key of a camera's zone among names by id."""
    return f"{camera} {parameter}"


def whole(station: str, parameter: str, stations: Mapping[str, str]) -> str:
    """What is no parameter by itself: more than one of them, or a camera's zone by its name."""
    return WHOLE.get(parameter) or stations.get(of_zone(station, parameter), parameter)


def alert(one: Mapping[str, object], stations: Mapping[str, str]) -> str:
    """An open alert of the table `alert` in one sentence; a station that the configuration has lost keeps its code."""
    station, parameter = str(one["station"]), str(one["parameter"])
    key = of_merchant(station) if one["kind"] == "payment" else station
    where = (PLATFORM | dict(stations)).get(key, f"{station} (không còn trong cấu hình)")
    names = {code: vi for code, (vi, _) in (PARAMETERS | OTHERS).items()}
    kind = kind_name(str(one["kind"])).partition(" (")[0]
    what = names.get(parameter) or whole(station, parameter, stations)
    value, unit = one["value"], str(one["unit"])
    told = quantity(float(value), unit, "vi") if isinstance(value, int | float) else "?"
    about = kind if what in (kind, "") else f"{kind}, {what}"
    where = f"{where[0].upper()}{where[1:]}"
    known = "" if str(one["kind"]) in OF_INSTRUMENTS else f", {told}"
    return f"{where}: {about}, mức {one['level']}{known}, mở từ {one['raised']}"


def pace(of: Mapping[str, Any] | None) -> str:
    """How often a camera is looked at, and how often it sends a picture where that is more; nothing while nobody knows."""
    if of is None:
        return ""
    every = f"{of['every_s']:.3g} s".replace(".", ",")
    if of["share"] >= ALL:
        return every
    return f"{every} (gửi mỗi {of['wanted_s']:.3g} s)".replace(".", ",")
