"""What a person who answered is told fits one SMS whatever the names, and says what to do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.alerting.codes import LONGEST_PATTERN
from models.alerting.event import AnswerKind
from models.alerting.gsm7 import SINGLE, septets
from models.alerting.long_text import long_text
from models.alerting.reply_words import SAID, About, confirmed, lesson, over
from models.alerting.together import Text
from models.alerting.wording import FIELDS

AT = datetime(2025, 10, 31, 19, 14, tzinfo=UTC)
"""02:14 on 1 November in Vietnam."""
RIVER, MARKET, LONG = (
    About(12, "Phú Ốc"),
    About(15, "Chợ Quảng Thọ"),
    About(98, "Nhà sinh hoạt cộng đồng thôn " * 5),
)
SHORT = "PHUSA {} gui 8079"
LONGEST = "X" * (LONGEST_PATTERN - 2) + "{}"
DRILL = About(12, "Phú Ốc", exercise=True)

TEXTS = {
    "taken": (
        confirmed(AnswerKind.TAKEN, RIVER, AT),
        "Phu Sa: da ghi ban di luc 02:14, Phu Oc. Can giup thi tra loi 12 3. Cam on.",
    ),
    "false": (
        confirmed(AnswerKind.FALSE, RIVER, AT),
        "Phu Sa: da ghi ban bao nham luc 02:14, Phu Oc. Neu la that thi tra loi 12 1. Cam on.",
    ),
    "help": (
        confirmed(AnswerKind.HELP, RIVER, AT),
        ("Phu Sa: da ghi ban can giup luc 02:14, man hinh truc dang bao, Phu Oc. "
        "Nguy hiem tinh mang: goi ngay 112, 114 hoac 115."),
    ),
    "over": (
        over(RIVER, AT),
        "Phu Sa: viec so 12 Phu Oc da xong. Khong can tra loi nua. Nguy hiem tinh mang: goi ngay 112, 114 hoac 115.",
    ),
    "over, whichever it was": (
        over(None, AT),
        "Phu Sa: viec ban tra loi da xong. Khong can tra loi nua. Nguy hiem tinh mang: goi ngay 112, 114 hoac 115.",
    ),
    "not understood, one open": (
        lesson([RIVER], AT),
        "Phu Sa: chua hieu tin cua ban ve Phu Oc. Tra loi 12 1: da nhan, toi di; 2: bao nham; 3: can giup. Cam on.",
    ),
    "not understood, several open": (
        lesson([RIVER, MARKET], AT),
        ("Phu Sa: chua hieu tin cua ban. Tra loi nhu 12 1: da nhan, toi di; 2: bao nham; 3: can giup. So viec: "
        "12 Phu Oc; 15 Cho Quang Tho"),
    ),
    "not understood, nothing open": (
        lesson([], AT),
        ("Phu Sa: chua hieu tin cua ban. Luc nay khong co canh bao nao cho ban tra loi. "
        "Nguy hiem tinh mang: goi ngay 112, 114 hoac 115."),
    ),
    "by a short number": (
        confirmed(AnswerKind.TAKEN, RIVER, AT, SHORT),
        "Phu Sa: da ghi ban di luc 02:14, Phu Oc. Can giup thi tra loi PHUSA 12 3 gui 8079. Cam on.",
    ),
    "how, by a short number": (
        lesson([RIVER], AT, SHORT),
        "Phu Sa: chua hieu tin cua ban ve Phu Oc. Tra loi PHUSA 12 1 gui 8079: da nhan, toi di; 2: bao nham; 3: can giup. Cam on.",
    ),
    "a drill says so first": (
        confirmed(AnswerKind.TAKEN, DRILL, AT),
        "DIEN TAP Phu Sa: da ghi ban di luc 02:14, Phu Oc. Can giup thi tra loi 12 3. Cam on.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS.keys())
def test_the_words_are_those_that_were_read(text: Text, expected: str) -> None:
    assert text.sms == expected


ALL = {
    **{f"{kind} {about.name[:9]}": confirmed(kind, about, AT) for kind in list(SAID)[:3] for about in (RIVER, LONG, DRILL)},
    **{f"over {about.name[:9]}": over(about, AT) for about in (RIVER, LONG)},
    "over": over(None, AT),
    **{f"lesson of {n}": lesson([LONG] * n, AT) for n in (0, 1, 2, 5, 30, 80)},
    **{f"lesson of {n}, long pattern": lesson([LONG] * n, AT, LONGEST) for n in (1, 2, 30)},
    **{f"{kind}, long pattern": confirmed(kind, LONG, AT, LONGEST) for kind in list(SAID)[:3]},
}  # fmt: skip


@pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())
def test_a_reply_is_one_sms_and_fills_every_field_of_the_template(text: Text) -> None:
    assert septets(text.sms) <= SINGLE
    assert "?" not in text.sms
    assert set(text.fields) == set(FIELDS)
    assert all(text.fields.values())
    assert text.fields["viec_can_lam"] in long_text(text.template, text.fields)


def test_a_long_name_is_cut_and_nothing_else() -> None:
    text = confirmed(AnswerKind.HELP, LONG, AT).sms

    assert text.endswith("goi ngay 112, 114 hoac 115.")
    assert "Nha sinh hoat" in text
