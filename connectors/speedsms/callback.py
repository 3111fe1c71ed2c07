"""SpeedSMS tells what became of a message: a JSON POST to the one webhook of the account, with its own id of the message.

It is not signed; the callback's path holds a secret of ours instead (speedsms.json, callback_url). The documents that we could
reach name the fields type, tranId, phone and status; that status 0 is delivered, below 64 not yet and from 64 on failed is from
memory of their page, and is to be tried with a real account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from connectors import clock, http
from connectors.webhook import fields
from models.alerting.receipt import Outcome, Receipt
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from connectors.settings import Settings

SOURCE = "speedsms"
REPORT = "report"
FAILED_FROM = 64


class Call(msgspec.Struct):
    """What the webhook brings; the phone number is not read."""

    type: str
    tranId: str | int = ""  # noqa: N815 (theirs)
    status: str | int = ""


def path(settings: Settings) -> str:
    """The secret path that SpeedSMS was given."""
    return urlsplit(str(http.secret(settings.secrets_dir / "speedsms.json")["callback_url"])).path


def parse(body: bytes, _headers: dict[str, str], _query: dict[str, str]) -> list[Receipt]:
    """The receipt of a report; a call of another kind has none. Raises Refusal that names the field."""
    call = fields.read(body, Call)
    if call.type != REPORT:
        return []
    message = fields.key_of(str(call.tranId), "tranId")
    status = fields.number(str(call.status) or "?", "status")
    outcome = Outcome.DELIVERED if status == 0 else Outcome.PENDING
    reason = ""
    if status >= FAILED_FROM:
        outcome, reason = Outcome.FAILED, f"{status} mạng không chuyển được (not delivered by the network)"
    return [Receipt(SCHEMA_VERSION, SOURCE, 0, clock.system(), "", message, outcome, None, reason)]
