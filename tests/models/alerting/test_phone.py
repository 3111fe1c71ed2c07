"""A phone number in any of the ways people write it is one number; what is none is none."""

from __future__ import annotations

import pytest

from models.alerting.phone import RENUMBERED, phone

MOBILE, OLD, HUE = "84912345678", "84382345678", "842343822555"

WRITTEN = {
    "as dialled at home": ("0912345678", MOBILE),
    "international": ("84912345678", MOBILE),
    "with a plus": ("+84912345678", MOBILE),
    "dialled from abroad": ("0084912345678", MOBILE),
    "the country in brackets": ("(+84) 912 345 678", MOBILE),
    "dots": ("0912.345.678", MOBILE),
    "dashes": ("0912-345-678", MOBILE),
    "country and trunk zero": ("84 0912345678", MOBILE),
    "trunk zero in brackets": ("+84(0)912345678", MOBILE),
    "spaces of a web page": ("0912\u00a0345\u00a0678", MOBILE),
    "full-width digits": ("０９１２３４５６７８", MOBILE),
    "no zero, as a spreadsheet saves it": ("912345678", MOBILE),
    "marks of direction, from an address book": ("\u202a+84 912 345 678\u202c", MOBILE),
    "a long dash and a tab": ("0912–345\t678", MOBILE),
    "84 is also a mobile prefix": ("0841234567", "84841234567"),
    "84 as prefix without its zero": ("841234567", "84841234567"),
    "84 twice": ("84841234567", "84841234567"),
    "the country behind a zero": ("(084) 912 345 678", MOBILE),
    "the country behind a zero, a landline": ("084-234-3822555", HUE),
    "11 digits, of before 2018": ("01682345678", OLD),
    "11 digits, international": ("+84 168 234 5678", OLD),
    "a landline of Huế": ("0234.3822.555", HUE),
    "a landline, international": ("+84 (234) 3822 555", HUE),
    "made up for a rehearsal": ("84000000001", "84000000001"),
    "made up, as dialled at home": ("0000000001", "84000000001"),
}


@pytest.mark.parametrize(("text", "expected"), WRITTEN.values(), ids=WRITTEN.keys())
def test_a_number_is_one_however_it_is_written(text: str, expected: str) -> None:
    assert phone(text) == expected


NONE = {
    "nothing": "",
    "a name": "Trưởng thôn",
    "a digit too few": "091234567",
    "a digit too many": "09123456789",
    "two numbers": "0912345678 / 0987654321",
    "two numbers, a space between": "0912345678 0987654321",
    "a name behind it": "0912345678 (anh Ba)",
    "another country": "+85291234567",
    "an area code of before 2017": "0543822555",
    "an old prefix that nobody had": "01112345678",
    "a prefix that nobody has": "0412345678",
    "emergency": "114",
    "a short number": "8041",
    "84 as prefix, a digit too many": "08412345678",
    "a plus in the middle": "0912+345678",
    "digits of another script": "٠٩١٢٣٤٥٦٧٨",
    "letters for digits": "O9I2345678",
    "a NUL is nothing that is seen, its digits are too few": "09123456\x007",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_what_is_no_number_is_none(text: str) -> None:
    assert phone(text) is None


@pytest.mark.parametrize("number", sorted({made for _, made in WRITTEN.values()}))
def test_a_number_in_its_one_form_stays_what_it_is(number: str) -> None:
    assert phone(number) == number


def test_every_old_prefix_has_a_new_one_of_its_own() -> None:
    assert len(set(RENUMBERED.values())) == len(RENUMBERED)
    assert all(phone(f"0{old}2345678") == f"84{new}2345678" for old, new in RENUMBERED.items())
