"""Telegram and about 130 more services by the package Apprise: each contact has an address such as tgram://bot-token/chat-id.

PHUSA_APPRISE_URL says that this installation has the way, and names the service whose host `phusa doctor` looks for
(https://api.telegram.org); where a message goes is the contact's address in apprise.json.

Delivery: Apprise says yes or no. A no may be a service that was not reached, one that refuses, or one whose answer was lost; it is
asked again, because a warning that comes twice is better than one that does not come. Only what Apprise has not answered at all
in time is a doubt.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import apprise

from connectors import http
from models.alerting.long_text import text_with_link
from models.alerting.sending import Answer, Order, Sender, Sent
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    from connectors.settings import Settings

TOGETHER = 8
"""Threads: its services are called one after the other in each."""


class AppriseSender:
    """`addresses`: Apprise's address of each contact, by the contact's id; secret, since most hold a token."""

    idempotent = CHANNELS[Channel.APPRISE].knows_key

    def __init__(self, addresses: dict[str, str], within_s: float) -> None:
        """`within_s`: an answer that has not come by then is a doubt."""
        self._addresses, self._within_s = addresses, within_s
        self._threads = ThreadPoolExecutor(TOGETHER, "apprise")

    async def send(self, order: Order) -> Sent:
        """Ask once; a contact without an address, or with one that Apprise cannot read, is refused by name."""
        address = self._addresses.get(order.contact)
        # One of its own for each message: Apprise makes a second message of the same one wait for seconds.
        service = None if address is None else apprise.Apprise.instantiate(address, suppress_exceptions=True)
        if service is None:
            reason = f"{order.contact}: không có địa chỉ Apprise đọc được (no readable Apprise address)"
            return Sent(Answer.REFUSED, "no-address", reason)
        text = text_with_link(order)
        title, _, rest = text.partition("\n")
        work = asyncio.get_running_loop().run_in_executor(self._threads, _told, service, title, rest or title)
        done, _ = await asyncio.wait({work}, timeout=self._within_s)
        if not done:
            reason = f"không trả lời trong {self._within_s:g} s (no answer in time)"
            return Sent(Answer.DOUBT, "TimeoutError", reason)
        if work.result():
            return Sent(Answer.SENT, "yes", "")
        return Sent(Answer.RETRY, "no", "dịch vụ không nhận hoặc không tới được (not taken, or not reached)")

    async def close(self) -> None:
        """What is under way ends by Apprise's own limits."""
        self._threads.shutdown(wait=False)


def _told(service: apprise.NotifyBase, title: str, body: str) -> bool:
    catcher = apprise.Apprise()
    catcher.add(service)
    return bool(catcher.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT))


def open_sender(settings: Settings) -> Sender:
    """From the settings and the secret file apprise.json, which maps contacts to addresses."""
    # Both write addresses with their tokens.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    logging.getLogger("urllib3").setLevel(logging.INFO)
    addresses = http.secret(settings.secrets_dir / "apprise.json")
    return AppriseSender({name: str(url) for name, url in addresses.items()}, settings.answer_wait_s)
