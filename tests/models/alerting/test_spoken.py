"""Figures as people say them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.spoken import number, spoken

SAID = {
    "a level of the river": ("3,43 m", "ba mét bốn mươi ba"),
    "centimetres below ten": ("3,05 m", "ba mét linh năm"),
    "one decimal": ("3,5 m", "ba mét năm mươi"),
    "whole metres": ("3,00 m", "ba mét"),
    "below a metre": ("0,43 m", "bốn mươi ba xăng-ti-mét"),
    "below nothing": ("-0,20 m", "âm hai mươi xăng-ti-mét"),
    "rain": ("231,5 mm", "hai trăm ba mươi mốt phẩy năm mi-li-mét"),
    "an English point": ("2.5 mm", "hai phẩy năm mi-li-mét"),
    "a point between thousands": ("1.250 mm", "một nghìn hai trăm năm mươi mi-li-mét"),
    "a nought behind the comma": ("0,05 %", "không phẩy không năm phần trăm"),
    "an alarm level": ("trên BĐ2", "trên báo động hai"),
    "an alarm level with a space": ("BĐ 3", "báo động ba"),
    "a number to ring": ("cần cứu gọi 112.", "cần cứu gọi một một hai."),
    "a count is no number to ring": ("112 người", "một trăm mười hai người"),
    "a time": ("14:05", "mười bốn giờ năm"),
    "dust": ("bụi PM2.5", "bụi mịn"),
    "a name with a number": ("Cầu 2", "Cầu hai"),
    "marks that no voice says": ("a < b & c – d", "a b c d"),
}


@pytest.mark.parametrize(("written", "said"), SAID.values(), ids=SAID)
def test_a_figure_is_said(written: str, said: str) -> None:
    assert spoken(written) == said


NUMBERS = {
    0: "không", 4: "bốn", 10: "mười", 11: "mười một", 15: "mười lăm", 20: "hai mươi", 21: "hai mươi mốt", 25: "hai mươi lăm",
    100: "một trăm", 105: "một trăm linh năm", 110: "một trăm mười", 115: "một trăm mười lăm", 1000: "một nghìn",
    1005: "một nghìn không trăm linh năm", 20_015: "hai mươi nghìn không trăm mười lăm", 1_000_000: "một triệu",
    2_000_001: "hai triệu không trăm linh một",
}  # fmt: skip


@pytest.mark.parametrize(("value", "said"), NUMBERS.items())
def test_a_whole_number_is_said(value: int, said: str) -> None:
    assert number(value) == said


@given(st.integers(0, 999_999_999_999))
def test_no_two_numbers_near_each_other_sound_alike(value: int) -> None:
    assert number(value) != number(value + 1)


@given(st.text(max_size=80))
def test_nothing_with_a_digit_is_left(text: str) -> None:
    assert not re.search(r"(?<![\w.,])[0-9]+(?![\w.,])", spoken(text))
