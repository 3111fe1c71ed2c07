"""The service may tell what became of a message: a JSON POST, signed as ours are.

`key` is the webhook-id of our call, `outcome` delivered, failed or pending; `id`, `reason` and `price_vnd` are its own choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from connectors import clock
from connectors.hook.signing import SIGNATURE, TIMESTAMP, WINDOW, is_signed
from connectors.webhook import fields
from connectors.webhook.server import Refusal
from models.alerting.receipt import Outcome, Receipt
from models.envelope.reading import SCHEMA_VERSION
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.clock import Now
    from connectors.webhook.server import Parse

SOURCE = "hook"
OUTCOMES = {one.value: one for one in Outcome}


class Told(msgspec.Struct):
    """What the service tells."""

    key: str
    outcome: str
    id: str = ""
    reason: str = ""
    price_vnd: int | None = None


def parser(key: bytes, now: Now = clock.system) -> Parse:
    """The parser of calls that are signed with `key`."""

    def parse(body: bytes, headers: dict[str, str], _query: dict[str, str]) -> list[Receipt]:
        """One receipt; raises Refusal that names the field."""
        if not is_signed(key, headers, body):
            raise Refusal(Reason.WRONG_SIGNATURE, f"{SIGNATURE}: sai chữ ký", f"{SIGNATURE}: wrong signature")
        at = now()
        _in_time(headers.get(TIMESTAMP, ""), at)
        told = fields.read(body, Told)
        outcome = fields.one_of(OUTCOMES, told.outcome, "outcome")
        price = None if told.price_vnd is None else fields.number(str(told.price_vnd), "price_vnd")
        reason = fields.printable(told.reason) if outcome is Outcome.FAILED else ""
        if outcome is Outcome.FAILED and not reason:
            reason = "không tới nơi (not delivered)"
        our_key = fields.key_of(told.key, "key")
        return [
            Receipt(SCHEMA_VERSION, SOURCE, 0, at, our_key, fields.printable(told.id), outcome, price, reason)
        ]

    return parse


def _in_time(stamp: str, now: datetime) -> None:
    if abs(fields.number(stamp, TIMESTAMP) - now.timestamp()) > WINDOW.total_seconds():
        minutes = round(WINDOW.total_seconds() / 60)
        raise Refusal(
            Reason.OLD_TIMESTAMP,
            f"{TIMESTAMP}: lệch giờ ta quá {minutes} phút",
            f"{TIMESTAMP}: more than {minutes} minutes from our clock",
        )
