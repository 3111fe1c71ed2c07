"""eSMS tells what became of a message: a GET with everything in the query, repeated up to five times.

It is not signed; the callback's path holds a secret of ours instead (esms.json, callback_url).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors import clock, http
from connectors.webhook.server import Refusal
from models.alerting.receipt import Outcome, Receipt
from models.envelope.reading import SCHEMA_VERSION
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    from connectors.settings import Settings

SOURCE = "sms"
LARGEST = 2**31
LONGEST = 200
"""Characters of a reason or an id that are kept."""
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
    key, status = query.get("RequestId", ""), query.get("SendStatus", "")
    if not (key.isascii() and key.isalnum()):
        raise Refusal(Reason.WRONG_TYPE, "RequestId: thiếu hoặc lạ", "RequestId: missing, or none of ours")
    outcome = OUTCOMES.get(status)
    if outcome is None:
        expected = ", ".join(OUTCOMES)
        raise Refusal(
            Reason.WRONG_TYPE,
            f"SendStatus: gặp {status!r}, cần một trong {expected}",
            f"SendStatus: found {status!r}, expected one of {expected}",
        )
    if outcome is Outcome.DELIVERED and _number(query, "SendFailed"):
        outcome = Outcome.FAILED
    reason = _printable(query.get("error_info", "")) if outcome is Outcome.FAILED else ""
    if outcome is Outcome.FAILED and not reason:
        reason = "mạng không chuyển được (not delivered by the network)"
    price = _number(query, "TotalPrice") if query.get("TotalPrice") else None
    message = _printable(query.get("SMSID", ""))
    return [Receipt(SCHEMA_VERSION, SOURCE, 0, clock.system(), key, message, outcome, price, reason)]


def _printable(text: str) -> str:
    """Without control characters: no store takes a NUL, no log a line break."""
    return "".join(one for one in text if one.isprintable())[:LONGEST]


def _number(query: dict[str, str], name: str) -> int:
    text = query.get(name, "") or "0"
    try:
        number = round(float(text))
    except (ValueError, OverflowError):
        number = -1
    if not 0 <= number < LARGEST:
        raise Refusal(
            Reason.WRONG_TYPE,
            f"{name}: gặp {text!r}, cần một số",
            f"{name}: found {text!r}, expected a number",
        ) from None
    return number
