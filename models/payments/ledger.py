"""How a payment stands after refunds and reversals: exact to the đồng, and the same in whatever order they came."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import msgspec

from models.payments.event import What

if TYPE_CHECKING:
    from collections.abc import Iterable


class State(enum.StrEnum):
    """How a payment stands."""

    PAID = "paid"
    PARTLY = "partly_refunded"
    REFUNDED = "refunded"
    REVERSED = "reversed"


class Return(msgspec.Struct, frozen=True, order=True):
    """Money that goes back; ordered by time, then by its id, so that the order of arrival decides nothing."""

    at_ms: int
    event: str
    what: What
    amount_vnd: int


class Standing(msgspec.Struct, frozen=True):
    """`returned_vnd` of the payment went back; `excess` are returns beyond what was left of it."""

    state: State
    returned_vnd: int
    excess: tuple[str, ...]


def standing(amount_vnd: int, returns: Iterable[Return]) -> Standing:
    """Take each return from what is left; one that is greater than the rest is refused, whole, by its id."""
    left, excess, was_reversed = amount_vnd, [], False
    for one in sorted(returns):
        if one.amount_vnd > left:
            excess.append(one.event)
            continue
        left -= one.amount_vnd
        was_reversed |= one.what is What.REVERSAL
    if left == amount_vnd:
        state = State.PAID
    elif left:
        state = State.PARTLY
    else:
        state = State.REVERSED if was_reversed else State.REFUNDED
    return Standing(state, amount_vnd - left, tuple(excess))
