"""One contract over all senders, against the local gateway's real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.settings import Settings
from connectors.sms import esms
from connectors.sms.esms import EsmsAccount
from connectors.zalo import client as zalo
from models.alerting.sending import Answer, Order, Sent
from tests.gateways import faults, gateway, messages, own_settings

CONTACT = "truong-thon-la-van-ha"
CHANNELS = {"sms": esms.open_sender, "zalo": zalo.open_sender}
DATA = {"tram": "Phú Ốc", "muc": "BĐ2", "viec_can_lam": "Kê cao đồ"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return own_settings(tmp_path)


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    with gateway(settings) as found:
        yield found


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def contact(settings: Settings) -> str:
    return next(iter(json.loads((settings.secrets_dir / "contacts.json").read_text(encoding="utf-8"))))


def order(settings: Settings, **changed: str) -> Order:
    fields = {"key": "a" * 40, "contact": contact(settings), "template_id": "river_rise"} | changed
    return Order(fields["key"], fields["contact"], "CANH BAO LU", fields["template_id"], DATA)


def send(settings: Settings, channel: str, *orders: Order) -> list[Sent]:
    async def all_of_them() -> list[Sent]:
        sender = CHANNELS[channel](settings)
        try:
            return [await sender.send(one) for one in orders]
        finally:
            await sender.close()

    return asyncio.run(all_of_them())


def test_a_message_that_is_taken_is_sent_and_has_the_gateways_id(
    settings: Settings, address: str, channel: str
) -> None:
    (sent,) = send(settings, channel, order(settings))

    assert sent.answer is Answer.SENT
    assert sent.message
    (taken,) = messages(address)
    assert (taken["channel"], taken["contact"], taken["key"]) == (channel, contact(settings), "a" * 40)


def test_no_gateway_means_retry(settings: Settings, channel: str) -> None:
    (sent,) = send(settings, channel, order(settings))

    assert sent.answer is Answer.RETRY
    assert "không tới được" in sent.reason


def test_a_busy_gateway_means_retry_and_nothing_was_taken(
    settings: Settings, address: str, channel: str
) -> None:
    faults(address, busy=1.0)
    (sent,) = send(settings, channel, order(settings))

    assert sent.answer is Answer.RETRY
    assert messages(address) == []


def test_a_lost_answer_is_a_doubt(settings: Settings, address: str, channel: str) -> None:
    faults(address, drop_answer=1.0)
    (sent,) = send(settings, channel, order(settings))

    assert sent.answer is Answer.DOUBT
    assert len(messages(address)) == 1


@pytest.mark.usefixtures("address")
def test_a_contact_without_a_number_is_refused_by_name(settings: Settings, channel: str) -> None:
    (sent,) = send(settings, channel, order(settings, contact="nobody"))

    assert sent.answer is Answer.REFUSED
    assert "nobody" in sent.reason


def test_a_repeated_key_is_sent_once_exactly_where_the_sender_says_so(
    settings: Settings, address: str, channel: str
) -> None:
    answers = send(settings, channel, order(settings), order(settings))

    assert [one.answer for one in answers] == [Answer.SENT, Answer.SENT]
    assert len(messages(address)) == (1 if CHANNELS[channel](settings).idempotent else 2)


CODES = {
    "sms: unknown error": ("sms", "99", Answer.RETRY),
    "sms: no money": ("sms", "103", Answer.REFUSED),
    "sms: wrong number": ("sms", "108", Answer.REFUSED),
    "sms: a code nobody documented": ("sms", "555", Answer.REFUSED),
    "zalo: too many requests": ("zalo", -32, Answer.RETRY),
    "zalo: quota of the day": ("zalo", -144, Answer.REFUSED),
    "zalo: not at night": ("zalo", -133, Answer.REFUSED),
    "zalo: no Zalo on this number": ("zalo", -118, Answer.REFUSED),
    "zalo: a value is missing": ("zalo", -1122, Answer.REFUSED),
    "zalo: the app is blocked": ("zalo", -135, Answer.REFUSED),
}


@pytest.mark.parametrize(("which", "code", "expected"), CODES.values(), ids=CODES.keys())
def test_a_documented_code_has_its_answer_and_a_reason_in_words(
    settings: Settings, address: str, which: str, code: object, expected: Answer
) -> None:
    faults(address, **{f"{which}_codes": [code]})
    (sent,) = send(settings, which, order(settings))

    assert (sent.answer, sent.code) == (expected, str(code))
    assert "(" in sent.reason


def test_a_token_that_is_not_taken_is_refreshed_once_and_kept(settings: Settings, address: str) -> None:
    import httpx

    path = settings.secrets_dir / "zalo_token.json"
    before = json.loads(path.read_text(encoding="utf-8"))
    httpx.post(f"{address}/_revoke").raise_for_status()
    answers = send(settings, "zalo", order(settings), order(settings, key="b" * 40))
    after = json.loads(path.read_text(encoding="utf-8"))

    assert [one.answer for one in answers] == [Answer.SENT, Answer.SENT]
    assert after["refresh_token"] != before["refresh_token"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_refresh_token_serves_once(settings: Settings, address: str) -> None:
    import httpx

    path = settings.secrets_dir / "zalo_token.json"
    used = path.read_bytes()
    httpx.post(f"{address}/_revoke").raise_for_status()
    assert send(settings, "zalo", order(settings))[0].answer is Answer.SENT
    path.write_bytes(used)
    httpx.post(f"{address}/_revoke").raise_for_status()
    (sent,) = send(settings, "zalo", order(settings, key="c" * 40))

    assert sent.answer is Answer.REFUSED
    assert "đăng nhập lại" in sent.reason


def test_an_account_never_shows_its_secrets() -> None:
    account = EsmsAccount("key-1", "secret-1", "PhuSa", "http://127.0.0.1/secret-path")

    assert "key-1" not in repr(account)
    assert "secret" not in repr(account)
