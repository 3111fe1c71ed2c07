"""A payment as each provider would tell it over HTTP, rightly signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Protocol

from models.catalogue.providers import Provider
from models.payments.body import LOCAL, VIETNAM
from models.payments.contract import Secret
from models.payments.event import What
from models.payments.shape import JSON

PLAIN_SUCCESS = (b'"success":true',)
"""What most providers are answered (models/payments/contract.py plain_answer)."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What happened at the bank. `number` is the provider's own id (digits), `account` how it calls the receiver.

    `original`: the `number` that a refund or reversal takes back. payOS tells no refund.
    """

    number: int
    at: datetime
    amount_vnd: int
    account: str
    content: str = ""
    payer: str = "84912000001"
    what: What = What.PAYMENT
    original: int | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """One HTTP call; `path` with its query."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Simulated(Protocol):
    """A provider's module in infra/rehearsal/simulator/providers: what it sends and what it takes for success."""

    @property
    def SUCCESS(self) -> tuple[bytes, ...]:  # noqa: N802 (a constant of a module)
        """Parts of an answer's body, one of which says that it need not call again."""
        ...

    def webhook(self, transfer: Transfer, secret: Secret, sent: datetime, /) -> Webhook:
        """The call that tells of a transfer."""
        ...

    def event_id(self, transfer: Transfer, /) -> str:
        """The `event` under which the endpoint knows it."""
        ...


@cache
def simulated(provider: Provider) -> Simulated:
    """The provider's module."""
    found: Simulated = import_module(f"{__name__.rpartition('.')[0]}.providers.{provider}")
    return found


def event_id(provider: Provider, transfer: Transfer) -> str:
    """The `event` under which the endpoint knows it."""
    return simulated(provider).event_id(transfer)


def webhook(provider: Provider, transfer: Transfer, secret: Secret, sent: datetime) -> Webhook:
    """The call as `provider` sends it at `sent` (real time: two of them sign it)."""
    return simulated(provider).webhook(transfer, secret, sent)


def successes() -> tuple[bytes, ...]:
    """Parts of answers that are a success for some provider."""
    return tuple({part: None for one in Provider for part in simulated(one).SUCCESS})


def local(at: datetime) -> str:
    """Local time as feeds of bank accounts write it."""
    return at.astimezone(VIETNAM).strftime(LOCAL)


def text(transfer: Transfer) -> str:
    """The transfer's text; of money going out with what it gives back."""
    return (
        transfer.content
        if transfer.original is None
        else f"HOAN TIEN {transfer.original} {transfer.content}".strip()
    )


def json_call(path: str, body: bytes, **headers: str) -> Webhook:
    """A POST of JSON; a header's name with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Webhook("POST", path, {"content-type": JSON, **named}, body)
