"""SMS by SpeedSMS.vn: /sms/send, 60 calls a minute.

Delivery: SpeedSMS knows no key of ours, so that a message whose answer was lost stays in doubt and is not asked for again here.
Past its limit it answers 429 and says in how many seconds it takes messages again; it is not asked before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import msgspec

from connectors import http
from models.alerting.link import with_link
from models.alerting.sending import Answer, Codes, Order, Sender, Sent
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    from connectors.settings import Settings

PATH = "/index.php/sms/send"
RANDOM_NUMBER, BRANDNAME = 2, 3
"""sms_type: from one of SpeedSMS's own numbers, where there is no sender; in a brand's name."""
OK = "00"
CODES = Codes(
    retry={
        "500": "cổng lỗi, thử lại sau (internal error, try again)",
    },
    stopped={
        "007": "địa chỉ IP bị khoá (IP locked)",
        "008": "tài khoản bị khoá (account blocked)",
        "009": "tài khoản chưa được gọi API (account may not call the API)",
        "300": "hết tiền (no money)",
    },
    refused={
        "101": "thiếu hoặc sai tham số (parameter missing or wrong)",
        "105": "sai số điện thoại (wrong phone number)",
        "110": "bảng mã không được hỗ trợ (encoding not supported)",
        "113": "tin quá dài (text too long)",
    },
)


class SpeedSmsAccount(msgspec.Struct, frozen=True):
    """The secret file speedsms.json; `callback_url` is what the account's webhook is set to, `sender` a registered brandname or none."""

    token: str
    callback_url: str
    sender: str = ""

    def __repr__(self) -> str:
        """Without the token: this may stand in a log."""
        return f"SpeedSmsAccount(sender={self.sender!r})"


class SpeedSmsSender:
    """One account; `phones` maps a contact's id to the number, 84…"""

    idempotent = CHANNELS[Channel.SPEEDSMS].knows_key

    def __init__(self, base: str, account: SpeedSmsAccount, phones: dict[str, str], within_s: float) -> None:
        """`within_s`: an answer that is not whole by then is a doubt."""
        self._url, self._account, self._phones = base.rstrip("/") + PATH, account, phones
        self._client, self._within_s = http.client(), within_s

    async def send(self, order: Order) -> Sent:
        """Ask once; a contact without a phone number is refused by name."""
        phone = self._phones.get(order.contact)
        if phone is None:
            return http.without_phone(order.contact)
        own = self._account
        body = {
            "to": [phone],
            "content": with_link(order.sms_text, order.link),
            "sms_type": BRANDNAME if own.sender else RANDOM_NUMBER,
            "sender": own.sender,
        }
        # Any password does, the documents show x.
        login = httpx.BasicAuth(own.token, "x")
        answer = await http.ask(self._client, self._url, within_s=self._within_s, json=body, auth=login)
        return answer if isinstance(answer, Sent) else _read(answer)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


def _read(answer: dict[str, Any]) -> Sent:
    code = answer.get("code")
    if not isinstance(code, str | int) or isinstance(code, bool) or code == "":
        return Sent(Answer.DOUBT, "", "câu trả lời không có mã (an answer without a code)")
    code = str(code)
    if code == OK:
        data = answer.get("data")
        told = data if isinstance(data, dict) else {}
        price = told.get("totalPrice")
        message = str(told["tranId"]) if told.get("tranId") else None
        known = price if isinstance(price, int | float) and 0 <= price < 2**31 else None
        return Sent(Answer.SENT, code, "", message, None if known is None else round(known))
    return CODES.answer(code)


def open_sender(settings: Settings) -> Sender:
    """From the settings and the secret files speedsms.json and contacts.json."""
    account = msgspec.convert(http.secret(settings.secrets_dir / "speedsms.json"), SpeedSmsAccount)
    base = settings.gateways.get("speedsms", settings.gateway_url)
    return SpeedSmsSender(base, account, http.phones(settings.secrets_dir), settings.answer_wait_s)
