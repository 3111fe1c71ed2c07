"""Moments of a commune to show, without any service."""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.clock import VIETNAM
from connectors.page.now import Alert, Forecast, Now, Picture, Place, Point, River, Rung, Unanswered
from models.places.place import PlaceKind

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=VIETNAM)
MINUTE = timedelta(minutes=1)
LEVELS = (("BĐ1", 1.5), ("BĐ2", 3.0), ("BĐ3", 4.5))


def place(
    name: str = "Phú Ốc", state: str = "normal", *, kind: str = PlaceKind.GAUGE, id: str = "phu-oc", vi: str = "", age: timedelta | None = 4 * MINUTE,  # noqa: A002
    camera: str | None = None, hamlets: tuple[str, ...] = ("la-van-ha",), value: float | None = 0.8, at: datetime = NOON,
) -> Place:  # fmt: skip
    return Place(
        kind, id, name, list(hamlets), None, None, camera, state, at - 60 * MINUTE, None if age is None else at - age,
        "river_level", value, "m", vi or f"{name} 0,80 m; đo 11:56, 4 phút trước", f"{name} 0.80 m",
    )  # fmt: skip


def alert(number: int = 0, state: str = "danger", **changed: object) -> Alert:
    row = {
        "alert": f"a{number}", "kind": "river", "kind_vi": "Mực nước", "place": "phu-oc", "name": "Phú Ốc", "level_vi": "BĐ3", "state": state,
        "since": NOON - 40 * MINUTE, "value_vi": "4,87 m", "told": 6, "arrived": 5, "told_vi": "Chủ tịch xã, Trưởng thôn La Vân Hạ, Trực ban và 3 người",
        "answered_vi": "đã nhận 5 trong 6",
    } | changed  # fmt: skip
    return Alert(**row)  # type: ignore[arg-type]


RING = "Công an 113, Cứu hoả và cứu nạn 114, Cấp cứu 115, Tìm kiếm cứu nạn 112"


def nobody(number: int = 0, title: str = "CHƯA AI NHẬN", name: str = "Ven sông Bồ") -> Unanswered:
    """An event that nobody takes since 20 minutes."""
    return Unanswered(f"water:{number}", name, 3, NOON - 20 * MINUTE, title, RING)


def rung(
    vi: str, level: float, water: float | None, kind: str = "alarm", source: str = "Quyết định 05/2020/QĐ-TTg"
) -> Rung:
    reached = None if water is None else water >= level
    return Rung(
        level, vi, vi, kind, source, reached, None if water is None else round(level - water, 2), water, NOON
    )


def river(water: float | None = 0.8, *, rising: float = 0.0, hours: int = 24) -> River:
    marks = [rung(vi, level, water) for vi, level in LEVELS]
    marks += [
        rung("Đường La Vân, đoạn trũng", 3.6, water, "road", "assumed"),
        rung("Lũ 10/2020", 5.24, water, "flood", "assumed"),
    ]
    end = 0.8 if water is None else water
    points = [Point(NOON - 5 * MINUTE * n, end - rising * 5 * n / 60) for n in range(12 * hours, -1, -1)]
    forecast = Forecast(NOON, 0.5, 1.0, 2.0) if rising else None
    return River("phu-oc", sorted(marks, key=lambda mark: -mark.level), points, forecast)


def quiet() -> Now:
    """All is well."""
    places = [
        place(), place("Lồng cá La Vân", kind=PlaceKind.CAGES, id="bo-la-van"), place("Trạm không khí", kind=PlaceKind.AIR, id="air-la-van-ha"),
        place("Chợ Quảng Thọ, sân chợ", kind=PlaceKind.ZONE, id="cho-quang-tho/san-cho", camera="cho-quang-tho"),
    ]  # fmt: skip
    return Now(NOON, places, [], 0, [river()], [], NOON)


def storm() -> Now:
    """The river above its last alarm, a cage silent, a camera blind, a crowd."""
    places = [
        place(state="danger", vi="Sông Bồ tại Phú Ốc 4,87 m, trên BĐ3 0,37 m, lên 12 cm/giờ; đo 11:56, 4 phút trước", value=4.87),
        place("Chợ Quảng Thọ, sân chợ", "warning", kind=PlaceKind.ZONE, id="cho-quang-tho/san-cho", camera="cho-quang-tho", vi="Sân chợ 31 người, mức quá đông; đếm 11:59, vừa xong"),
        place("Lồng cá La Vân", "silent", kind=PlaceKind.CAGES, id="bo-la-van", age=90 * MINUTE, value=None, vi="Lồng cá La Vân mất tín hiệu từ 10:30, số cuối 6,1 mg/L"),
        place("Đường La Vân, mặt đường", "blind", kind=PlaceKind.ZONE, id="duong-la-van/mat-duong", camera="duong-la-van", value=None, vi="Camera đường La Vân không nhìn thấy gì từ 11:20"),
        place("Trạm không khí", kind=PlaceKind.AIR, id="air-la-van-ha", vi="VN_AQI 41, tốt; đo 11:55, 5 phút trước"),
    ]  # fmt: skip
    pictures = [Picture("cho-quang-tho", "Camera chợ Quảng Thọ", "crowd/1", 0, NOON - 3 * MINUTE, 31)]
    alerts = [
        alert(),
        alert(
            1,
            "warning",
            kind="crowd",
            kind_vi="Đông người",
            name="Camera chợ Quảng Thọ",
            level_vi="mức quá đông",
            value_vi="31 người",
            told=0,
            told_vi="chưa báo ai",
            answered_vi="",
        ),
    ]
    return Now(NOON, places, alerts, 2, [river(4.87, rising=0.12)], pictures, NOON)
