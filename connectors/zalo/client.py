"""Zalo template messages (ZBS) to a phone number.

Delivery: Zalo knows no idempotency key: `tracking_id` only comes back with the receipt. So a
message whose answer was lost stays in doubt and is not asked for again on this channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors import http
from connectors.payments.audit import audit
from connectors.zalo.token import TokenKeeper
from models.alerting.long_text import LINK
from models.alerting.sending import UNDOCUMENTED, Answer, Order, Sender, Sent
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    from connectors.settings import Settings

PATH = "/message/template"
OAUTH = "https://oauth.zaloapp.com"

TOKEN = {-124, -216, -220, 452}
RETRY = {-100, -32, -211}
QUOTA = {-144, -147, -1441, -1471, -1472}
NIGHT = {-133, -234}
MONEY = {-115, -136, -137, -320, -321}
RECIPIENT = {-108, -114, -118, -119, -139, -140, -141, -213, -227, -230}
TEMPLATE = {-109, -111, -112, -113, -1121, -1122, -1123, -1124, -117, -127, -131, -132, -146}
APP = {*range(-107, -100), -120, -121, -122, -125, -126, -135, -1351, -219, -224, -240, -241, -242}
WORDS = (
    (RETRY, Answer.RETRY, "Zalo bận, thử lại sau (busy, later)"),
    (TOKEN, Answer.RETRY, "mã truy cập không được nhận (token not taken)"),
    (QUOTA, Answer.STOPPED, "hết hạn mức trong ngày (daily quota is used up)"),
    (NIGHT, Answer.STOPPED, "Zalo không gửi ban đêm (not at night)"),
    (MONEY, Answer.STOPPED, "hết tiền ở Zalo (no money)"),
    (RECIPIENT, Answer.REFUSED, "người nhận không có hoặc chặn Zalo (recipient has no Zalo, or blocks)"),
    (TEMPLATE, Answer.REFUSED, "mẫu tin không hợp lệ (template not accepted)"),
    (APP, Answer.STOPPED, "Zalo dừng kênh, cần người xem (channel stopped, a person must look)"),
)
"""Codes to answers. What is REFUSED or STOPPED goes on by SMS; Zalo's daily limits end at midnight, a flood does not wait."""


class ZaloAccount(msgspec.Struct, frozen=True):
    """The secret file zalo.json; `templates` maps our names to the numbers given on approval.

    `link_prefix` where the registered templates have the field `lien_ket`, the link to the phone page: what stands before it in the
    template's own text or button (https://x.vn/e/), "" where the field is the whole link. None: they have no such field, and it is not sent.
    """

    app_id: str
    app_secret: str
    oa_id: str
    oa_secret: str
    templates: dict[str, str]
    link_prefix: str | None = None

    def fields(self, order: Order) -> dict[str, str]:
        """What fills the template: with the link where the template has a place for it and the message one."""
        prefix = self.link_prefix
        if prefix is None or not order.link.startswith(prefix) or order.link == "":
            return order.template_data
        return order.template_data | {LINK: order.link.removeprefix(prefix)}

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"ZaloAccount(app_id={self.app_id!r})"


class ZaloSender:
    """One official account; `phones` maps a contact's id to the number, 84…"""

    idempotent = CHANNELS[Channel.ZALO].knows_key

    def __init__(
        self, bases: tuple[str, str], account: ZaloAccount, settings: Settings, phones: dict[str, str]
    ) -> None:
        """`bases` are the addresses of messages and of tokens."""
        self._client = http.client()
        self._url, self._account, self._phones = bases[0].rstrip("/") + PATH, account, phones
        self._within_s = settings.answer_wait_s
        app = (account.app_id, account.app_secret)
        self._tokens = TokenKeeper(
            self._client,
            bases[1],
            app,
            settings.secrets_dir / "zalo_token.json",
            wait_s=settings.token_wait_s,
            audit=audit(settings.var / "logs"),
        )

    async def send(self, order: Order) -> Sent:
        """Ask once, and once more with a new token when the old one was not taken."""
        phone, template = self._phones.get(order.contact), self._account.templates.get(order.template_id)
        if phone is None:
            return http.without_phone(order.contact)
        if template is None:
            return Sent(
                Answer.REFUSED, "no-template", f"{order.template_id}: chưa có mẫu ở Zalo (no template)"
            )
        body = {
            "phone": phone,
            "template_id": template,
            "template_data": self._account.fields(order),
            "tracking_id": order.key,
        }
        refused = None
        for _ in range(2):
            token = await self._tokens.get(refused=refused)
            if isinstance(token, Sent):
                return token
            answer = await http.ask(
                self._client,
                self._url,
                within_s=self._within_s,
                json=body,
                headers={"access_token": token},
            )
            if isinstance(answer, Sent) or _code(answer) not in TOKEN:
                break
            refused = token
        return answer if isinstance(answer, Sent) else _read(answer)

    async def close(self) -> None:
        """Give the connections back, once a token that was asked for has come and is on the disk."""
        await self._tokens.settle()
        await self._client.aclose()


def _read(answer: dict[str, Any]) -> Sent:
    code = _code(answer)
    if code is None:
        return Sent(Answer.DOUBT, "", "câu trả lời không có mã (an answer without a code)")
    if code == 0:
        data = answer.get("data")
        message = data.get("msg_id") if isinstance(data, dict) else None
        return Sent(Answer.SENT, "0", "", str(message) if message else None)
    for codes, found, reason in WORDS:
        if code in codes:
            return Sent(found, str(code), reason)
    return Sent(Answer.REFUSED, str(code), UNDOCUMENTED)


def _code(answer: dict[str, Any]) -> int | None:
    """The documents show a number; a number in a string means the same."""
    try:
        return int(str(answer.get("error")))
    except ValueError:
        return None


def open_sender(settings: Settings) -> Sender:
    """From the settings and the secret files zalo.json, zalo_token.json and contacts.json."""
    account = msgspec.convert(http.secret(settings.secrets_dir / "zalo.json"), ZaloAccount)
    named, local = settings.gateways, settings.gateway_url
    bases = (named.get("zalo", local), named.get("zalo_oauth", OAUTH if "zalo" in named else local))
    return ZaloSender(bases, account, settings, http.phones(settings.secrets_dir))
