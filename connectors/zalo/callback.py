"""Zalo's webhook: signed, at least once; `user_received_message` is the receipt of a template message, `user_send_text` a person's."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from connectors import http
from connectors.webhook import fields
from connectors.webhook.server import Refusal
from connectors.zalo import replies
from connectors.zalo.client import ZaloAccount
from models.alerting.receipt import Outcome, Receipt
from models.envelope.reading import SCHEMA_VERSION
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    from connectors.settings import Settings
    from connectors.webhook.server import Parse
    from models.alerting.incoming import Incoming

SOURCE = "zalo"
HEADER = "x-zevent-signature"
RECEIVED = "user_received_message"


class _Message(msgspec.Struct):
    msg_id: str = ""
    tracking_id: str = ""
    delivery_time: str = ""


class _Event(msgspec.Struct):
    event_name: str
    timestamp: str
    message: _Message | None = None


def parser(settings: Settings) -> Parse:
    """The parser of one account."""
    account = msgspec.convert(http.secret(settings.secrets_dir / "zalo.json"), ZaloAccount)
    texts = replies.Texts(settings)

    def parse(body: bytes, headers: dict[str, str], _query: dict[str, str]) -> list[Receipt] | list[Incoming]:
        """What the call brings; an event of another kind brings nothing. Raises Refusal."""
        event = fields.read(body, _Event)
        if not signed(body, event.timestamp, headers.get(HEADER, ""), account):
            raise Refusal(Reason.WRONG_SIGNATURE, f"{HEADER}: sai chữ ký", f"{HEADER}: wrong signature")
        return texts.read(body) if event.event_name == replies.EVENT else _receipts(event)

    return parse


def signed(body: bytes, timestamp: str, given: str, account: ZaloAccount) -> bool:
    """`mac=` hex SHA-256 of app id (some senders: OA id) + raw body + timestamp + OA secret."""
    wanted = [
        hashlib.sha256(one.encode() + body + (timestamp + account.oa_secret).encode()).hexdigest()
        for one in (account.app_id, account.oa_id)
    ]
    mac = given.removeprefix("mac=").encode()
    return any(hmac.compare_digest(mac, one.encode()) for one in wanted)


def _receipts(event: _Event) -> list[Receipt]:
    message = event.message
    # The same event without delivery_time is an ordinary message to the account.
    if event.event_name != RECEIVED or message is None or not (message.delivery_time and message.tracking_id):
        return []
    try:
        at = datetime.fromtimestamp(int(message.delivery_time) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        found = message.delivery_time
        raise Refusal(
            Reason.WRONG_TYPE,
            f"delivery_time: gặp {found!r}, cần mili giây",
            f"delivery_time: found {found!r}, expected milliseconds",
        ) from None
    return [
        Receipt(
            SCHEMA_VERSION, SOURCE, 0, at, message.tracking_id, message.msg_id, Outcome.DELIVERED, None, ""
        )
    ]
