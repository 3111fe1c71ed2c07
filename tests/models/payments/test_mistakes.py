"""Mistakes of `payments.yaml`: every code is known, an account and a word have one owner."""

from __future__ import annotations

from typing import Any

import pytest

from models.payments.configuration import Fee, Merchant, MerchantKind, Provider, Stall
from models.payments.mistakes import payment_mistakes


def merchant(code: str = "xa", account: str = "1", hamlet: str = "la-van") -> Merchant:
    return Merchant(code, "Xã", MerchantKind.OFFICE, hamlet, {Provider.SEPAY: account})


def fee(code: str = "rac", *words: str, merchant: str = "xa") -> Fee:
    return Fee(code, "Rác", merchant, list(words) or ["RAC"])


def stall(mark: str = "SAP1", merchant: str = "xa", hamlet: str = "la-van", code: str = "sap") -> Stall:
    return Stall(code, "Sạp", merchant, mark, hamlet)


ACCOUNT = ("merchants", 1, "accounts", "sepay")


@pytest.mark.parametrize(
    ("name", "merchants", "fees", "stalls", "why"),
    [
        ("as it should be", [merchant()], [fee()], [stall()], []),
        ("in no hamlet", [merchant(hamlet="hue")], [], [], [
            (("merchants", 0, "hamlet"), "one of `hamlets`: la-van"),
        ]),
        ("a fee of nobody", [merchant()], [fee(merchant="ai")], [], [
            (("fees", 0, "merchant"), "one of `merchants`: xa"),
        ]),
        ("a stall of nobody, nowhere", [merchant()], [], [stall(merchant="ai", hamlet="hue")], [
            (("stalls", 0, "hamlet"), "one of `hamlets`: la-van"),
            (("stalls", 0, "merchant"), "one of `merchants`: xa"),
        ]),
        ("a merchant twice", [merchant(), merchant()], [], [], [
            (("merchants", 1, "code"), "each code only once"),
        ]),
        ("a mark twice", [merchant()], [], [stall(), stall(code="sap-2")], [
            (("stalls", 1, "mark"), "each code only once"),
        ]),
        ("an account of two", [merchant(), merchant("cho")], [], [], [
            (ACCOUNT, "an account of its own: xa has it"),
        ]),
        ("two accounts", [merchant(), merchant("cho", "2")], [], [], []),
        ("blank accounts of two", [merchant(account=""), merchant("cho", " ")], [], [], [
            (("merchants", 0, "accounts", "sepay"), "an account"), (ACCOUNT, "an account"),
        ]),
        ("words of two fees, in other letters", [merchant()], [fee(), fee("nuoc", "NUOC", "rac")], [], [
            (("fees", 1, "words", 1), "words of its own: rac has them"),
        ]),
        ("words of two merchants", [merchant(), merchant("cho", "2")], [fee(), fee("ve", merchant="cho")], [], []),
        ("no word", [merchant()], [fee("rac", " ")], [], [(("fees", 0, "words", 0), "a word")]),
    ],
)  # fmt: skip
def test_who_is_paid_for_what_is_never_in_doubt(
    name: str, merchants: list[Merchant], fees: list[Fee], stalls: list[Stall], why: Any
) -> None:
    found = payment_mistakes(merchants, fees, stalls, hamlets=["la-van", "la-van"])

    assert [(mistake.path, mistake.expected_en) for mistake in found] == why, name
