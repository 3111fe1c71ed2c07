"""The recorded payment messages: sent to the endpoint as their providers would, under their own keys."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import msgspec

from infra.run.stack import ports
from models.catalogue.providers import Provider
from models.payments import query
from models.payments.configuration import Merchant, MerchantKind, Odd, Payments, Targets
from models.payments.contract import Secret
from models.payments.event import What
from models.payments.providers.registry import PROVIDERS
from models.payments.shape import FORM, JSON

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "payments"
KINDS = {
    "payos_webhook": Provider.PAYOS,
    "sepay_webhook": Provider.SEPAY,
    "viettel_result": Provider.VIETTEL,
    "vnpay_return_or_ipn": Provider.VNPAY,
}
VIETTEL = ("billcode", "cust_msisdn", "error_code", "merchant_code", "order_id", "payment_status", "trans_amount",
           "vt_transaction_id")  # fmt: skip
VIETTEL_VALUES = ("BILL01", "849" + "12345678", "00", "MERCH", "ORD01", "1", "50000", "VT99")
"""The published vector's parts, in the order in which they are signed after the access code ACC; no whole number stands here."""
WAIT_S = 600.0
MERCHANT = "noi-thu-mau"


class SignedRow(msgspec.Struct, frozen=True):
    """A message, what the endpoint answered, and what that means."""

    provider: str
    status: int
    reply: str


def messages(data: Path) -> dict[Provider, dict[str, Any]]:
    """The messages by provider, one each, from the first file of `payments` that has it; none where there is no such file."""
    found: dict[Provider, dict[str, Any]] = {}
    for path in files(data):
        for load in json.loads(path.read_text(encoding="utf-8-sig")):
            if isinstance(load, dict) and load.get("kind") in KINDS:
                found.setdefault(KINDS[load["kind"]], load)
    return found


def files(data: Path) -> list[Path]:
    """JSON files of `payments` that hold signed messages, whatever their name."""
    return [one for one in sorted((data / FOLDER).glob("*.json")) if _signed(one)]


def _signed(path: Path) -> bool:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError):
        return False
    return isinstance(found, list) and any(
        isinstance(load, dict) and load.get("kind") in KINDS for load in found
    )


def configuration(hamlet: str) -> Payments:
    """One merchant who has every account of the messages."""
    accounts = {
        Provider.PAYOS: "12345678",
        Provider.SEPAY: "MAU1",
        Provider.VIETTEL: "MERCH",
        Provider.VNPAY: "TEST_TMN_CODE",
    }
    merchant = Merchant(MERCHANT, "Nơi thu mẫu", MerchantKind.SHOP, hamlet, accounts)
    return Payments([merchant], [], [], Targets(0.5, 0.45, 1959), Odd(20, 2_000_000, 10))


def provide(folder: Path, found: dict[Provider, dict[str, Any]]) -> None:
    """Put the messages' keys where the endpoint looks for them; they are public samples."""
    folder.mkdir(parents=True, exist_ok=True)
    for provider, one in found.items():
        secret = Secret(
            one["secret"],
            access_code="ACC" if PROVIDERS[provider].access_code else "",
            statuses={"1": What.PAYMENT},
        )
        (folder / f"payments_{provider}").write_bytes(msgspec.json.encode(secret))


def send(port: int, found: dict[Provider, dict[str, Any]]) -> list[SignedRow]:
    """Send each once, when the endpoint listens; raises httpx.ConnectError when it does not within WAIT_S."""
    until = time.monotonic() + WAIT_S
    while not ports.answers("127.0.0.1", port) and time.monotonic() < until:
        time.sleep(0.2)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=WAIT_S) as client:
        answers = {provider: client.send(_request(client, provider, one)) for provider, one in found.items()}
    return [SignedRow(str(one), answer.status_code, answer.text[:200]) for one, answer in answers.items()]


def _request(client: httpx.Client, provider: Provider, one: dict[str, Any]) -> httpx.Request:
    if provider is Provider.PAYOS:
        body = {
            "code": "00",
            "desc": "success",
            "success": True,
            "data": one["data"],
            "signature": one["signature"],
        }
        return client.build_request("POST", "/payments/payos", json=body)
    if provider is Provider.SEPAY:
        headers = {
            "content-type": JSON,
            "x-sepay-timestamp": one["timestamp"],
            "x-sepay-signature": one["signature"],
        }
        return client.build_request("POST", "/payments/sepay", content=one["body"], headers=headers)
    if provider is Provider.VIETTEL:
        values = dict(zip(VIETTEL, VIETTEL_VALUES, strict=True)) | {"check_sum": one["signature"]}
        written = query.written(values)
        return client.build_request(
            "POST", "/payments/viettel", content=written, headers={"content-type": FORM}
        )
    values = one["params"] | {"vnp_SecureHash": _hash(one)}
    return client.build_request("GET", f"/payments/vnpay?{query.written(values)}")


def _hash(one: dict[str, Any]) -> str:
    return str(one.get("vnp_SecureHash") or one["signature"])
