"""What people send to a short number of eSMS: a GET with everything in the query, signed.

Source: developers.esms.vn, "Kết nối đầu số ngắn": sender, content, serviceNumber, keyword, sign, cpid, smsid, receiverTime;
`sign` is MD5 of cpid + smsid + content + receiverTime + the private key. MD5 is theirs: the secret path protects as well. The time
is written yyyyMMddhhmmss, which may mean a clock of 12 hours, so that the moment of the call is taken for it.

The route is open where esms.json has reply_url, cpid and private_key, which eSMS gives with a short number.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connectors import clock, http
from connectors.replies import Numbers
from connectors.webhook.server import Refusal
from models.alerting.incoming import Incoming, incoming
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    from connectors.settings import Settings
    from connectors.webhook.server import Parse

SOURCE = "sms"
SIGNED = ("cpid", "smsid", "content", "receiverTime")
LONGEST_ID = 100
NEEDED = ("reply_url", "cpid", "private_key")


def path(account: dict[str, Any]) -> str | None:
    """The secret path that eSMS was given for messages of people; None where the account has no short number."""
    return urlsplit(str(account["reply_url"])).path if all(account.get(one) for one in NEEDED) else None


def sign(query: dict[str, str], private_key: str) -> str:
    """The signature of a call, as the document says."""
    joined = "".join(query.get(name, "") for name in SIGNED) + private_key
    return hashlib.md5(joined.encode(), usedforsecurity=False).hexdigest()


def parser(settings: Settings) -> Parse:
    """The parser of one account."""
    account = http.secret(settings.secrets_dir / "esms.json")
    numbers, now = Numbers(settings.secrets_dir), clock.from_setting(settings.clock) or clock.system

    def parse(_body: bytes, _headers: dict[str, str], query: dict[str, str]) -> list[Incoming]:
        """The one message of the call; raises Refusal. The number leads to the contact and is left out."""
        given = query.get("sign", "").lower().encode()
        wanted = sign(query, str(account["private_key"])).encode()
        if query.get("cpid") != account["cpid"] or not hmac.compare_digest(given, wanted):
            raise Refusal(Reason.WRONG_SIGNATURE, "sign: sai chữ ký", "sign: wrong signature")
        message = query.get("smsid", "")
        if not (message.isascii() and message.isprintable() and 0 < len(message) <= LONGEST_ID):
            raise Refusal(Reason.WRONG_TYPE, "smsid: thiếu hoặc lạ", "smsid: missing, or none of theirs")
        contact = numbers.contact(query.get("sender", ""))
        return [incoming(SOURCE, message, contact, query.get("content", ""), now())]

    return parse
