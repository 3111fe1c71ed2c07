"""SpeedSMS tells what became of a message, and what people answer: a JSON POST to the one webhook of the account.

It is not signed; the callback's path holds a secret of ours instead (speedsms.json, callback_url). A report names SpeedSMS's own id of
the message. What we could read names type, tranId, phone and status; that status 0 is delivered, below 64 not yet and from 64 on
failed, and that an answer has phone and content, is from memory of their page: to be tried with a real account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from connectors import clock, http
from connectors.replies import Numbers
from connectors.webhook import fields
from models.alerting.incoming import Incoming, incoming
from models.alerting.receipt import Outcome, Receipt
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from connectors.settings import Settings
    from connectors.webhook.server import Parse

SOURCE = "speedsms"
REPORT, ANSWERS = "report", ("sms", "incoming")
"""Types of a call; one place that shows an answer calls it sms, another incoming."""
FAILED_FROM = 64


class Call(msgspec.Struct):
    """What the webhook brings; the number of an answer leads to the contact, that of a report is not read."""

    type: str
    tranId: str | int = ""  # noqa: N815 (theirs)
    status: str | int = ""
    phone: str = ""
    content: str = ""


def path(settings: Settings) -> str:
    """The secret path that SpeedSMS was given."""
    return urlsplit(str(http.secret(settings.secrets_dir / "speedsms.json")["callback_url"])).path


def parser(settings: Settings) -> Parse:
    """The parser of one account."""
    numbers, now = Numbers(settings.secrets_dir), clock.from_setting(settings.clock) or clock.system

    def parse(
        body: bytes, _headers: dict[str, str], _query: dict[str, str]
    ) -> list[Receipt] | list[Incoming]:
        """What the call brings; one of another kind brings nothing. Raises Refusal that names the field."""
        call = fields.read(body, Call)
        if call.type in ANSWERS:
            # A call has no id of its own: it is repeated only where we have not kept it.
            return [incoming(SOURCE, uuid4().hex, numbers.contact(call.phone), call.content, now())]
        return [_receipt(call)] if call.type == REPORT else []

    return parse


def _receipt(call: Call) -> Receipt:
    message = fields.key_of(str(call.tranId), "tranId")
    status = fields.number(str(call.status) or "?", "status")
    outcome = Outcome.DELIVERED if status == 0 else Outcome.PENDING
    reason = ""
    if status >= FAILED_FROM:
        outcome, reason = Outcome.FAILED, f"{status} mạng không chuyển được (not delivered by the network)"
    return Receipt(SCHEMA_VERSION, SOURCE, 0, clock.system(), "", message, outcome, None, reason)
