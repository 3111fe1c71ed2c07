"""What is odd about a modem: one message at a time, parts, answers on a SIM card; against one on a pseudo-terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from connectors import clock
from connectors.kafka.sink import DeliveryError
from connectors.modem import sender as modem
from connectors.settings import Settings
from models.alerting.incoming import Incoming
from models.alerting.sending import Answer, Sent
from tests.gateways import HANG_S, faults, messages
from tests.senders import contact, order, send


def named(settings: Settings) -> Settings:
    """The copy's own modem as a real one would be named."""
    return settings.model_copy(update={"gateways": {"modem": str(modem.simulated(settings.var))}})


def writes(address: str, person: str, text: str) -> None:
    told = {"contact": person, "channel": "modem", "text": text}
    httpx.post(f"{address}/_answer", json=told, timeout=HANG_S).raise_for_status()


def listening(
    settings: Settings, until: int, put: Callable[[Any], Awaitable[None]] | None = None
) -> list[Incoming]:
    """What a modem hears until so many messages were handed on."""
    heard: list[Incoming] = []

    async def keep(brought: Any) -> None:
        if put is not None:
            await put(brought)
        heard.extend(brought)
        if len(heard) >= until:
            stopping.set()

    async def all_of_it() -> None:
        sender = modem.open_sender(named(settings))
        assert isinstance(sender, modem.ModemSender)
        await sender.listen(keep, stopping)
        await sender.close()

    stopping = asyncio.Event()
    asyncio.run(all_of_it())
    return heard


def test_what_a_contact_answers_is_heard_by_name_and_without_the_number(
    settings: Settings, address: str
) -> None:
    person = contact(settings)
    writes(address, person, "12 1")
    writes(address, "", "who are you")
    first, stranger = listening(settings, 2)

    assert (first.contact, first.text, first.source) == (person, "12 1", "modem")
    assert (stranger.contact, stranger.text) == ("", "")
    assert abs(first.at - clock.system()) < timedelta(hours=1)


def test_what_was_not_kept_stays_on_the_card_and_comes_again_under_the_same_key(
    settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modem, "LISTEN_S", 0.01)

    async def fails_once(brought: Any) -> None:
        seen.extend(one.key for one in brought)
        if len(seen) == 1:
            raise DeliveryError

    seen: list[str] = []
    writes(address, contact(settings), "12 1")
    (again,) = listening(settings, 1, fails_once)

    assert seen == [again.key] * 2


def test_what_was_kept_is_taken_off_the_card(settings: Settings, address: str) -> None:
    writes(address, contact(settings), "12 1")
    listening(settings, 1)
    writes(address, contact(settings), "12 2")

    assert [one.text for one in listening(settings, 1)] == ["12 2"]


def test_nobody_listens_to_a_modem_that_is_not_named(settings: Settings, address: str) -> None:
    async def keep(_brought: Any) -> None:
        raise AssertionError

    async def all_of_it() -> None:
        sender = modem.open_sender(settings)
        assert isinstance(sender, modem.ModemSender)
        await sender.listen(keep, asyncio.Event())
        await sender.close()

    writes(address, contact(settings), "12 1")
    asyncio.run(all_of_it())


def test_a_text_over_one_sms_goes_in_parts(settings: Settings, address: str) -> None:
    long = msgspec.structs.replace(order(settings), sms_text="Canh bao lu song Bo tai Phu Oc vuot BD2. " * 5)
    (sent,) = send(settings, "modem", long)

    assert sent.answer is Answer.SENT
    assert "".join(one["text"] for one in messages(address)) == long.sms_text


def test_who_waits_too_long_for_the_modem_goes_the_next_way(
    settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modem, "PATIENCE_S", 0.05)
    faults(address, delay_s=2.0)

    async def together() -> list[Sent]:
        sender = modem.open_sender(settings)
        sent = await asyncio.gather(*(sender.send(order(settings)) for _ in range(2)))
        await sender.close()
        return sent

    first, second = asyncio.run(together())

    assert first.answer is Answer.SENT
    assert (second.answer, second.code) == (Answer.RETRY, "busy")
    assert len(messages(address)) == 1


def test_a_modem_that_was_pulled_out_and_in_again_is_opened_anew(
    settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The library gives a dead modem up after a while of its own.
    monkeypatch.setattr(modem, "PATIENCE_S", HANG_S)

    async def story() -> list[Sent]:
        sender = modem.open_sender(settings.model_copy(update={"answer_wait_s": 0.1}))
        assert isinstance(sender, modem.ModemSender)
        faults(address, drop_answer=1.0)
        first = await sender.send(order(settings))
        faults(address)
        sender._answer_s = HANG_S
        second = await sender.send(order(settings))
        await sender.close()
        return [first, second]

    assert [one.answer for one in asyncio.run(story())] == [Answer.DOUBT, Answer.SENT]
