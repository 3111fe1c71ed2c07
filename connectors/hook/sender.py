"""A message as a signed call of a service of the commune's own: the gateway of the province, a bot, a siren.

The call is JSON: `type` message, `timestamp`, and `data` with contact, phone (84…), text (lines, with accents), sms (160
characters), template and its fields. The service answers 2xx with JSON: `status` is taken, later or refused; `id`, `reason` and
`price_vnd` (a whole number) are its own choice. 200 without a status is a doubt: a page of an error is no promise.

Delivery: the header webhook-id is our key, the same at every repetition; the service sends it once, as Standard Webhooks asks of a
receiver. So a message whose answer was lost may be asked for again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors import clock, http
from connectors.hook.signing import key_of, signed
from connectors.webhook.fields import printable
from models.alerting.link import with_link
from models.alerting.long_text import text_with_link
from models.alerting.sending import UNDOCUMENTED, Answer, Order, Sender, Sent
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    from connectors.settings import Settings

PATH = "/hook"
"""Of the local gateway; a real service is called at the address that the setting names, as it stands there."""
ANSWERS = {
    "taken": (Answer.SENT, ""),
    "later": (Answer.RETRY, "cổng bận, thử lại sau (busy, later)"),
    "refused": (Answer.REFUSED, "cổng từ chối tin này (message refused)"),
}


class HookSender:
    """One service; `phones` maps a contact's id to the number, 84…"""

    idempotent = CHANNELS[Channel.HOOK].knows_key

    def __init__(self, url: str, key: bytes, phones: dict[str, str], within_s: float) -> None:
        """`within_s`: an answer that is not whole by then is a doubt."""
        self._url, self._key, self._phones = url, key, phones
        self._client, self._within_s = http.client(), within_s

    async def send(self, order: Order) -> Sent:
        """Ask once; a contact without a phone number is refused by name."""
        phone = self._phones.get(order.contact)
        if phone is None:
            return http.without_phone(order.contact)
        now = clock.system()
        told = {
            "contact": order.contact,
            "phone": phone,
            "text": text_with_link(order),
            "sms": with_link(order.sms_text, order.link),
            "template": order.template_id,
            "fields": order.template_data,
        }
        body = msgspec.json.encode({"type": "message", "timestamp": now.isoformat(), "data": told})
        headers = {"content-type": "application/json"} | signed(self._key, order.key, now, body)
        answer = await http.ask(
            self._client, self._url, within_s=self._within_s, content=body, headers=headers
        )
        return answer if isinstance(answer, Sent) else _read(answer)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


def _read(answer: dict[str, Any]) -> Sent:
    status = answer.get("status")
    if not isinstance(status, str):
        return Sent(Answer.DOUBT, "", "câu trả lời không có status (an answer without a status)")
    status = printable(status)
    found, words = ANSWERS.get(status, (Answer.REFUSED, UNDOCUMENTED))
    if found is not Answer.SENT:
        reason = answer.get("reason")
        return Sent(found, status, f"{words}: {printable(reason)}" if isinstance(reason, str) else words)
    name, price = answer.get("id"), answer.get("price_vnd")
    known = isinstance(price, int) and not isinstance(price, bool) and 0 <= price < 2**31
    message = printable(str(name)) if isinstance(name, str | int) else None
    return Sent(found, status, "", message or None, price if known else None)


def open_sender(settings: Settings) -> Sender:
    """From the settings and the secret files hook.json and contacts.json."""
    url = settings.gateways.get("hook", settings.gateway_url + PATH)
    return HookSender(url, key_of(settings), http.phones(settings.secrets_dir), settings.answer_wait_s)
