"""A market day's payments: who pays what to whom and when, told by all providers, with the faults of real callers.

Shape: mobile money has its peak in the evening, a market its own at dawn; amounts are log-normal around what the place
usually takes. The truth to the đồng stands beside it.
"""

from __future__ import annotations

import enum
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from infra.rehearsal.simulator.webhooks import Transfer
from models.catalogue.providers import Provider
from models.payments.configuration import MerchantKind
from models.payments.event import What
from models.payments.providers.registry import PROVIDERS

if TYPE_CHECKING:
    from numpy.random import Generator

    from models.payments.configuration import Merchant, Payments

HOURS = (1, 1, 1, 1, 3, 14, 40, 46, 34, 25, 22, 20, 18, 14, 13, 14, 16, 21, 27, 30, 24, 14, 6, 2)
"""Weights of the hours of a day: the market at dawn, homes in the evening."""
DUPLICATES, FORGED, LATE, RETURNS, ODD = 0.05, 0.01, 0.02, 0.02, 0.0005
"""Shares of the payments; the late ones are told hours afterwards, of the returns half come before their payment."""
USUAL_VND = {MerchantKind.OFFICE: 20_000, MerchantKind.SERVICE: 90_000, MerchantKind.SHOP: 65_000}
FIRST_NUMBER = 100_000_000
NAMES = ("NGUYEN VAN A", "TRAN THI B", "LE VAN C", "HO THI D")
_PERSONAL = {word for name in NAMES for word in name.split()} | {"chuyen", "tien", "ck"}


class CallKind(enum.StrEnum):
    """What is wrong with a call, if anything."""

    FIRST = "first"
    AGAIN = "again"
    FORGED = "forged"


class ProviderCall(msgspec.Struct, frozen=True, gc=False):
    """One webhook: when it is sent (simulated time), by whom, of which transfer."""

    send_at: datetime
    provider: Provider
    transfer: Transfer
    kind: CallKind


class MoneyTruth(msgspec.Struct, frozen=True):
    """What the ledger must say; amounts in đồng, net of what went back."""

    payments: int
    returns: int
    repeated: int
    forged: int
    by_merchant: dict[str, int]
    by_hour: dict[int, int]


class MarketDay(msgspec.Struct, frozen=True):
    """The calls in the order in which they are sent, and the truth."""

    calls: list[ProviderCall]
    truth: MoneyTruth


def build(
    payments: Payments, start: datetime, seed: int, number: int, first: int = FIRST_NUMBER
) -> MarketDay:
    """`number` payments on the day that begins at `start` (local midnight), with their repetitions, returns and forgeries.

    The providers' own ids are `first` and on, two a payment: days that are told together need their own.
    """
    random = np.random.default_rng([seed, 41])
    weights = np.array(HOURS) / sum(HOURS)
    seconds = np.sort(random.choice(24, number, p=weights) * 3600 + random.uniform(0, 3600, number))
    calls: list[ProviderCall] = []
    merchants: Counter[str] = Counter()
    hours: Counter[int] = Counter()
    returns = repeated = forged = 0
    for i, second in enumerate(seconds):
        one, merchant = _payment(payments, random, start + timedelta(seconds=float(second)), first + 2 * i)
        calls.append(one)
        net = one.transfer.amount_vnd
        dice = random.uniform(size=3)
        if dice[0] < RETURNS and PROVIDERS[one.provider].returns:
            back = _return(one, random)
            calls.append(back)
            net -= back.transfer.amount_vnd
            returns += 1
        if dice[1] < DUPLICATES:
            late = timedelta(seconds=float(random.exponential(600)))
            calls.append(msgspec.structs.replace(one, send_at=one.send_at + late, kind=CallKind.AGAIN))
            repeated += 1
        if dice[2] < FORGED:
            calls.append(_forged(one, FIRST_NUMBER * 9 + i))
            forged += 1
        merchants[merchant.code] += net
        hours[int(second // 3600)] += net
    calls.sort(key=lambda call: (call.send_at, call.transfer.number, call.kind))
    truth = MoneyTruth(number, returns, repeated, forged, dict(merchants), dict(hours))
    return MarketDay(calls, truth)


def _payment(
    payments: Payments, random: Generator, at: datetime, number: int
) -> tuple[ProviderCall, Merchant]:
    """Somebody pays: more often a market than an office."""
    likely = np.array([_LIKELY[merchant.kind] for merchant in payments.merchants], float)
    merchant = payments.merchants[int(random.choice(len(likely), p=likely / likely.sum()))]
    provider = list(merchant.accounts)[int(random.integers(len(merchant.accounts)))]
    amount = int(
        np.clip(random.lognormal(np.log(USUAL_VND[merchant.kind]), 0.7), 2_000, 5_000_000) // 1000 * 1000
    )
    text, tariff = _text(payments, merchant, random)
    if PROVIDERS[provider].one_word:
        # A bill's code is one word: what is between the codes is left out.
        text = "".join(word for word in text.split() if word not in _PERSONAL) or "BILL"
    if tariff is not None:
        amount = tariff
    if random.uniform() < ODD:
        amount = 60_000_000 + int(random.integers(100)) * 10_000
    payer = f"849{int(random.integers(10**8)):08d}"
    one = Transfer(number, at.replace(microsecond=0), amount, merchant.accounts[provider], text, payer)
    delay_s = random.exponential(7200 if random.uniform() < LATE else 4)
    return ProviderCall(at + timedelta(seconds=float(delay_s)), provider, one, CallKind.FIRST), merchant


_LIKELY = {MerchantKind.OFFICE: 2, MerchantKind.SERVICE: 4, MerchantKind.SHOP: 9}


def _text(payments: Payments, merchant: Merchant, random: Generator) -> tuple[str, int | None]:
    """What people write: a fee with the household, a stall's mark, or nothing of use; and often a name."""
    name = NAMES[int(random.integers(len(NAMES)))] if random.uniform() < 0.5 else ""
    fees = [fee for fee in payments.fees if fee.merchant == merchant.code]
    stalls = [stall for stall in payments.stalls if stall.merchant == merchant.code]
    household = f"HO{int(random.integers(1, payments.targets.households + 1)):04d}"
    if fees and random.uniform() < 0.92:
        fee = fees[int(random.integers(len(fees)))]
        words = fee.words[int(random.integers(len(fee.words)))]
        return f"{name} {words} {household} chuyen tien".strip(), fee.amount_vnd
    if stalls and random.uniform() < 0.95:
        return f"{stalls[int(random.integers(len(stalls)))].mark} {name}".strip(), None
    return f"{name} ck".strip(), None


def _return(provider_call: ProviderCall, random: Generator) -> ProviderCall:
    """Some or all goes back; every second time the provider tells it before the payment."""
    whole = random.uniform() < 0.5
    amount = provider_call.transfer.amount_vnd if whole else max(1, provider_call.transfer.amount_vnd // 3)
    what = (
        What.REVERSAL if whole and What.REVERSAL in PROVIDERS[provider_call.provider].returns else What.REFUND
    )
    early = random.uniform() < 0.5
    send_at = provider_call.send_at + timedelta(seconds=-30.0 if early else float(random.exponential(3600)))
    back = Transfer(
        provider_call.transfer.number + 1, provider_call.transfer.at, amount, provider_call.transfer.account, "", provider_call.transfer.payer, what,
        provider_call.transfer.number,
    )  # fmt: skip
    return ProviderCall(send_at, provider_call.provider, back, CallKind.FIRST)


def _forged(provider_call: ProviderCall, number: int) -> ProviderCall:
    """Somebody without the key tells of a payment that never was."""
    lie = Transfer(
        number,
        provider_call.transfer.at,
        50_000_000,
        provider_call.transfer.account,
        provider_call.transfer.content,
        provider_call.transfer.payer,
    )
    return ProviderCall(provider_call.send_at, provider_call.provider, lie, CallKind.FORGED)
