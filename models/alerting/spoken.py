"""Figures as people say them in Vietnamese: 3,43 m is "ba mét bốn mươi ba", BĐ3 "báo động ba", 112 "một một hai"."""

from __future__ import annotations

import re

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", " nghìn", " triệu", " tỷ")
UNITS = {"m": "mét", "cm": "xăng-ti-mét", "mm": "mi-li-mét", "%": "phần trăm"}
"""Units that people say; a value in any other is left out of what is spoken."""
_FIGURE = re.compile(r"(?<![\w.,])(-?)(\d{1,3}(?:\.\d{3})+|\d+)(?:[,.](\d+))?(?: ?(m|cm|mm|%)(?!\w|/))?")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_ALARM = re.compile(r"\bBĐ ?(?=\d)")
_BESIDE = re.compile(r"(?<=[^\W\d_])(?=\d)")
_CALL = re.compile(r"(?<=\bgọi )\d{3}\b")
"""Numbers to ring are said digit by digit."""
_DUST = re.compile(r"(?:bụi )?PM2[.,]5")
_NOT_SAID = re.compile(r"[^\w\s.,;:!?%-]")


def spoken(text: str) -> str:
    """A Vietnamese text with its figures in words and nothing that a voice would stumble over.

    >>> spoken("Nước 3,43 m, trên BĐ2 0,43 m; cần cứu gọi 112.")
    'Nước ba mét bốn mươi ba, trên báo động hai bốn mươi ba xăng-ti-mét; cần cứu gọi một một hai.'
    """
    text = _CLOCK.sub(lambda found: f"{found[1]} giờ {found[2]}", text)
    text = _CALL.sub(lambda found: " ".join(DIGITS[int(one)] for one in found[0]), _DUST.sub("bụi mịn", text))
    text = _BESIDE.sub(" ", _ALARM.sub("báo động ", text))
    text = _FIGURE.sub(_figure, text)
    return " ".join(_NOT_SAID.sub(" ", text).split())


def number(value: int) -> str:
    """A whole number; from a thousand billion on digit by digit, as nobody counts so far.

    >>> number(21), number(105), number(1_005), number(24)
    ('hai mươi mốt', 'một trăm linh năm', 'một nghìn không trăm linh năm', 'hai mươi bốn')
    """
    if value == 0 or value >= 1000 ** len(GROUPS):
        return " ".join(DIGITS[int(one)] for one in str(value))
    groups: list[int] = []
    while value:
        value, rest = divmod(value, 1000)
        groups.append(rest)
    first = len(groups) - 1
    return " ".join(
        f"{_hundreds(groups[at], whole=at < first)}{GROUPS[at]}" for at in range(first, -1, -1) if groups[at]
    )


def _hundreds(value: int, *, whole: bool) -> str:
    """0 to 999; `whole`: also the hundreds that are none, behind a thousand."""
    hundreds, rest = divmod(value, 100)
    said = [f"{DIGITS[hundreds]} trăm"] if hundreds or whole else []
    if rest:
        said.append(_tens(rest, behind=bool(said)))
    return " ".join(said)


def _tens(value: int, *, behind: bool) -> str:
    tens, ones = divmod(value, 10)
    if tens == 0:
        return f"linh {DIGITS[ones]}" if behind else DIGITS[ones]
    said = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    if ones == 0:
        return said
    last = {1: "mốt" if tens > 1 else "một", 5: "lăm"}.get(ones, DIGITS[ones])
    return f"{said} {last}"


def _figure(found: re.Match[str]) -> str:
    sign, whole, decimals, unit = found.groups()
    minus, value = "âm " if sign else "", int(whole.replace(".", ""))
    if unit == "m" and decimals and len(decimals) <= 2:
        return minus + _metres(value, int(decimals.ljust(2, "0")))
    said = number(value) + (f" phẩy {_behind_the_comma(decimals)}" if (decimals or "").strip("0") else "")
    return f"{minus}{said} {UNITS[unit]}" if unit else f"{minus}{said}"


def _metres(metres: int, centimetres: int) -> str:
    """As a gauge is read aloud: "ba mét bốn mươi ba", "ba mét linh năm", "bốn mươi ba xăng-ti-mét"."""
    if metres == 0 and centimetres:
        return f"{number(centimetres)} {UNITS['cm']}"
    said = f"{number(metres)} {UNITS['m']}"
    return f"{said} {_tens(centimetres, behind=True)}" if centimetres else said


def _behind_the_comma(decimals: str) -> str:
    """Two digits as a number, else digit by digit: 0,05 is "không phẩy không năm"."""
    if len(decimals) <= 2 and decimals[0] != "0":
        return number(int(decimals))
    return " ".join(DIGITS[int(one)] for one in decimals)
