"""What must stand in the ledger after all kills, from what was told; pure, and reckoned without the ledger's own rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infra.rehearsal.simulator.market_day import CallKind
from models.payments.event import What

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infra.rehearsal.simulator.market_day import ProviderCall
    from models.payments.configuration import Payments

Line = tuple[str, str]
"""Merchant, state."""
Sums = tuple[int, int, int]
"""Payments, đồng paid, đồng that went back."""


@dataclass(slots=True)
class Expected:
    """Sums by merchant and state of everything that passed through `told`."""

    payments: Payments
    lines: dict[Line, Sums] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    """payments, returns, again, forged."""

    def told(self, calls: Iterable[ProviderCall]) -> Iterator[ProviderCall]:
        """Pass a day's calls on and count them in; a payment and its return must be of the same day."""
        owner = {
            (by, name): merchant.code
            for merchant in self.payments.merchants
            for by, name in merchant.accounts.items()
        }
        paid: dict[tuple[str, int], tuple[str, int]] = {}
        back: dict[tuple[str, int], tuple[What, int]] = {}
        for call in calls:
            transfer = call.transfer
            if call.kind is not CallKind.FIRST:
                self.counts[call.kind.value] += 1
            elif transfer.original is None:
                merchant = owner[call.provider, transfer.account]
                paid[call.provider, transfer.number] = merchant, transfer.amount_vnd
            else:
                # The market day tells at most one return a payment.
                back[call.provider, transfer.original] = transfer.what, transfer.amount_vnd
            yield call
        self.counts["payments"] += len(paid)
        self.counts["returns"] += len(back)
        for key, (merchant, amount) in paid.items():
            what, returned = back.get(key, (What.PAYMENT, 0))
            self._add((merchant, _state(amount, what, returned)), amount, returned)

    def _add(self, line: Line, amount: int, returned: int) -> None:
        number, paid, back = self.lines.get(line, (0, 0, 0))
        self.lines[line] = number + 1, paid + amount, back + returned


def _state(amount: int, what: What, returned: int) -> str:
    if not returned:
        return "paid"
    if returned < amount:
        return "partly_refunded"
    return "reversed" if what is What.REVERSAL else "refunded"


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of the ledger that is not as told; None where one side has no such line."""

    merchant: str
    state: str
    expected: Sums | None
    found: Sums | None


def differences(wanted: dict[Line, Sums], found: dict[Line, Sums]) -> list[Difference]:
    """Every line that differs by a payment or by a đồng."""
    lines = sorted(wanted.keys() | found.keys())
    return [
        Difference(*line, wanted.get(line), found.get(line))
        for line in lines
        if wanted.get(line) != found.get(line)
    ]
