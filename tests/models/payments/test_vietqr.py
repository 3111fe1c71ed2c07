"""VietQR: what is made is read again, and a wrong code is refused at its place."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.payments import vietqr
from models.payments.vietqr import QrError, VietQr

PUBLIC = (
    "00020101021238530010A0000007270123000697043201091290057180208QRIBFTTA53037045802VN5920NGUYEN PHAM THUY LAN"
    "62390835Thanh toan don hang cho Bean Bakery63043AA2"
)
QRS = st.builds(
    VietQr,
    bank=st.from_regex(r"[0-9]{6}", fullmatch=True),
    account=st.from_regex(r"[0-9A-Za-z]{1,19}", fullmatch=True),
    amount_vnd=st.none() | st.integers(1, 10**13 - 1),
    purpose=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=25),
    card=st.booleans(),
)


@given(QRS)
def test_what_is_made_is_read_again(qr: VietQr) -> None:
    assert vietqr.read(vietqr.made(qr)) == qr


@given(QRS, st.data())
def test_a_changed_character_is_found(qr: VietQr, data: st.DataObject) -> None:
    text = vietqr.made(qr)
    at = data.draw(st.integers(0, len(text) - 5))
    other = data.draw(st.sampled_from("0123456789ABC").filter(lambda one: one != text[at]))

    with pytest.raises(QrError, match="63:"):
        vietqr.read(text[:at] + other + text[at + 1 :])


def test_every_public_code_is_judged_as_published(data: Path) -> None:
    with (data / "payments" / "vietqr_payloads.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows

    for row in rows:
        assert _holds(vietqr.check_crc, row["payload"]) == (row["crc_ok"] == "1"), row["payload"]
        assert _holds(vietqr.fields, row["payload"]) == (row["tlv_parses"] == "1"), row["payload"]


def _holds(check: object, text: str) -> bool:
    try:
        check(text)  # type: ignore[operator]
    except QrError:
        return False
    return True


def test_a_reader_takes_a_longer_purpose_than_we_write() -> None:
    found = vietqr.read(PUBLIC)

    assert found == VietQr("970432", "129005718", None, "Thanh toan don hang cho Bean Bakery")
    with pytest.raises(QrError, match=r"62\.08"):
        vietqr.made(found)


def with_crc(text: str) -> str:
    """The check sum set right, so that the next mistake is found."""
    return text + "6304" + vietqr.crc(text + "6304")


ACCOUNT = "0010A00000072701240006970418011088388319790208QRIBFTTA"
WRONG = [
    pytest.param("000201", "38", id="no account"),
    pytest.param(f"000202{'38' + str(len(ACCOUNT)) + ACCOUNT}", "00", id="another version"),
    pytest.param("0002013812" + "0008A0000007", "38.00", id="not NAPAS"),
    pytest.param(f"00020138{len(ACCOUNT)}{ACCOUNT}5303840", "53", id="dollars"),
    pytest.param(f"00020138{len(ACCOUNT)}{ACCOUNT}5402-1", "54", id="a negative amount"),
    pytest.param(f"00020138{len(ACCOUNT)}{ACCOUNT}54045.00", "54", id="a fraction"),
    pytest.param("0099", "00", id="cut off"),
    pytest.param("000201000201", "00", id="a field twice"),
    pytest.param("0002016206" + "080912", "62.08", id="inside a template"),
    pytest.param("000201xx01", "@6", id="no tag"),
]


@pytest.mark.parametrize(("text", "place"), WRONG)
def test_a_mistake_is_named_with_its_place(text: str, place: str) -> None:
    if place == "62.08":
        text = text.replace("000201", f"00020138{len(ACCOUNT)}{ACCOUNT}", 1)
    with pytest.raises(QrError) as why:
        vietqr.read(with_crc(text))

    assert why.value.place == place


UNMADE = [
    pytest.param(VietQr("97041", "1"), "38.01.00", id="a short bank"),
    pytest.param(VietQr("970418", "1" * 20), "38.01.01", id="a long account"),
    pytest.param(VietQr("970418", "1", 0), "54", id="no money"),
    pytest.param(VietQr("970418", "1", 1, "tiền rác"), "62.08", id="accents"),
]


@pytest.mark.parametrize(("qr", "place"), UNMADE)
def test_a_code_that_no_reader_takes_is_not_made(qr: VietQr, place: str) -> None:
    with pytest.raises(QrError) as why:
        vietqr.made(qr)

    assert why.value.place == place
