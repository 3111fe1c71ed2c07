"""Kinds of alerts, one row a kind; every other list of kinds in the house is derived from it.

A new kind, file by file:

1. here: a member of `Kind` and its row in KINDS (with `advice` in its titles, so that the template `any.j2` can say it);
2. `tests/models/alerting/test_wording.py`: a change of each of its families, so that somebody reads the messages;
3. `tests/golden/messages.json`, written by `python -m tests.models.alerting.test_wording`;
4. to 6. `infra/run/contracts/asyncapi.yaml`, `commune/rules.schema.json` and `commune/contacts.schema.json`, written by
   `python -m infra.run.contracts`.

Who raises it (a rule of the commune, or a flow) and who is told (contacts.yaml) is beside this. Templates of its own, where
`any.j2` does not say it well, are files more.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from models.catalogue.states import State

Words = tuple[str, str]
"""Vietnamese, English."""


class Kind(enum.StrEnum):
    """What the alert is about; contacts subscribe to kinds."""

    RIVER = "river"
    OXYGEN = "oxygen"
    AIR = "air"
    SILENT = "silent"
    FROZEN = "frozen"
    UNTRUSTED = "untrusted"
    RAIN = "rain"
    FISH = "fish"
    FLOOD = "flood"
    WATER_SEEN = "water_seen"
    CROWD = "crowd"
    PAYMENT = "payment"
    CLOCK = "clock"
    OUTAGE = "outage"
    BLIND = "blind"


SILENCE, UNTRUSTED = "silent", "untrusted"
"""Rules that no configuration holds: a sensor that is not heard, one that cannot be believed."""


class About(enum.StrEnum):
    """What is in danger, or what is not known."""

    WATER = "water"
    FISH = "fish"
    AIR = "air"
    PEOPLE = "people"
    MONEY = "money"
    INSTRUMENTS = "instruments"


class Names(enum.StrEnum):
    """What the `station` of an alert is: a sensor or zone with a value, an instrument that is itself meant, a flood place, a merchant."""

    VALUE = "value"
    INSTRUMENT = "instrument"
    FLOOD_PLACE = "flood_place"
    MERCHANT = "merchant"


class Audience(enum.StrEnum):
    """Who may be told: everybody whom it concerns, or the staff only."""

    ANYBODY = "anybody"
    KEEPERS = "keepers"
    CASHIERS = "cashiers"


class Title(NamedTuple):
    """How a message of one family (rise, better, clear) begins.

    `zalo` is the title registered with Zalo where it is another than that of the SMS, which must be short; `advice` what to do, where
    the kind has no template of its own.
    """

    vi: str
    en: str
    zalo: str = ""
    advice: Words | None = None

    @property
    def registered(self) -> str:
        """The title of the Zalo template."""
        return self.zalo or self.vi


class KindRow(NamedTuple):
    """One kind: its names in a list or a legend, the titles of its messages by family, and how it is drawn.

    Without the family "better" there is nothing between: a sensor is silent or it is not. `ruled`: rules on stations may raise it.
    `unknown`: what it tells is a span of not knowing, in these words, not a value. `brief`: begun and over, beside other news.
    `state`: the one that it makes, None: by its level. `names`: what its `station` is. `levels`: what its levels are called where no rule
    names them. `last`: told after all others, whatever its level.
    """

    code: Kind
    vi: str
    en: str
    about: About
    audience: Audience
    colour: str
    shape: str
    titles: dict[str, Title]
    ruled: bool = False
    unknown: Words | None = None
    brief: Words | None = None
    state: State | None = None
    names: Names = Names.VALUE
    levels: tuple[str, ...] = ()
    last: bool = False


RISE, BETTER, CLEAR = "rise", "better", "clear"
CLOSED = Title("ĐÓNG CẢNH BÁO", "ALERT CLOSED")
"""An alert that nobody is left to judge, of whatever kind."""
REPLY = Title("TRẢ LỜI CỦA BẠN", "YOUR ANSWER")
"""What a person who answered is told."""
BUDGET = Title("TIỀN TIN NHẮN", "MONEY FOR MESSAGES")
"""What the administrator is told of the month's budget."""

KINDS: dict[Kind, KindRow] = {
    row.code: row
    for row in (
        KindRow(
            Kind.RIVER, "mực nước", "water", About.WATER, Audience.ANYBODY, "#14637a", "▲",
            {
                RISE: Title("CẢNH BÁO LŨ", "FLOOD WARNING"),
                BETTER: Title("LŨ RÚT", "FLOOD RECEDING", "LŨ ĐANG RÚT"),
                CLEAR: Title("HẾT CẢNH BÁO LŨ", "FLOOD WARNING OVER"),
            },
            ruled=True,
        ),
        KindRow(
            Kind.FLOOD, "ngập", "flood", About.WATER, Audience.ANYBODY, "#9b1c1c", "◆",
            {
                # Of two levels: the template says which.
                RISE: Title("NGẬP", "FLOOD"),
                BETTER: Title("CÒN MỘT NGUỒN BÁO NGẬP", "ONE WITNESS OF THE FLOOD LEFT", "NGẬP, CÒN MỘT NGUỒN BÁO"),
                CLEAR: Title("HẾT BÁO NGẬP", "FLOOD OVER"),
            },
            names=Names.FLOOD_PLACE, levels=("cần kiểm tra", "báo động"),
        ),
        # What one camera sees; kind flood is what all witnesses of a place say together.
        KindRow(
            Kind.WATER_SEEN, "ngập thấy qua camera", "water seen by a camera", About.WATER, Audience.ANYBODY, "#1f6f8b", "≈",
            {
                RISE: Title("CAMERA THẤY NGẬP", "CAMERA SEES WATER", advice=("Cử người xem, chặn đường nếu cần.", "Send somebody, close the road if need be.")),
                BETTER: Title("CAMERA THẤY NƯỚC RÚT", "CAMERA SEES LESS WATER", advice=("Theo dõi tiếp.", "Keep watching.")),
                CLEAR: Title("CAMERA THẤY HẾT NGẬP", "CAMERA SEES NO MORE WATER", advice=("Xem lại mặt đường trước khi mở.", "Look at the road before it is opened.")),
            },
        ),
        KindRow(
            Kind.RAIN, "mưa", "rain", About.WATER, Audience.ANYBODY, "#3b6fb5", "▼",
            {
                RISE: Title("MƯA LỚN", "HEAVY RAIN"),
                BETTER: Title("MƯA GIẢM", "RAIN EASING"),
                CLEAR: Title("HẾT MƯA LỚN", "HEAVY RAIN OVER"),
            },
            ruled=True,
        ),
        KindRow(
            Kind.CROWD, "đông người", "crowd", About.PEOPLE, Audience.ANYBODY, "#b4560f", "✱",
            {
                RISE: Title("ĐÔNG NGƯỜI", "CROWD"),
                BETTER: Title("BỚT ĐÔNG", "LESS CROWDED", advice=("Theo dõi camera.", "Watch the camera.")),
                CLEAR: Title("HẾT ĐÔNG", "NO LONGER CROWDED", advice=("Không cần làm gì thêm.", "Nothing more to do.")),
            },
        ),
        KindRow(
            Kind.OXYGEN, "oxy", "oxygen", About.FISH, Audience.ANYBODY, "#4d7c3a", "●",
            {
                RISE: Title("CÁ THIẾU OXY", "FISH SHORT OF OXYGEN"),
                BETTER: Title("OXY TĂNG", "OXYGEN RISING", "OXY ĐANG TĂNG"),
                CLEAR: Title("OXY ĐÃ ĐỦ", "OXYGEN IS BACK"),
            },
            ruled=True,
        ),
        KindRow(
            Kind.FISH, "cá lồng", "fish", About.FISH, Audience.ANYBODY, "#2f855a", "■",
            {
                RISE: Title("CÁ LỒNG", "CAGED FISH", "CÁ LỒNG GẶP NGUY"),
                BETTER: Title("CÁ LỒNG ĐỠ HƠN", "CAGED FISH, BETTER"),
                CLEAR: Title("CÁ LỒNG ĐÃ ỔN", "CAGED FISH, OVER"),
            },
            ruled=True,
        ),
        KindRow(
            Kind.AIR, "không khí", "air", About.AIR, Audience.ANYBODY, "#7a5c2e", "✚",
            {
                RISE: Title("KHÔNG KHÍ XẤU ĐI", "AIR GETS WORSE"),
                BETTER: Title("KHÔNG KHÍ ĐỠ HƠN", "AIR IMPROVING"),
                CLEAR: Title("KHÔNG KHÍ ĐÃ TỐT LẠI", "AIR IS BACK TO NORMAL"),
            },
            ruled=True,
        ),
        KindRow(
            Kind.UNTRUSTED, "không tin được", "untrusted", About.INSTRUMENTS, Audience.KEEPERS, "#b45309", "?",
            {
                RISE: Title("SỐ LIỆU KHÔNG TIN ĐƯỢC", "NOT TO BE TRUSTED"),
                CLEAR: Title("SỐ LIỆU DÙNG LẠI ĐƯỢC", "TO BE TRUSTED AGAIN"),
            },
            unknown=("Không tin được", "not to be trusted"), brief=("không tin được", "dùng lại được"),
            state=State.UNTRUSTED, names=Names.INSTRUMENT, levels=("không tin được",),
        ),
        KindRow(
            Kind.CLOCK, "đồng hồ trạm sai", "clock", About.INSTRUMENTS, Audience.KEEPERS, "#a16207", "◷",
            {RISE: Title("ĐỒNG HỒ TRẠM SAI", "CLOCK IS WRONG"), CLEAR: Title("ĐỒNG HỒ TRẠM ĐÚNG LẠI", "CLOCK IS RIGHT AGAIN")},
            unknown=("Đồng hồ sai", "wrong clock"), brief=("", "đồng hồ đúng lại"),
            state=State.UNTRUSTED, names=Names.INSTRUMENT, levels=("đồng hồ sai",),
        ),
        KindRow(
            Kind.SILENT, "mất tín hiệu", "silent", About.INSTRUMENTS, Audience.KEEPERS, "#6b7280", "✕",
            {RISE: Title("MẤT TÍN HIỆU", "NO SIGNAL"), CLEAR: Title("CÓ TÍN HIỆU LẠI", "SIGNAL IS BACK")},
            unknown=("Mất tín hiệu", "no signal"), brief=("mất tín hiệu", "có tín hiệu lại"),
            state=State.SILENT, names=Names.INSTRUMENT, levels=("mất tín hiệu",),
        ),
        KindRow(
            Kind.FROZEN, "đứng hình", "frozen", About.INSTRUMENTS, Audience.KEEPERS, "#9ca3af", "❚",
            {RISE: Title("CAMERA ĐỨNG HÌNH", "CAMERA FROZEN"), CLEAR: Title("CAMERA CHẠY LẠI", "CAMERA IS BACK")},
            unknown=("Đứng hình", "frozen"), brief=("đứng hình", "có ảnh lại"),
            state=State.UNTRUSTED, names=Names.INSTRUMENT, levels=("đứng hình",),
        ),
        KindRow(
            Kind.BLIND, "không nhìn thấy", "blind", About.INSTRUMENTS, Audience.KEEPERS, "#4b5563", "⊘",
            {
                RISE: Title("CAMERA KHÔNG NHÌN THẤY", "CAMERA IS BLIND"),
                CLEAR: Title("CAMERA NHÌN THẤY LẠI", "CAMERA SEES AGAIN"),
            },
            unknown=("Không nhìn thấy", "blind"), brief=("không nhìn thấy", "nhìn thấy lại"),
            state=State.BLIND, names=Names.INSTRUMENT, levels=("không nhìn thấy",),
        ),
        KindRow(
            Kind.OUTAGE, "sự cố hệ thống", "outage", About.INSTRUMENTS, Audience.KEEPERS, "#374151", "⏻",
            {
                RISE: Title("SỰ CỐ HỆ THỐNG", "OUTAGE OF THE PLATFORM", "SỰ CỐ, MẤT LIÊN LẠC"),
                CLEAR: Title("HẾT SỰ CỐ HỆ THỐNG", "OUTAGE OVER", "HẾT SỰ CỐ"),
            },
            unknown=("Sự cố", "outage"), brief=("ngừng", "chạy lại"),
            state=State.SILENT, names=Names.INSTRUMENT, levels=("sự cố",),
        ),
        KindRow(
            Kind.PAYMENT, "khoản tiền", "payment", About.MONEY, Audience.CASHIERS, "#6a4c93", "¤",
            {RISE: Title("KHOẢN TIỀN LẠ", "ODD PAYMENT"), CLEAR: Title("ĐÃ QUA", "PAST", "KHOẢN TIỀN ĐÃ RÕ")},
            names=Names.MERCHANT, levels=("bất thường",), last=True,
        ),
    )
}  # fmt: skip
"""The one list of kinds, the most important first: within one state the kinds are told in this order, money and the platform last."""
RANKS: dict[Kind, int] = {kind: rank for rank, kind in enumerate(KINDS)}


def about(*subjects: About) -> frozenset[Kind]:
    """The kinds that are about these."""
    return frozenset(code for code, row in KINDS.items() if row.about in subjects)


def title(template: str) -> Title:
    """The title of a template by our name of it, "river_rise"; KeyError for a name that is none."""
    others = {"closed": CLOSED, "reply": REPLY, "budget": BUDGET}
    if template in others:
        return others[template]
    kind, _, family = template.rpartition("_")
    return KINDS[Kind(kind)].titles[family]


TEMPLATES: tuple[str, ...] = (
    *(f"{code}_{family}" for code in Kind for family in KINDS[code].titles),
    "closed",
    "reply",
    "budget",
)
"""Our names of the templates; the file zalo.json maps them to the numbers Zalo gives on approval."""
