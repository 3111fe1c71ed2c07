"""A flood night as an event that is over: the river rises past two levels, one answers, one message fails."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import msgspec
from PIL import Image

from connectors.clock import VIETNAM
from models.alerting.aftermath import Aftermath, AlertLife, Curve, Limit, Message, Reply, Rung, Sight, Turn
from models.envelope.evidence import Evidence

NIGHT = datetime(2026, 11, 25, 1, 0, tzinfo=VIETNAM)
WALL = datetime(2026, 11, 26, 9, 0, tzinfo=VIETNAM)
"""When the night was played again: the seconds from storing to sending are of this clock."""
LIMITS = [
    Limit(1, "BĐ1", 1.5, above=True),
    Limit(2, "BĐ2", 3.0, above=True),
    Limit(3, "BĐ3", 4.5, above=True),
]


def at(text: str) -> datetime:
    """A time of that night."""
    hour, minute = map(int, text.split(":"))
    return NIGHT.replace(hour=hour, minute=minute)


def message(id: str = "m1", **changed: object) -> Message:  # noqa: A002
    """News of level 1 at 01:10, sent two seconds after it was stored, delivered."""
    first = Message(
        id, "head-la-van-ha", "Trưởng thôn La Vân Hạ", "trưởng thôn", 1, "sms", "delivered", "", "CANH BAO LU: Phu Oc 1,52 m, tren BD1",
        at("01:10"), 0, WALL, WALL + timedelta(seconds=2), WALL + timedelta(seconds=5), None, None, 450,
    )  # fmt: skip
    return msgspec.structs.replace(first, **changed)


def curve(limits: list[Limit] | None = None) -> Curve:
    """From 1.0 m at 01:00 up 1 cm a minute to 4.0 m at 06:00, and down again to 1.0 m at 11:00."""
    times = [NIGHT + timedelta(minutes=5 * n) for n in range(121)]
    values = [round(min(1.0 + 0.05 * n, 7.0 - 0.05 * n), 2) for n in range(121)]
    return Curve(
        "phu-oc",
        "river_level",
        "Phú Ốc, Mực nước sông",
        "m",
        "river",
        times,
        values,
        LIMITS if limits is None else limits,
    )


def jpeg() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (160, 90), (60, 90, 120)).save(out, "JPEG")
    return out.getvalue()


def event(**changed: object) -> Aftermath:
    """The night: BĐ1 reached at 01:50, BĐ2 at 04:20, the peak 4.0 m at 06:00; a rain message went out at 01:10."""
    rain = AlertLife(
        "rain:1", "rain", "mưa", "Phú Ốc", "Mưa 24 giờ", 1, at("01:10"), at("08:00"), 2, 1, "Trưởng thôn La Vân Hạ, Phòng điều hành",
        [Turn(at("01:10"), 1, 0, "mưa rất to", "101 mm", [Evidence("Trạm Phú Ốc: 101 mm trong 24 giờ", "Phú Ốc: 101 mm in 24 h")]), Turn(at("08:00"), 0, 1, "hết", "80 mm")],
    )  # fmt: skip
    river = AlertLife(
        "river:1", "river", "mực nước", "Phú Ốc", "Mực nước sông", 2, at("02:00"), at("10:30"), 2, 2, "Trưởng thôn La Vân Hạ, Phòng điều hành",
        [
            Turn(at("02:00"), 1, 0, "BĐ1", "1,60 m", [Evidence("camera Cầu Phước Yên: nước tới mốc 2 (01:58)", "camera: water at mark 2 (01:58)")]),
            Turn(at("04:30"), 2, 1, "BĐ2", "3,10 m"), Turn(at("10:30"), 0, 2, "hết", "1,30 m"),
        ],
    )  # fmt: skip
    first = Aftermath(
        7, "water:bo-phu-oc@1", "Ven sông Bồ", at("01:10"), at("10:30"), 2, exercise=False, at=at("12:00"), alerts=[rain, river],
        messages=[
            message(),
            message("m2", contact="control-room", name="Phòng điều hành", role="trực ban", state="refused", sent_at=None, delivered_at=None, price_vnd=None, reason="hết tiền"),
            message("m3", level=2, change_at=at("04:30"), text="CANH BAO LU: Phu Oc 3,10 m, tren BD2", price_vnd=900),
            message("m4", contact="control-room", name="Phòng điều hành", role="trực ban", state="merged", sent_at=None, delivered_at=None, price_vnd=None, reason="gộp vào tin sau"),
        ],
        replies=[Reply(at("04:36"), "Trưởng thôn La Vân Hạ", "trưởng thôn", "taken", "sms", 2)],
        rungs=[Rung(at("04:35"), "called", "Phó thôn La Vân Hạ", "gọi phó thôn", "the deputy is called")],
        curves=[curve()], sights=[Sight(at("04:31"), "Cầu Phước Yên", jpeg())],
    )  # fmt: skip
    return msgspec.structs.replace(first, **changed)
