"""What is left of a person: words of the commune's vocabulary, and a keyed pseudonym."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.payments.content import folded, reduced, vocabulary
from models.payments.pseudonym import pseudonym
from tests.webhooks import PAYMENTS

WORDS = vocabulary(PAYMENTS)
ALLOWED = re.compile(r"TIEN RAC|RAC|SAP12|HO[0-9]{4}|T(?:0[1-9]|1[0-2])|20[0-9]{2}")
KEY = b"k" * 32
TEXTS = [
    pytest.param("Tiền rác T10 HO0123", "TIEN RAC T10 HO0123", id="as asked for"),
    pytest.param("NGUYEN VAN TIEN chuyen tien", "", id="a name that is a fee's word"),
    pytest.param("MBVCB.123456789.rac.CT tu 0912345678 LE THI B", "RAC", id="a bank's own text"),
    pytest.param("sap 12 thang 10/2026", "SAP12 2026", id="a mark written apart"),
    pytest.param("RACHO0123T10", "RAC HO0123 T10", id="glued"),
    pytest.param("HO 0123", "HO0123", id="a household written apart"),
    pytest.param("HO 0123456789", "", id="a phone behind HO"),
    pytest.param("HO01234", "", id="a digit too many"),
    pytest.param("T13 T1 1999", "", id="no month, no year of ours"),
    pytest.param("20262027", "2026 2027", id="eight digits that are two years"),
    pytest.param("", "", id="nothing"),
    pytest.param("ＲＡＣ", "RAC", id="full width"),
    pytest.param("rác" * 400, ("RAC " * 64).strip(), id="very long"),
]


@pytest.mark.parametrize(("text", "left"), TEXTS)
def test_only_the_vocabulary_is_left(text: str, left: str) -> None:
    assert reduced(text, WORDS) == left


PIECES = st.sampled_from(
    [
        "rác",
        "tien",
        "RAC",
        "HO0123",
        "ho",
        "T10",
        "SAP12",
        "sap",
        "12",
        "2026",
        "0912345678",
        "84912345678",
        "Hoàng",
    ]
)
FREE = st.lists(PIECES | st.text(max_size=12) | st.from_regex(r"[0-9]{1,12}", fullmatch=True), max_size=12)


@given(FREE, st.sampled_from(["", " ", ".", "-", "\u00a0"]))
def test_no_long_number_and_no_strange_word_survives(parts: list[str], between: str) -> None:
    left = reduced(between.join(parts), WORDS)

    assert len(left) <= 256
    assert re.search(r"[0-9]{8}", left) is None
    assert ALLOWED.sub("", left).strip() == ""


def test_words_that_begin_alike_cost_no_time() -> None:
    fees = [msgspec.structs.replace(PAYMENTS.fees[0], words=["rac", "racrac", "racracrac"])]
    alike = vocabulary(msgspec.structs.replace(PAYMENTS, fees=fees))

    # Without the possessive loop: 2^600 ways.
    assert reduced("rac" * 600 + "x", alike) == ""


@given(st.text(max_size=60))
def test_reducing_twice_is_reducing_once(text: str) -> None:
    once = reduced(text, WORDS)

    assert reduced(once, WORDS) == once


def test_folding_takes_all_of_vietnamese() -> None:
    assert folded("Đường Ỷ Lan, thổn thức, ươ ưỡ ộ ẵ") == "DUONG Y LAN, THON THUC, UO UO O A"


PHONES = ["+84912345678", "84912345678", "0912345678", "+84 912 345 678", "0912.345.678", "0084912345678"]


@pytest.mark.parametrize("written", PHONES)
def test_one_phone_has_one_pseudonym(written: str) -> None:
    found = pseudonym(written, KEY)

    assert found == pseudonym(PHONES[0], KEY)
    assert re.fullmatch(r"[0-9a-f]{32}", found or "")


@pytest.mark.parametrize("written", [None, "", "******678", "xxxx1234", " - "])
def test_nobody_has_no_pseudonym(written: str | None) -> None:
    assert pseudonym(written, KEY) is None


def test_another_key_or_person_is_another_pseudonym() -> None:
    known = {pseudonym("0912345678", KEY), pseudonym("0912345679", KEY), pseudonym("0912345678", b"l" * 32)}

    assert len(known) == 3
