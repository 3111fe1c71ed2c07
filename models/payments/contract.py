"""What the providers' contracts share: a call, the event that it tells, why it was refused, how it is answered."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Protocol

import msgspec

from models.envelope.rejected import Reason
from models.payments.event import What

if TYPE_CHECKING:
    from models.catalogue.providers import Provider
    from models.payments.configuration import Payments
    from models.payments.shape import Shape

MAX_BYTES = 64 * 1024
"""A provider's body has some hundred bytes."""


class Refusal(ValueError):
    """A call that is no payment of ours; its words name the place, never a value: that may be a person's.

    `polite`: the call is right but nothing for the ledger (money going out); the provider is answered
    success, for a repetition would change nothing. `signed`: its signature is right, so it is the provider's own
    and no brake keeps it out.
    """

    def __init__(self, reason: Reason, vi: str, en: str, *, polite: bool = False) -> None:
        super().__init__(f"{vi} ({en})")
        self.reason, self.vi, self.en, self.polite = reason, vi, en, polite
        self.signed = False


@contextmanager
def signed() -> Iterator[None]:
    """Marks a refusal of what stands inside as one of a rightly signed call."""
    try:
        yield
    except Refusal as why:
        why.signed = True
        raise


class Call(msgspec.Struct, frozen=True):
    """A request as it came: raw body, headers by lower-case name, raw query, and when it came.

    `received_at` is the commune's time, which a replay may move; the drift of a signed timestamp is
    judged by the `now` that `read` is given.
    """

    body: bytes
    headers: Mapping[str, str]
    query: str
    received_at: datetime


class VerifiedEvent(msgspec.Struct, frozen=True):
    """What a rightly signed call says, still in clear: `content` and `payer` (phone or account) may name a person.

    `account` is the bank account it came to and `reference` the bank's own of the transfer, both "" where the
    provider tells none; `timed`: the provider tells `at`, else it is the arrival, new each time; `vi` and `en` say
    what a person must look at (What.HELD).
    """

    event: str
    at: datetime
    what: What
    amount_vnd: int
    merchant: str
    content: str
    payer: str | None = None
    original: str | None = None
    account: str = ""
    reference: str = ""
    timed: bool = True
    vi: str = ""
    en: str = ""


class Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A provider's secret file. `access_code` and `statuses` are Viettel's.

    `statuses`: payment_status -> what it means. Only 1 is known to us (the published example); an
    installation adds the codes of its own contract.
    """

    key: Annotated[str, msgspec.Meta(min_length=1)]
    access_code: str = ""
    statuses: dict[str, What] = msgspec.field(default_factory=lambda: {"1": What.PAYMENT})

    def __repr__(self) -> str:
        return "Secret(...)"


class Receivers(msgspec.Struct, frozen=True):
    """Whom one provider pays: its name of an account -> merchant, and each merchant's fixed tariffs, đồng."""

    accounts: Mapping[str, str]
    tariffs: Mapping[str, tuple[int, ...]]

    def merchant(self, *names: str) -> str:
        """The first of `names` that is known; raises Refusal."""
        for name in names:
            if name in self.accounts:
                return self.accounts[name]
        raise Refusal(Reason.UNKNOWN_MERCHANT, "không có đơn vị nhận này", "no such merchant here")


def receivers(payments: Payments, provider: Provider) -> Receivers:
    """The receivers of one provider."""
    tariffs: dict[str, tuple[int, ...]] = {}
    for fee in payments.fees:
        if fee.amount_vnd is not None:
            tariffs[fee.merchant] = (*tariffs.get(fee.merchant, ()), fee.amount_vnd)
    accounts = {
        merchant.accounts[provider]: merchant.code
        for merchant in payments.merchants
        if provider in merchant.accounts
    }
    return Receivers(accounts, tariffs)


class RequestResult(enum.Enum):
    """What became of a call that was not refused.

    NOTHING: rightly signed, but no money moved (a failed payment, a test). UNAVAILABLE: not kept,
    the provider must repeat it.
    """

    TAKEN = 1
    KNOWN = 2
    NOTHING = 3
    UNAVAILABLE = 4


class Answer(msgspec.Struct, frozen=True):
    """HTTP status and JSON body."""

    status: int
    body: bytes


class Contract(Protocol):
    """A provider's module."""

    @property
    def SHAPE(self) -> Shape:  # noqa: N802 (a constant of a module)
        """The form of its call and of our answer."""
        ...

    def read(self, call: Call, secret: Secret, known: Receivers, now: datetime) -> VerifiedEvent | None:
        """The event; None where no money moved. Raises Refusal."""
        ...

    def answer(self, outcome: RequestResult | Reason, call: Call, secret: Secret, known: Receivers) -> Answer:
        """The provider's own reply."""
        ...


STATUS = {
    Reason.TOO_BIG: 413,
    Reason.WRONG_SIGNATURE: 401,
    Reason.OLD_TIMESTAMP: 401,
    Reason.WRONG_CONTENT: 415,
    Reason.UNKNOWN_MERCHANT: 404,
    Reason.WRONG_AMOUNT: 422,
    Reason.FUTURE: 422,
}
"""Any other reason is 400."""


def plain_answer(outcome: RequestResult | Reason) -> Answer:
    """`{"success": true}` and 200, or the status of the refusal; 503 asks for a repetition."""
    if outcome is RequestResult.UNAVAILABLE:
        return Answer(503, b'{"success":false,"message":"unavailable"}')
    if isinstance(outcome, Reason):
        return Answer(STATUS.get(outcome, 400), b'{"success":false,"message":"%s"}' % outcome.encode())
    return Answer(200, b'{"success":true}')
