"""SMS by eSMS.vn: SendMultipleMessage_V4, a customer-care message in a brand's name.

Delivery: the RequestId is our key, a repeated one is answered 124 and not sent again; so a
message whose answer was lost may be asked for again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors import http
from models.alerting.link import with_link
from models.alerting.sending import Answer, Codes, Order, Sender, Sent
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    import httpx

    from connectors.settings import Settings

PATH = "/MainService.svc/json/SendMultipleMessage_V4_post_json/"
CUSTOMER_CARE = "2"
OK, DUPLICATE = "100", "124"

CODES = Codes(
    retry={
        "99": "cổng không rõ hoặc đang chặn (unknown error or blocked for now)",
    },
    stopped={
        "101": "sai khoá (wrong key)",
        "103": "hết tiền (no money)",
        "104": "sai brandname (wrong brandname)",
        "140": "địa chỉ IP chưa được phép (IP not allowed)",
    },
    refused={
        "108": "sai số điện thoại (wrong phone number)",
        "118": "sai loại tin (wrong type)",
        "119": "sai loại tin (wrong type)",
        "146": "sai mẫu brandname (template not registered)",
        "177": "mạng chưa đăng ký (network not registered)",
        "300": "nội dung bị từ chối (content refused)",
        "687": "quá 500 số (more than 500 numbers)",
        **{
            str(code): "eSMS từ chối phần Zalo (refused for eSMS's own Zalo channel)"
            for code in range(789, 800)
        },
    },
)


class EsmsAccount(msgspec.Struct, frozen=True):
    """The secret file esms.json; `callback_url` is where eSMS tells what became of a message."""

    api_key: str
    secret_key: str
    brandname: str
    callback_url: str

    def __repr__(self) -> str:
        """Without the keys: this may stand in a log."""
        return f"EsmsAccount(brandname={self.brandname!r})"


class EsmsSender:
    """One account; `phones` maps a contact's id to the number, 84…"""

    idempotent = CHANNELS[Channel.SMS].knows_key

    def __init__(
        self,
        base: str,
        account: EsmsAccount,
        phones: dict[str, str],
        own: httpx.AsyncClient | None = None,
        within_s: float = http.WITHIN_S,
    ) -> None:
        """`within_s`: an answer that is not whole by then is a doubt."""
        self._url, self._account, self._phones = base.rstrip("/") + PATH, account, phones
        self._client, self._within_s = own or http.client(), within_s

    async def send(self, order: Order) -> Sent:
        """Ask once; a contact without a phone number is refused by name."""
        phone = self._phones.get(order.contact)
        if phone is None:
            return http.without_phone(order.contact)
        answer = await http.ask(
            self._client, self._url, within_s=self._within_s, json=self._request(order, phone)
        )
        return answer if isinstance(answer, Sent) else _read(answer)

    def _request(self, order: Order, phone: str) -> dict[str, str]:
        own = self._account
        return {
            "ApiKey": own.api_key,
            "SecretKey": own.secret_key,
            "Brandname": own.brandname,
            "SmsType": CUSTOMER_CARE,
            # The documents want the local form.
            "Phone": "0" + phone.removeprefix("84"),
            "Content": with_link(order.sms_text, order.link),
            "IsUnicode": "0",
            "Sandbox": "0",
            "RequestId": order.key,
            "CallbackUrl": own.callback_url,
        }

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


def _read(answer: dict[str, Any]) -> Sent:
    found = answer.get("CodeResult")
    if not isinstance(found, str | int) or found == "":
        return Sent(Answer.DOUBT, "", "câu trả lời không có mã (an answer without a code)")
    code = str(found)
    message = str(answer["SMSID"]) if answer.get("SMSID") else None
    if code == OK:
        return Sent(Answer.SENT, code, "", message)
    if code == DUPLICATE:
        return Sent(Answer.SENT, code, "đã nhận từ trước (taken before)", message)
    return CODES.answer(code)


def open_sender(settings: Settings) -> Sender:
    """From the settings and the secret files esms.json and contacts.json."""
    account = msgspec.convert(http.secret(settings.secrets_dir / "esms.json"), EsmsAccount)
    base = settings.gateways.get("sms", settings.gateway_url)
    return EsmsSender(base, account, http.phones(settings.secrets_dir), within_s=settings.answer_wait_s)
