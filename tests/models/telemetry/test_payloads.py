"""Each kind of unreadable message has its own words, so that whoever sees them knows what to mend at the station."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.envelope.rejected import Reason
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from tests.builders import batch, commune, payload

PLAN = plan(commune())
GOOD = payload(4.2)
TEXT = GOOD.decode()


def with_field(more: bytes) -> bytes:
    return GOOD[:-1] + b"," + more + b"}"


@pytest.mark.parametrize(
    ("bad", "reason", "vi", "en"),
    [
        pytest.param(b"", Reason.EMPTY, "rỗng", "empty", id="nothing"),
        pytest.param(b" \r\n\t", Reason.EMPTY, "rỗng", "empty", id="blanks"),
        pytest.param(codecs.BOM_UTF8, Reason.EMPTY, "rỗng", "empty", id="a byte order mark and nothing else"),
        pytest.param(with_field(b'"value":9'), Reason.DOUBLED_KEY, "'value' ghi hai lần", "'value': written twice", id="a number twice"),
        pytest.param(with_field(b'"value":4.2'), Reason.DOUBLED_KEY, "'value'", "'value'", id="twice the same"),
        pytest.param(with_field(b'"unit":"cm"'), Reason.DOUBLED_KEY, "'unit'", "'unit'", id="a text twice"),
        pytest.param(with_field(b'"v\\u0061lue":9'), Reason.DOUBLED_KEY, "'value'", "'value'", id="twice, once escaped"),
        pytest.param(with_field(b'"status":0,"value":9'), Reason.DOUBLED_KEY, "'value'", "'value'", id="beside a status"),
        pytest.param(with_field(b'"status":0,"status":2'), Reason.DOUBLED_KEY, "'status'", "'status'", id="the status twice"),
        pytest.param(with_field(b'"gps":{"x":1,"x":2}'), Reason.DOUBLED_KEY, "'x'", "'x'", id="within a field of the station's own"),
        pytest.param(GOOD.replace(b"phu-oc", b"\\ud800"), Reason.WRONG_CONTENT, "surrogate", "surrogate", id="a lone high surrogate"),
        pytest.param(GOOD.replace(b"phu-oc", b"\\udc00"), Reason.WRONG_CONTENT, "surrogate", "surrogate", id="a lone low surrogate"),
        pytest.param(GOOD.replace(b"phu-oc", b"\xed\xa0\x80"), Reason.WRONG_CONTENT, "surrogate", "surrogate", id="a surrogate as bytes"),
        pytest.param(TEXT.encode("utf-16"), Reason.WRONG_CONTENT, "UTF-16; cần UTF-8", "UTF-16; expected UTF-8", id="UTF-16 with its mark"),
        pytest.param(TEXT.encode("utf-16-le"), Reason.WRONG_CONTENT, "UTF-16", "UTF-16", id="UTF-16 LE without"),
        pytest.param(TEXT.encode("utf-16-be"), Reason.WRONG_CONTENT, "UTF-16", "UTF-16", id="UTF-16 BE without"),
        pytest.param(codecs.BOM_UTF8 + GOOD[:-1], Reason.NOT_JSON, "JSON", "JSON", id="a mark before half a message"),
        pytest.param(codecs.BOM_UTF8 + with_field(b'"value":9'), Reason.DOUBLED_KEY, "'value'", "'value'", id="a mark and a field twice"),
        pytest.param(b"\xff garbage \xed\xa0\x80", Reason.NOT_JSON, "JSON", "JSON", id="garbage that holds the bytes of a surrogate"),
        pytest.param(with_field(b'"note":"\xff"'), Reason.NOT_JSON, "JSON", "JSON", id="no UTF-8 in a field of its own"),
    ],
)  # fmt: skip
def test_a_message_that_cannot_be_read_has_its_own_words(
    bad: bytes, reason: Reason, vi: str, en: str
) -> None:
    judged = judge(PLAN, {}, batch([bad, GOOD], minutes=[0, 1]))

    (told,) = judged.rejected
    assert (told.reason, told.payload) == (reason, bad)
    assert vi in told.vi
    assert en in told.en
    assert [observation.value for observation in judged.observations] == [4.2]


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(codecs.BOM_UTF8 + GOOD, id="a byte order mark of UTF-8"),
        pytest.param(with_field(b'"status":1'), id="a status"),
        pytest.param(
            with_field(b'"note":"a \\"value\\" of value"'), id="a field of the station's own with quotes"
        ),
        pytest.param(
            with_field(b'"gps":{"value":1},"big":' + b"9" * 5000), id="the same name within another object"
        ),
        pytest.param(GOOD.replace(b",", b" ,\n "), id="blanks between"),
    ],
)
def test_what_can_be_read_without_a_doubt_is_taken(message: bytes) -> None:
    judged = judge(PLAN, {}, batch([message]))

    assert judged.rejected == []
    assert [observation.value for observation in judged.observations] == [4.2]


@given(st.binary(max_size=200), st.integers(0, len(GOOD)))
def test_no_bytes_within_a_reading_stop_the_flow(noise: bytes, place: int) -> None:
    judged = judge(PLAN, {}, batch([GOOD[:place] + noise + GOOD[place:], GOOD], minutes=[0, 1]))

    assert len(judged.observations) + len(judged.rejected) + len(judged.duplicates) == 2
