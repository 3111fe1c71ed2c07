"""eSMS tells what became of a message: a GET with everything in the query, repeated up to five times.

It is not signed; the callback's path holds a secret of ours instead (esms.json, callback_url).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors import clock, http
from connectors.webhook import fields
from models.alerting.receipt import Outcome, Receipt
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from connectors.settings import Settings

SOURCE = "sms"
OUTCOMES = {
    "1": Outcome.PENDING,
    "2": Outcome.PENDING,
    "4": Outcome.FAILED,
    "5": Outcome.DELIVERED,
    "7": Outcome.PENDING,
}
"""SendStatus: 1 pending, 2 waiting, 4 rejected, 5 done, 7 handed to the network."""


def path(settings: Settings) -> str:
    """The secret path that eSMS was given."""
    return urlsplit(str(http.secret(settings.secrets_dir / "esms.json")["callback_url"])).path


def parse(_body: bytes, _headers: dict[str, str], query: dict[str, str]) -> list[Receipt]:
    """One receipt; raises Refusal that names the field. The phone number in the query is left out."""
    key = fields.key_of(query.get("RequestId", ""), "RequestId")
    outcome = fields.one_of(OUTCOMES, query.get("SendStatus", ""), "SendStatus")
    if outcome is Outcome.DELIVERED and fields.number(query.get("SendFailed", ""), "SendFailed"):
        outcome = Outcome.FAILED
    reason = fields.printable(query.get("error_info", "")) if outcome is Outcome.FAILED else ""
    if outcome is Outcome.FAILED and not reason:
        reason = "mạng không chuyển được (not delivered by the network)"
    price = fields.number(query["TotalPrice"], "TotalPrice") if query.get("TotalPrice") else None
    message = fields.printable(query.get("SMSID", ""))
    return [Receipt(SCHEMA_VERSION, SOURCE, 0, clock.system(), key, message, outcome, price, reason)]
