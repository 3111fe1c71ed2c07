"""SMS by Twilio: Messages.json, from a sender that is registered for Vietnam; nobody can reply to it.

Delivery: Twilio's messages know no key of ours, so that a message whose answer was lost stays in doubt and is not asked for again
here. Our key stands in the address of the callback, which its signature covers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import msgspec

from connectors import http
from models.alerting.link import with_link
from models.alerting.sending import Answer, Codes, Order, Sender, Sent
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    from connectors.settings import Settings

TAKEN = ("accepted", "scheduled", "queued", "sending", "sent", "delivered")
"""What an answer calls a message that it has taken."""
CODES = Codes(
    retry={
        "30001": "hàng đợi đầy, thử lại sau (queue is full, later)",
    },
    stopped={
        "20003": "sai tài khoản hoặc khoá (wrong account or token)",
        "20404": "không có tài khoản này (no such account)",
        "21212": "sai tên người gửi (wrong sender)",
        "21408": "chưa bật gửi tới Việt Nam (Vietnam not enabled)",
        "21606": "tên người gửi không dùng được (sender not usable)",
        "21660": "tên người gửi không thuộc tài khoản (sender is another account's)",
        "21703": "dịch vụ không có người gửi (messaging service without senders)",
        "30002": "tài khoản bị khoá (account suspended)",
    },
    refused={
        "21211": "sai số điện thoại (wrong phone number)",
        "21602": "thiếu nội dung (no text)",
        "21604": "thiếu số người nhận (no receiver)",
        "21608": "tài khoản thử: số chưa xác nhận (trial account: number not verified)",
        "21610": "người nhận đã từ chối (recipient has opted out)",
        "21612": "không gửi được tới số này (number not reachable)",
        "21614": "không phải số di động (not a mobile number)",
        "21617": "tin quá dài (text too long)",
    },
)


class TwilioAccount(msgspec.Struct, frozen=True):
    """The secret file twilio.json; `callback_url` is the public address of our receipts, as Twilio calls it."""

    account_sid: str
    auth_token: str
    sender: str
    callback_url: str

    def __repr__(self) -> str:
        """Without the token: this may stand in a log."""
        return f"TwilioAccount(account_sid={self.account_sid!r})"

    def called_at(self, key: str) -> str:
        """The address at which Twilio tells what became of a message."""
        return f"{self.callback_url}?key={quote(key)}"


class TwilioSender:
    """One account; `phones` maps a contact's id to the number, 84…"""

    idempotent = CHANNELS[Channel.TWILIO].knows_key

    def __init__(self, base: str, account: TwilioAccount, phones: dict[str, str], within_s: float) -> None:
        """`within_s`: an answer that is not whole by then is a doubt."""
        self._url, self._account, self._phones = base.rstrip("/") + path(account.account_sid), account, phones
        self._client, self._within_s = http.client(), within_s

    async def send(self, order: Order) -> Sent:
        """Ask once; a contact without a phone number is refused by name."""
        phone = self._phones.get(order.contact)
        if phone is None:
            return http.without_phone(order.contact)
        own = self._account
        answer = await http.ask(
            self._client,
            self._url,
            within_s=self._within_s,
            explains=True,
            data={
                "To": f"+{phone}",
                "From": own.sender,
                "Body": with_link(order.sms_text, order.link),
                "StatusCallback": own.called_at(order.key),
            },
            auth=httpx.BasicAuth(own.account_sid, own.auth_token),
        )
        return answer if isinstance(answer, Sent) else _read(answer)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


def path(account_sid: str) -> str:
    """Where messages of an account are posted."""
    return f"/2010-04-01/Accounts/{quote(account_sid, safe='')}/Messages.json"


def _read(answer: dict[str, Any]) -> Sent:
    code = answer.get("code")
    if isinstance(code, int) and not isinstance(code, bool):
        return CODES.answer(str(code))
    status = answer.get("status")
    if not isinstance(status, str):
        return Sent(Answer.DOUBT, "", "câu trả lời không có trạng thái (an answer without a status)")
    if status not in TAKEN:
        return Sent(Answer.REFUSED, status, "Twilio không gửi tin này (not sent by Twilio)")
    # The price is known later and is in dollars: routing.yaml says what is reckoned for a message.
    return Sent(Answer.SENT, status, "", str(answer["sid"]) if answer.get("sid") else None)


def account_of(settings: Settings) -> TwilioAccount:
    """From the secret file twilio.json."""
    return msgspec.convert(http.secret(settings.secrets_dir / "twilio.json"), TwilioAccount)


def open_sender(settings: Settings) -> Sender:
    """From the settings and the secret files twilio.json and contacts.json."""
    base = settings.gateways.get("twilio", settings.gateway_url)
    phones = http.phones(settings.secrets_dir)
    return TwilioSender(base, account_of(settings), phones, settings.answer_wait_s)
