"""VietQR (NAPAS 247, EMVCo TLV): made and read; facts 9.2.

A field is a tag of two digits, a length of two digits and so many characters. The last field, 63, is
CRC-16/CCITT-FALSE over all before its own four digits.
"""

from __future__ import annotations

import binascii
import re

import msgspec

NAPAS, VND, VIETNAM = "A000000727", "704", "VN"
TO_ACCOUNT, TO_CARD = "QRIBFTTA", "QRIBFTTC"
STATIC, DYNAMIC = "11", "12"
PURPOSE = 25
"""Characters that are written; readers take more, for codes with 35 are about."""
LONGEST_VND = 13
_CRC = re.compile(r"6304([0-9A-Fa-f]{4})")


class QrError(ValueError):
    """A text that is no VietQR; names the place (62.08) in both languages."""

    def __init__(self, place: str, vi: str, en: str) -> None:
        super().__init__(f"{place}: {vi} ({en})")
        self.place = place


class VietQr(msgspec.Struct, frozen=True):
    """To whom (`bank`: six digits of NAPAS), how much, what for; `amount_vnd` None: the payer writes it."""

    bank: str
    account: str
    amount_vnd: int | None = None
    purpose: str = ""
    card: bool = False


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, start FFFF) of the UTF-8 bytes, four upper-case digits.

    >>> crc("123456789")
    '29B1'
    """
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def made(qr: VietQr) -> str:
    """The text of the code; raises QrError for what no reader would take."""
    _checked(qr)
    beneficiary = _field("00", qr.bank) + _field("01", qr.account)
    account = (
        _field("00", NAPAS) + _field("01", beneficiary) + _field("02", TO_CARD if qr.card else TO_ACCOUNT)
    )
    parts = [
        _field("00", "01"),
        _field("01", STATIC if qr.amount_vnd is None else DYNAMIC),
        _field("38", account),
        _field("53", VND),
        "" if qr.amount_vnd is None else _field("54", str(qr.amount_vnd)),
        _field("58", VIETNAM),
        _field("62", _field("08", qr.purpose)) if qr.purpose else "",
        "6304",
    ]
    text = "".join(parts)
    return text + crc(text)


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _checked(qr: VietQr) -> None:
    if re.fullmatch(r"[0-9]{6}", qr.bank) is None:
        raise QrError("38.01.00", "cần 6 chữ số", "expected 6 digits")
    if re.fullmatch(r"[0-9A-Za-z]{1,19}", qr.account) is None:
        raise QrError("38.01.01", "cần 1 đến 19 chữ hoặc số", "expected 1 to 19 letters or digits")
    if qr.amount_vnd is not None and not 1 <= qr.amount_vnd < 10**LONGEST_VND:
        raise QrError("54", "cần số đồng nguyên dương", "expected positive whole đồng")
    if len(qr.purpose) > PURPOSE or not qr.purpose.isascii() or not (qr.purpose.isprintable()):
        raise QrError("62.08", f"tối đa {PURPOSE} ký tự ASCII", f"at most {PURPOSE} ASCII characters")


def fields(text: str, place: str = "") -> dict[str, str]:
    """Tag -> value of one level; raises QrError with the place of the first field that does not fit."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        here = f"{place}{head[:2]}"
        if re.fullmatch(r"[0-9]{4}", head) is None:
            raise QrError(f"{place}@{at}", "cần 4 chữ số của nhãn và độ dài", "expected tag and length")
        size = int(head[2:])
        if at + 4 + size > len(text):
            raise QrError(here, f"cần {size} ký tự", f"expected {size} characters")
        if head[:2] in found:
            raise QrError(here, "có hai lần", "stands twice")
        found[head[:2]] = text[at + 4 : at + 4 + size]
        at += 4 + size
    return found


def check_crc(text: str) -> None:
    """Raises QrError when the last field is not the sum of all before."""
    last = _CRC.fullmatch(text[-8:])
    if last is None or last[1].upper() != crc(text[:-4]):
        raise QrError("63", "mã kiểm CRC sai", "the CRC does not fit")


def read(text: str) -> VietQr:
    """Raises QrError: the check sum first, then field by field."""
    check_crc(text)
    top = fields(text)
    if top.get("00") != "01":
        raise QrError("00", "cần 01", "expected 01")
    account = fields(_there(top, "38", ""), "38.")
    if account.get("00") != NAPAS:
        raise QrError("38.00", f"cần {NAPAS}", f"expected {NAPAS}")
    beneficiary = fields(_there(account, "01", "38."), "38.01.")
    if top.get("53", VND) != VND:
        raise QrError("53", "chỉ nhận 704 (VND)", "only 704 (VND)")
    return VietQr(
        bank=_there(beneficiary, "00", "38.01."),
        account=_there(beneficiary, "01", "38.01."),
        amount_vnd=_amount(top.get("54")),
        purpose=fields(top.get("62", ""), "62.").get("08", ""),
        card=account.get("02") == TO_CARD,
    )


def _there(found: dict[str, str], tag: str, place: str) -> str:
    if not found.get(tag):
        raise QrError(place + tag, "thiếu", "missing")
    return found[tag]


def _amount(written: str | None) -> int | None:
    if written is None:
        return None
    if re.fullmatch(r"[1-9][0-9]{0,12}", written) is None:
        raise QrError("54", "cần số đồng nguyên dương", "expected positive whole đồng")
    return int(written)
