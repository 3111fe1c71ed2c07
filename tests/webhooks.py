"""A commune that takes payments of all providers, their secrets, and calls as they send them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from infra.rehearsal.simulator.webhooks import Transfer, Webhook, webhook
from models.catalogue.providers import Provider
from models.payments.configuration import Fee, Merchant, MerchantKind, Odd, Payments, Stall, Targets
from models.payments.contract import Call, Secret, VerifiedEvent, receivers
from models.payments.event import What
from models.payments.providers.registry import PROVIDERS, Endpoint

NOW = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
ACCOUNT = "190000112233"
PHONE, NAME = "84912345678", "NGUYEN VAN HOANG"
PAYMENTS = Payments(
    [Merchant("ve-sinh", "Vệ sinh", MerchantKind.SERVICE, "la-van-ha", dict.fromkeys(Provider, ACCOUNT))],
    [Fee("rac", "Rác", "ve-sinh", ["tien rac", "rac"], amount_vnd=27_000)],
    [Stall("sap-12", "Sạp 12", "ve-sinh", "SAP12", "la-van-ha")],
    Targets(0.5, 0.45, 1959),
    Odd(5, 1_000_000, 5),
)
STATUSES = {"1": What.PAYMENT, "4": What.REFUND, "5": What.REVERSAL}
SECRETS = {
    one: Secret(f"key of {one}", "ACC" if row.access_code else "", STATUSES) for one, row in PROVIDERS.items()
}
ENDPOINTS = {one: row.endpoints[0] for one, row in PROVIDERS.items()}


def transfer(provider: Provider, **changed: Any) -> Transfer:
    """27,000 đồng for the waste of October by a person whose name and phone stand in it."""
    text = "RAC-T10" if PROVIDERS[provider].one_word else f"Tien rac T10 HO0123 {NAME} 0912345678"
    fields: dict[str, Any] = {
        "number": 92704,
        "at": NOW,
        "amount_vnd": 27_000,
        "account": ACCOUNT,
        "content": text,
        "payer": PHONE,
    }
    return Transfer(**(fields | changed))


def sent(provider: Provider, *, secret: Secret | None = None, at: datetime = NOW, **changed: Any) -> Webhook:
    """The call, signed at `at`."""
    return webhook(provider, transfer(provider, **changed), secret or SECRETS[provider], at)


def call(one: Webhook) -> Call:
    """As the endpoint gets it."""
    return Call(one.body, one.headers, one.path.partition("?")[2], NOW)


def read(
    provider: Provider, one: Webhook, endpoint: Endpoint | None = None, now: datetime = NOW
) -> VerifiedEvent | None:
    """What the provider's contract makes of it; raises Refusal."""
    contract = (endpoint or ENDPOINTS[provider]).contract
    return contract.read(call(one), SECRETS[provider], receivers(PAYMENTS, provider), now)
