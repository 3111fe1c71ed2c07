"""What people write to the official account: `user_send_text` of the signed webhook; a button of a message sends a text too.

Zalo names the sender by an id of this account, not by the number. Which contact it is stands in the secret file zalo_users.json
(contact: id); without it only a sender whose id is the number, or its SHA-256 as in receipts, is known.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from connectors import clock, http
from connectors.replies import written
from connectors.webhook.server import Refusal
from models.alerting.incoming import Incoming, incoming
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.settings import Settings

SOURCE = "zalo"
EVENT = "user_send_text"
USERS = "zalo_users.json"


class _Sender(msgspec.Struct):
    id: str


class _Message(msgspec.Struct):
    msg_id: str
    text: str = ""


class _Text(msgspec.Struct):
    sender: _Sender
    message: _Message
    timestamp: str


class Texts:
    """Reads the texts of people; the caller has verified the signature of the call."""

    def __init__(self, settings: Settings) -> None:
        """Reads contacts.json, and zalo_users.json where there is one."""
        self._contacts = _contacts(settings.secrets_dir)
        self._now = clock.from_setting(settings.clock) or clock.system

    def read(self, body: bytes) -> list[Incoming]:
        """The one message of an event; raises Refusal that names the field."""
        try:
            event = msgspec.json.decode(body, type=_Text)
            sent = datetime.fromtimestamp(int(event.timestamp) / 1000, UTC)
        except (msgspec.MsgspecError, ValueError, OverflowError, OSError) as error:
            raise Refusal(Reason.WRONG_TYPE, f"{EVENT}: {error}", f"{EVENT}: {error}") from None
        message, contact = event.message, self._contacts.get(event.sender.id, "")
        if not (message.msg_id.isascii() and message.msg_id.isalnum()):
            raise Refusal(Reason.WRONG_TYPE, "msg_id: thiếu hoặc lạ", "msg_id: missing, or none of theirs")
        return [incoming(SOURCE, message.msg_id, contact, message.text, written(sent, self._now))]


def _contacts(folder: Path) -> dict[str, str]:
    """Contacts by every id that Zalo may call them."""
    found: dict[str, str] = {}
    for contact, number in http.phones(folder).items():
        for name in (number, hashlib.sha256(number.encode()).hexdigest()):
            found.setdefault(name, contact)
    if (folder / USERS).exists():
        found |= {str(user): contact for contact, user in http.secret(folder / USERS).items()}
    return found
