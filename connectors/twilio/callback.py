"""Twilio's status callback: a form by POST for each change, signed over the address as it was called and the fields.

X-Twilio-Signature is the base64 of HMAC-SHA1, with the account's token, of the whole address followed by each name and value of
the form in the order of the names.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from connectors import clock
from connectors.webhook import fields
from connectors.webhook.server import Refusal
from models.alerting.receipt import Outcome, Receipt
from models.envelope.reading import SCHEMA_VERSION
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.twilio.sender import TwilioAccount
    from connectors.webhook.server import Parse

SOURCE = "twilio"
HEADER = "x-twilio-signature"
OUTCOMES = {
    "accepted": Outcome.PENDING,
    "scheduled": Outcome.PENDING,
    "queued": Outcome.PENDING,
    "sending": Outcome.PENDING,
    # In Vietnam the word of the network's exchange, not of the phone.
    "sent": Outcome.PENDING,
    "delivered": Outcome.DELIVERED,
    "read": Outcome.DELIVERED,
    "undelivered": Outcome.FAILED,
    "failed": Outcome.FAILED,
    "canceled": Outcome.FAILED,
}


def parser(account: TwilioAccount) -> Parse:
    """The parser of one account."""

    def parse(body: bytes, headers: dict[str, str], query: dict[str, str]) -> list[Receipt]:
        """One receipt; raises Refusal that names the field."""
        told, key = fields.form(body), query.get("key", "")
        wanted = signature(account.called_at(key), told, account.auth_token)
        if not hmac.compare_digest(headers.get(HEADER, "").encode(), wanted.encode()):
            raise Refusal(Reason.WRONG_SIGNATURE, f"{HEADER}: sai chữ ký", f"{HEADER}: wrong signature")
        outcome = fields.one_of(OUTCOMES, told.get("MessageStatus", ""), "MessageStatus")
        reason = ""
        if outcome is Outcome.FAILED:
            code = fields.printable(told.get("ErrorCode", ""))
            reason = f"{code} mạng không chuyển được (not delivered by the network)".strip()
        message = fields.printable(told.get("MessageSid", ""))
        key = fields.key_of(key, "key")
        return [Receipt(SCHEMA_VERSION, SOURCE, 0, clock.system(), key, message, outcome, None, reason)]

    return parse


def signature(url: str, form: Mapping[str, str], token: str) -> str:
    """What Twilio's header holds for a call of `url` with the fields of `form`.

    >>> signature("https://example.com/a?b=1", {"To": "1", "From": "2"}, "12345")
    'Fat9nj1oaFObh4PLMFdPX9oAD1Q='
    """
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
