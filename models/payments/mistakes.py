"""What is wrong in `payments.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.mistake import Mistake, filled, once, stands, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.payments.configuration import Fee, Merchant, Stall


def payment_mistakes(
    merchants: Sequence[Merchant], fees: Sequence[Fee], stalls: Sequence[Stall], *, hamlets: Sequence[str]
) -> Iterator[Mistake]:
    """All mistakes of merchants, fees and stalls but blank names; `hamlets` are codes."""
    places = sorted(set(hamlets))
    receivers = sorted({merchant.code for merchant in merchants})
    yield from once(("merchants",), "code", (merchant.code for merchant in merchants))
    for i, merchant in enumerate(merchants):
        yield from stands(("merchants", i, "hamlet"), merchant.hamlet, "hamlets", places)
    yield from once(("fees",), "code", (fee.code for fee in fees))
    for i, fee in enumerate(fees):
        yield from stands(("fees", i, "merchant"), fee.merchant, "merchants", receivers)
    yield from once(("stalls",), "code", (stall.code for stall in stalls))
    for i, stall in enumerate(stalls):
        yield from stands(("stalls", i, "hamlet"), stall.hamlet, "hamlets", places)
        yield from stands(("stalls", i, "merchant"), stall.merchant, "merchants", receivers)
    yield from once(("stalls",), "mark", (stall.mark for stall in stalls))
    yield from _accounts(merchants)
    yield from _words(fees)


def _accounts(merchants: Sequence[Merchant]) -> Iterator[Mistake]:
    """One account belongs to one merchant: else nobody could tell who was paid."""
    owners: dict[tuple[str, str], str] = {}
    for i, merchant in enumerate(merchants):
        for provider, account in merchant.accounts.items():
            path = ("merchants", i, "accounts", str(provider))
            first = owners.setdefault((provider, account), merchant.code)
            yield from filled(path, account, "một tài khoản", "an account")
            if account.strip() and first != merchant.code:
                vi, en = f"tài khoản riêng: {first} đã có", f"an account of its own: {first} has it"
                yield wrong(path, account, vi, en)


def _words(fees: Sequence[Fee]) -> Iterator[Mistake]:
    """The same words of two fees of one merchant would match both."""
    owners: dict[tuple[str, str], str] = {}
    for i, fee in enumerate(fees):
        for j, text in enumerate(fee.words):
            path = ("fees", i, "words", j)
            first = owners.setdefault((fee.merchant, text.upper()), fee.code)
            yield from filled(path, text, "một từ", "a word")
            if text.strip() and first != fee.code:
                vi, en = f"từ riêng: {first} đã có", f"words of its own: {first} has them"
                yield wrong(path, text, vi, en)
