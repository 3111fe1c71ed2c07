"""Tests of quality, one row a test: its name as stored, and what it found, in words for people."""

from __future__ import annotations

import enum


class Test(enum.StrEnum):
    """The tests' names, as stored."""

    RANGE = "range"
    STATUS = "status"
    GAP = "gap"
    SPIKE = "spike"
    RATE = "rate"
    FLAT = "flat"
    NEIGHBOUR = "neighbour"
    TIME = "time"
    GATEWAY_CLOCK = "gateway_clock"
    TWIN = "twin"
    JUMP = "jump"
    DEAD = "dead"


TESTS: dict[Test, tuple[str, str]] = {
    Test.RANGE: ("ngoài phạm vi", "out of range"),
    Test.STATUS: ("máy báo hiệu chuẩn hoặc lỗi", "calibrating or faulty, the instrument says"),
    Test.GAP: ("sau quãng trống", "first after a gap"),
    Test.SPIKE: ("nhảy vọt", "spike"),
    Test.RATE: ("đổi quá nhanh", "changes too fast"),
    Test.FLAT: ("đứng yên", "flat line"),
    Test.NEIGHBOUR: ("khác trạm bên cạnh", "unlike its neighbour"),
    Test.TIME: ("đồng hồ trạm sai", "the station's clock is wrong"),
    Test.GATEWAY_CLOCK: (
        "đồng hồ gateway sai, lấy giờ máy chủ LoRaWAN",
        "the gateway's clock is wrong, the LoRaWAN server's time was taken",
    ),
    Test.TWIN: ("hai trạm cùng một mã", "two stations of one name"),
    Test.JUMP: ("nhảy một bước không thể có", "a jump that cannot be"),
    Test.DEAD: (
        "máy gửi mãi một giá trị và một số thứ tự",
        "sends one value under one number again and again",
    ),
}
"""The one list of tests of quality: Vietnamese, English."""
