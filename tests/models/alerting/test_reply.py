"""A reply is read as people write it; what is not sure is not guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.event import AnswerKind
from models.alerting.reply import Reply, read_reply

TAKEN, FALSE, HELP = AnswerKind.TAKEN, AnswerKind.FALSE, AnswerKind.HELP
UNREAD, CLOSED = Reply(AnswerKind.UNREAD), AnswerKind.CLOSED

BY_DIGITS = {
    "received": ("12 1", Reply(TAKEN, 12)),
    "false alarm": ("12 2", Reply(FALSE, 12)),
    "help": ("12 3", Reply(HELP, 12)),
    "another event": ("15 1", Reply(TAKEN, 15)),
    "a dot": ("12.1", Reply(TAKEN, 12)),
    "a dash": ("12-1", Reply(TAKEN, 12)),
    "a slash and blanks": ("  12 / 1 ", Reply(TAKEN, 12)),
    "a line each": ("12\n1\n", Reply(TAKEN, 12)),
    "nothing between": ("121", Reply(TAKEN, 12)),
    "blanks between all": ("1 2 1", Reply(TAKEN, 12)),
    "the other way round": ("1 12", Reply(TAKEN, 12)),
    "a full stop behind": ("12 1.", Reply(TAKEN, 12)),
    "a hash before, as buttons send": ("#12 1", Reply(TAKEN, 12)),
    "full-width digits": ("１２ １", Reply(TAKEN, 12)),
    "the keyword of a shared number": ("PHUSA 12 1", Reply(TAKEN, 12)),
    "the keyword in two words": ("Phù Sa 12 2", Reply(FALSE, 12)),
    "courtesy around": ("Dạ 12 1 anh nhé", Reply(TAKEN, 12)),
    "as the message says it": ("tra loi 12 1", Reply(TAKEN, 12)),
    "a word that says the same": ("12 1 tôi đi", Reply(TAKEN, 12)),
    "a word that nobody reads": ("12 1 roger", Reply(TAKEN, 12)),
    "a code and words": ("12 tôi đi", Reply(TAKEN, 12)),
    "words and a code": ("báo nhầm 15", Reply(FALSE, 15)),
    "minutes are no code": ("12 tôi đi 20 phút nữa", Reply(TAKEN, 12)),
    "when he will be there": ("12 1 15 phút nữa tới", Reply(TAKEN, 12)),
    "when he will be there, in short": ("12 1, 10p nua den", Reply(TAKEN, 12)),
    "help wins over going": ("12 1 nhưng cần giúp", Reply(HELP, 12)),
    "help without a code is of the worst": ("giúp tôi", Reply(HELP, 12)),
    "help, and how many are there": ("12 3 nhà 5 người", Reply(HELP, 12)),
    "help, and the number of the house": ("12 3 nhà 5", Reply(HELP, 12)),
    "help, and how high the water stands": ("15 3, nước vào nhà 2 mét, không đi được", Reply(HELP, 15)),
    "of an event that is over": ("44 1", Reply(CLOSED, 44)),
    "words of an event that is over": ("44 da nhan", Reply(CLOSED, 44)),
}


@pytest.mark.parametrize(("text", "expected"), BY_DIGITS.values(), ids=BY_DIGITS.keys())
def test_with_several_open_the_code_says_which(text: str, expected: Reply) -> None:
    assert read_reply(text, [12, 15], {44}) == expected


NOT_READ = {
    "nothing": "",
    "blanks": " \n ",
    "a code alone": "12",
    "a verb alone, several open": "1",
    "words alone, several open": "tôi đi",
    "a verb that is none": "12 4",
    "a code of nobody": "13 1",
    "a code of nobody, with courtesy": "dạ 13 1 ạ",
    "two answers in one": "12 1 15 1",
    "two codes": "12 15 tôi đi",
    "digit and word differ": "12 1 báo nhầm",
    "both at once": "12 đã nhận, báo nhầm",
    "minutes that might be a code": "15 phút nữa tôi đi",
    "denied": "12 1 không đi được",
    "denied in words": "12 tôi không đi",
    "not yet": "12 chưa nhận",
    "asked": "12 ai đi?",
    "a phone number": "0900000001",
    "a picture": "👍",
    "another language": "こんにちは",
    "a NUL": "\x00",
}


@pytest.mark.parametrize("text", NOT_READ.values(), ids=NOT_READ.keys())
def test_what_is_not_sure_is_unread(text: str) -> None:
    assert read_reply(text, [12, 15], {44}) == UNREAD


ONE_OPEN = {
    "a digit": ("1", TAKEN),
    "a digit and courtesy": ("1 nhé", TAKEN),
    "I go": ("tôi đi", TAKEN),
    "I go, shouted": ("TÔI ĐI!", TAKEN),
    "I go, unaccented": ("toi di ngay", TAKEN),
    "received": ("Đã nhận", TAKEN),
    "received, unaccented": ("da nhan", TAKEN),
    "the button's words": ("Đã nhận, tôi đi", TAKEN),
    "NFD accents": ("Đa\u0303 nha\u0323\u0302n", TAKEN),
    "go, the whole text": ("đi", TAKEN),
    "ok": ("OK", TAKEN),
    "false alarm": ("báo nhầm", FALSE),
    "false alarm, unaccented": ("bao nham roi", FALSE),
    "help": ("giúp", HELP),
    "help, in upper case": ("GIUP", HELP),
    "help in a long text": (
        "nuoc vao nha roi ca nha leo len mai can thuyen ra cuu voi ba con oi nhanh",
        HELP,
    ),
    "help that says not": ("cứu tôi, nước không rút", HELP),
    "nobody helps": ("không ai giúp", HELP),
    "nobody has come to the rescue yet": ("chưa ai tới cứu", HELP),
    "who goes to help": ("tôi đi giúp bà con", TAKEN),
    "who goes to support": ("em đi hỗ trợ", TAKEN),
    "support is asked for": ("can ho tro", HELP),
    "come and help me": ("tới giúp tôi", HELP),
    "minutes": ("15 phút nữa tôi đi", TAKEN),
}


@pytest.mark.parametrize(("text", "kind"), ONE_OPEN.values(), ids=ONE_OPEN.keys())
def test_where_one_is_open_no_code_is_needed(text: str, kind: AnswerKind) -> None:
    assert read_reply(text, [12]) == Reply(kind, 12)


NARROW = {
    "a height is no answer": "nước lên 1 mét",
    "a question": "bảo tôi đi đâu",
    "no help needed": "không cần giúp",
    "no flood": "không có lũ",
    "a long story": "hôm qua tôi đi chợ rồi về nhà ăn cơm với vợ con xong mới đi ngủ",
    "back home": "trở lại nhà",
    "greeting": "xin chào",
    "zero": "0",
}


@pytest.mark.parametrize("text", NARROW.values(), ids=NARROW.keys())
def test_what_would_quiet_is_read_narrowly(text: str) -> None:
    assert read_reply(text, [12]) == UNREAD


def test_with_nothing_open_an_answer_is_to_what_is_over() -> None:
    assert read_reply("1", [], {44}) == Reply(CLOSED)
    assert read_reply("1", []) == UNREAD


def test_two_ways_to_read_it_are_none() -> None:
    """The digits 1 21 may be 12 and 1, or 21 said backwards."""
    assert read_reply("1 21", [12, 21]) == UNREAD
    assert read_reply("1 21", [12]) == Reply(TAKEN, 12)


@given(st.text(max_size=200), st.lists(st.integers(10, 99), max_size=3, unique=True))
def test_whatever_is_written_the_code_is_one_of_the_contacts(text: str, codes: list[int]) -> None:
    reply = read_reply(text, codes[:2], codes[2:])

    assert reply.code is None or reply.code in codes
    assert (reply.kind in {TAKEN, FALSE, HELP}) <= (reply.code in codes[:2])
