"""What a called person receives, and the steps as lines."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.event import StepKind
from models.alerting.gsm7 import SINGLE, septets
from models.alerting.ladder_words import channels_at, message_of, words_of, worst_first
from models.alerting.step import Message, Step
from models.catalogue.channels import Channel
from tests.messages import AT, change, contact, place

DEPUTY = msgspec.structs.replace(contact("deputy"), name="Phó thôn La Vân Hạ")
COMMUNE = place([DEPUTY])
TAIL = " Tra loi 12 1"
RIVER = change(level=3, previous=2, change=Change.WORSE, value=4.8, limit=4.5)
DUST = change(alert="dust:1", kind=Kind.AIR, rule="pm25-hourly", parameter="pm25", unit="ug/m3", level=2, value=88.0, limit=80.0)  # fmt: skip


def step(message: Message | None = Message.CALL, kind: StepKind = StepKind.CALLED, **changed: object) -> Step:
    made = Step("1:call:deputy", AT, kind, 3, 1, "deputy", message)
    return msgspec.structs.replace(made, **changed)


MESSAGES = [
    pytest.param(
        step(),
        "CHUA AI NHAN: CANH BAO LU: Phu Oc muc nuoc 4,80 m, tren BD3 0,30 m luc 14:05 12/10. ",
        id="a call",
    ),
    pytest.param(step(taken=1, wanted=2), "CHUA DU NGUOI NHAN: CANH BAO LU: Phu Oc ", id="a call for one more"),
    pytest.param(step(helping=True, taken=1), "CAN GIUP: CANH BAO LU: Phu Oc ", id="somebody needs help"),
    pytest.param(step(Message.REPEAT, StepKind.REPEATED), "NHAC LAI: CANH BAO LU: Phu Oc ", id="told again"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "begins"), MESSAGES)
def test_the_reason_stands_in_front_and_how_to_answer_at_the_end(made: Step, begins: str) -> None:
    text = message_of(made, [RIVER], COMMUNE, TAIL)

    assert text.sms.startswith(begins)
    assert text.sms.endswith(TAIL)
    assert septets(text.sms) <= SINGLE


def test_of_several_alerts_the_worst_is_told_first_and_in_full() -> None:
    text = message_of(step(), worst_first([DUST, RIVER]), COMMUNE)

    assert text.sms.startswith("CHUA AI NHAN: CANH BAO LU: Phu Oc muc nuoc 4,80 m")
    assert text.sms.endswith(" Roi vung trung ngay, nghe lenh so tan; can cuu goi 112."), (
        "before how much else there is"
    )


def test_a_drill_says_so_before_all_else() -> None:
    text = message_of(step(), [RIVER], COMMUNE, exercise=True)

    assert text.sms.startswith("DIEN TAP. CHUA AI NHAN: ")
    assert text.fields["viec_can_lam"].startswith("DIỄN TẬP. CHƯA AI NHẬN. ")
    assert message_of(step(Message.ENDED), [RIVER], COMMUNE, exercise=True).sms.startswith("DIEN TAP: ")


def test_that_it_is_over_is_told_in_the_words_of_its_end() -> None:
    over = change(change=Change.CLEAR, level=0, previous=3, value=1.2, limit=1.5)
    text = message_of(step(Message.ENDED, StepKind.OVER), [over], COMMUNE)

    assert text.sms.startswith("HET CANH BAO LU: ")
    assert text.template == "river_clear"


def test_zalo_has_the_reason_before_what_to_do() -> None:
    fields = message_of(step(), [RIVER], COMMUNE, TAIL).fields

    assert fields["viec_can_lam"].startswith("CHƯA AI NHẬN. ")
    assert fields["tram"] == "Phú Ốc"


NAMES = st.text(min_size=1, max_size=120)


@given(NAMES, st.sampled_from(["", TAIL, " Tra loi PHUSA 12 1 gui 8079"]), st.booleans(), st.integers(0, 2))
def test_whatever_a_place_is_called_a_call_is_one_segment_with_its_end(
    name: str, tail: str, exercise: bool, taken: int
) -> None:
    stations = [msgspec.structs.replace(COMMUNE.stations[0], name=name)]
    commune = msgspec.structs.replace(COMMUNE, stations=stations)
    text = message_of(step(taken=taken), [RIVER], commune, tail, exercise=exercise)

    assert septets(text.sms) <= SINGLE
    assert text.sms.endswith(tail)
    assert all(unicodedata.is_normalized("NFC", value) for value in text.fields.values())


LINES = [
    pytest.param(step(None, StepKind.TOLD), "báo Phó thôn La Vân Hạ", id="told"),
    pytest.param(step(rung=2), "gọi Phó thôn La Vân Hạ, bậc 2", id="called"),
    pytest.param(step(Message.REPEAT, StepKind.REPEATED), "nhắc lại Phó thôn La Vân Hạ", id="repeated"),
    pytest.param(step(None, StepKind.TAKEN, contact="", wanted=2), "đủ người nhận: 2", id="taken"),
    pytest.param(step(None, StepKind.FALSE), "Phó thôn La Vân Hạ: báo nhầm", id="false"),
    pytest.param(step(None, StepKind.HELP), "Phó thôn La Vân Hạ: cần giúp", id="help"),
    pytest.param(step(None, StepKind.NOBODY, contact=""), "CHƯA AI NHẬN, không còn ai để gọi", id="nobody"),
    pytest.param(
        step(None, StepKind.NOBODY, contact="", taken=1, wanted=2),
        "MỚI 1/2 NGƯỜI NHẬN, không còn ai để gọi",
        id="too few",
    ),
    pytest.param(
        step(None, StepKind.NOBODY), "CẦN GIÚP, Phó thôn La Vân Hạ, không còn ai để gọi", id="help from nobody"
    ),
    pytest.param(step(Message.ENDED, StepKind.OVER), "báo Phó thôn La Vân Hạ là đã hết", id="ended"),
    pytest.param(step(None, StepKind.OVER, contact=""), "đã hết", id="over"),
    pytest.param(step(contact="gone"), "gọi gone, bậc 1", id="a contact that the configuration has forgotten"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "vi"), LINES)
def test_each_step_is_a_line_in_two_languages(made: Step, vi: str) -> None:
    words = words_of(made, COMMUNE)

    assert words[0] == vi
    assert words[1]


NIGHT = [
    pytest.param(0, ["zalo", "sms"], id="14:05, as the contact wants it"),
    pytest.param(7.9, ["zalo", "sms"], id="before 22:00"),
    pytest.param(8, ["sms", "zalo"], id="after 22:00 what rings goes first"),
    pytest.param(15.9, ["sms", "zalo"], id="before 06:00"),
    pytest.param(16, ["zalo", "sms"], id="06:05"),
]


@pytest.mark.parametrize(("hours", "channels"), NIGHT)
def test_by_which_way_a_call_goes(hours: float, channels: list[str]) -> None:
    at = AT.fromtimestamp(AT.timestamp() + hours * 3600, AT.tzinfo)

    assert channels_at(contact("a", channels=[Channel.ZALO, Channel.SMS]), at) == channels


def test_the_order_of_alerts_is_that_of_their_level_then_of_their_past() -> None:
    ends = [change(alert=name, level=0, previous=level) for name, level in (("a", 1), ("b", 3))]
    changes: list[AlertChange] = [*ends, DUST, RIVER]

    assert [one.alert for one in worst_first(changes)] == [RIVER.alert, DUST.alert, "b", "a"]


def test_of_several_ends_the_last_is_told_first_for_with_it_all_is_over() -> None:
    low = change(alert="low", level=0, previous=2, at=AT)
    river = change(alert="river", level=0, previous=1, at=AT + timedelta(hours=6))

    assert [one.alert for one in worst_first([low, river])] == ["river", "low"]
