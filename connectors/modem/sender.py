"""SMS by a modem with a SIM card of the commune's own: it works while the internet is gone, some seconds a message.

Delivery: the network knows no key of ours. The modem says that it has sent or that it has not; when it falls silent, or the cable
comes out, after it was given the text, that is a doubt. One message at a time: who has waited too long for the modem goes the next
way. People's answers lie on the SIM card: they are read there, put onto the topic, and only then taken off.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import gammu
import structlog

from connectors import clock, http
from connectors.kafka.sink import DeliveryError
from connectors.modem.phone import NOT_SENT, Phone
from connectors.replies import Numbers, written
from models.alerting.incoming import incoming
from models.alerting.link import with_link
from models.alerting.sending import Answer, Order, Sender, Sent
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from connectors.settings import Settings
    from connectors.webhook.server import Take

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

SOURCE = "modem"
PATIENCE_S = 10.0
"""A message waits so long for the one before it."""
OPEN_S = 30.0
"""A modem that was just plugged in takes some seconds to find its network."""
LISTEN_S = 5.0
"""Between two looks at the SIM card."""
AWAY = "không tới được cổng: modem không trả lời (gateway not reached: no answer from the modem)"


class ModemSender:
    """One modem; `phones` maps a contact's id to the number, 84…; `numbers` None: nobody listens."""

    idempotent = CHANNELS[Channel.MODEM].knows_key

    def __init__(
        self, phone: Phone, phones: dict[str, str], answer_s: float, numbers: Numbers | None, now: clock.Now
    ) -> None:
        """`answer_s`: when the network has not taken a message by then it is a doubt."""
        self._phone, self._phones, self._answer_s = phone, phones, answer_s
        self._numbers, self._now = numbers, now
        self._thread = ThreadPoolExecutor(1, "modem")
        self._free = asyncio.Lock()
        self._job: asyncio.Future[Any] | None = None

    async def send(self, order: Order) -> Sent:
        """Ask once; a contact without a phone number is refused by name."""
        phone = self._phones.get(order.contact)
        if phone is None:
            return http.without_phone(order.contact)
        try:
            async with self._held():
                return await self._send(f"+{phone}", with_link(order.sms_text, order.link))
        except _BusyError:
            return Sent(Answer.RETRY, "busy", "modem đang gửi tin khác (the modem sends another)")

    async def _send(self, number: str, text: str) -> Sent:
        try:
            await self._ended(self._phone.open, OPEN_S)
        except (gammu.GSMError, TimeoutError) as error:
            return Sent(Answer.RETRY, type(error).__name__, AWAY)
        try:
            return Sent(
                Answer.SENT,
                "OK",
                "",
                await self._ended(partial(self._phone.send, number, text), self._answer_s),
            )
        except NOT_SENT as error:
            reason = "modem báo không gửi được (the modem says that it has not sent)"
            return Sent(Answer.RETRY, type(error).__name__, reason)
        except (gammu.GSMError, TimeoutError) as error:
            # Perhaps the cable came out: it is opened anew, once what is under way in its thread has ended.
            self._thread.submit(_closed, self._phone)
            return Sent(Answer.DOUBT, type(error).__name__, "modem im lặng giữa chừng (silent half-way)")

    async def listen(self, put: Take, stopping: asyncio.Event) -> None:
        """Hand on what people answer, until stopped; returns at once where nobody listens."""
        away = False
        while self._numbers is not None and not stopping.is_set():
            try:
                async with self._held():
                    await self._hand_on(put, self._numbers)
                away = False
            except (gammu.GSMError, TimeoutError) as error:
                # Told once, not at every look.
                if not away:
                    log.warning("modem_not_heard", error=type(error).__name__)
                away = True
                self._thread.submit(_closed, self._phone)
            except DeliveryError:
                # What is not kept stays on the SIM card, and the next look finds it.
                log.warning("reply_not_kept", way=SOURCE)
            except _BusyError:
                log.info("modem_busy")
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), LISTEN_S)

    async def _hand_on(self, put: Take, numbers: Numbers) -> None:
        await self._ended(self._phone.open, OPEN_S)
        for one in await self._ended(self._phone.heard, OPEN_S):
            contact, at = numbers.contact(one.number), written(one.at, self._now)
            await put([incoming(SOURCE, one.name, contact, one.text, at)])
            await self._ended(partial(self._phone.forget, one.place), OPEN_S)

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[None]:
        """The modem for oneself; whoever gave up waiting for an answer holds it until there is one."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._free.acquire()
        except TimeoutError:
            raise _BusyError from None
        try:
            yield
        finally:
            if self._job is None or self._job.done():
                self._free.release()
            else:
                self._job.add_done_callback(lambda _: self._free.release())

    async def _ended(self, work: Callable[[], Result], within_s: float) -> Result:
        """What the work in the modem's thread returns; raises what it raises, TimeoutError when it has not ended in time."""
        job = asyncio.get_running_loop().run_in_executor(self._thread, work)
        self._job = job
        done, _ = await asyncio.wait({job}, timeout=within_s)
        if not done:
            raise TimeoutError
        return job.result()

    async def close(self) -> None:
        """Let the modem go when what is under way has ended; the process waits for that."""
        self._thread.submit(_closed, self._phone)
        self._thread.shutdown(wait=False)


class _BusyError(Exception):
    """Another message has held the modem for too long."""


def _closed(phone: Phone) -> None:
    """It may be out of its socket: then there is nothing to let go."""
    try:
        phone.close()
    except gammu.GSMError as error:
        log.info("modem_not_closed", error=type(error).__name__)


def open_sender(settings: Settings) -> Sender:
    """From the settings and the secret file contacts.json; a modem that is named is also listened to."""
    named = settings.gateways.get("modem")
    device = named or str(simulated(settings.var))
    numbers = None if named is None else Numbers(settings.secrets_dir)
    now = clock.from_setting(settings.clock) or clock.system
    return ModemSender(Phone(device), http.phones(settings.secrets_dir), settings.answer_wait_s, numbers, now)


def simulated(var: Path) -> Path:
    """Where the local gateway's modem is."""
    return var / "gateway" / "modem"
