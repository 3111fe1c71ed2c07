"""One contract over all senders, against the local gateway's real HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from connectors import clock, http
from connectors.settings import Settings
from connectors.sms.esms import EsmsAccount
from connectors.ways import way
from connectors.webhook.server import Refusal
from connectors.zalo.callback import parser
from connectors.zalo.client import ZaloAccount
from connectors.zalo.token import Tokens
from models.alerting.sending import Answer, Sent
from models.catalogue.channels import Channel
from tests.gateways import HANG_S, eventually, faults, messages
from tests.senders import DOCUMENTED, EVERY, contact, order, over_http, send, send_to


def test_a_message_that_is_taken_is_sent_and_has_the_gateways_id(
    settings: Settings, address: str, channel: Channel
) -> None:
    (sent,) = send(settings, channel, order(settings))

    assert sent.answer is Answer.SENT
    assert bool(sent.message) is DOCUMENTED[channel].tells
    (taken,) = messages(address)
    key = "a" * 40 if DOCUMENTED[channel].carries_key else ""
    assert (taken["channel"], taken["contact"], taken["key"]) == (channel, contact(settings), key)


def test_no_gateway_means_retry(settings: Settings, channel: Channel) -> None:
    (sent,) = send(settings, channel, order(settings))

    assert sent.answer is Answer.RETRY
    assert "không tới được" in sent.reason or not DOCUMENTED[channel].tells


def test_a_busy_gateway_means_retry_and_nothing_was_taken(
    settings: Settings, address: str, channel: Channel
) -> None:
    faults(address, busy=1.0)
    (sent,) = send(settings, channel, order(settings))

    assert sent.answer is Answer.RETRY
    assert messages(address) == []


def test_a_lost_answer_is_a_doubt_where_it_can_be_told(
    settings: Settings, address: str, channel: Channel
) -> None:
    faults(address, drop_answer=1.0)
    (sent,) = send(settings, channel, order(settings))

    assert sent.answer is (Answer.DOUBT if DOCUMENTED[channel].tells else Answer.RETRY)
    assert len(messages(address)) == 1


def test_an_answer_that_comes_too_late_is_a_doubt_and_a_second_call_tells_what_idempotent_promises(
    settings: Settings, address: str, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both calls are under way before the gateway has taken the first.
    monkeypatch.setattr(http, "client", lambda: httpx.AsyncClient(timeout=httpx.Timeout(5.0, read=0.1)))
    faults(address, delay_s=0.3)
    # Who is asked over HTTP is not cut off while he connects; of the others only the last answer counts.
    hurried = settings if over_http(channel) else settings.model_copy(update={"answer_wait_s": 0.1})
    answers = send(hurried, channel, order(settings), order(settings))
    wanted = 1 if way(channel).open_sender(settings).idempotent else 2

    assert [answer.answer for answer in answers] == [Answer.DOUBT, Answer.DOUBT]
    eventually(lambda: sum(message["calls"] for message in messages(address)) == 2)
    assert len(messages(address)) == wanted


def test_an_answer_that_breaks_off_is_a_doubt(settings: Settings, over_http_only: Channel) -> None:
    class Broken(Response):
        """Says that more will come, and hangs up."""

        async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]}
            )
            await send({"type": "http.response.body", "body": b'{"err', "more_body": True})
            raise ConnectionResetError

    (sent,) = send_to(settings, over_http_only, Broken())

    assert sent.answer is Answer.DOUBT


STRANGE: list[Any] = [
    {},
    [],
    {"error": None},
    {"error": {"code": 1}},
    {"CodeResult": None},
    {"CodeResult": ["100"]},
    {"code": None},
    {"code": ["00"]},
]


def test_an_answer_that_says_nothing_is_a_doubt(settings: Settings, over_http_only: Channel) -> None:
    answers = send_to(settings, over_http_only, *(JSONResponse(one) for one in STRANGE))

    assert [answer.answer for answer in answers] == [Answer.DOUBT] * len(STRANGE)


GARBAGE = {
    "brackets that never close": b"[" * 100_000,
    "an object without a bottom": b'{"a":' * 50_000,
    "more than a gateway has to say": b'{"code":"00","CodeResult":"100","pad":"'
    + b"x" * http.MOST_BYTES
    + b'"}',
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE.keys())
def test_an_answer_that_cannot_be_read_ends_no_sender(body: bytes) -> None:
    (found,) = asked(body)

    assert isinstance(found, Sent)
    assert found.answer is Answer.DOUBT


def test_of_what_a_gateway_calls_a_message_only_what_a_store_takes_is_kept() -> None:
    body = rb'{"CodeResult": "100", "SMSID": "a\u0000b\ud83dc", "data": [{"tranId": "\u0007x"}]}'

    assert asked(body) == [{"CodeResult": "100", "SMSID": "abc", "data": [{"tranId": "x"}]}]


def asked(*bodies: bytes) -> list[dict[str, object] | Sent]:
    """What the senders make of these answers."""
    left = list(bodies)

    async def inside() -> list[dict[str, object] | Sent]:
        transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=left.pop(0)))
        async with httpx.AsyncClient(transport=transport) as own:
            return [await http.ask(own, "http://gateway.test/") for _ in bodies]

    return asyncio.run(inside())


def test_an_answer_without_an_id_is_sent_all_the_same(settings: Settings, over_http_only: Channel) -> None:
    (sent,) = send_to(settings, over_http_only, JSONResponse(DOCUMENTED[over_http_only].without_id))

    assert (sent.answer, sent.message) == (Answer.SENT, None)


@pytest.mark.usefixtures("address")
def test_a_contact_without_a_number_is_refused_by_name(settings: Settings, channel: Channel) -> None:
    (sent,) = send(settings, channel, order(settings, contact="nobody"))

    assert sent.answer is Answer.REFUSED
    assert "nobody" in sent.reason


def test_a_repeated_key_is_sent_once_exactly_where_the_sender_says_so(
    settings: Settings, address: str, channel: Channel
) -> None:
    answers = send(settings, channel, order(settings), order(settings))

    assert [answer.answer for answer in answers] == [Answer.SENT, Answer.SENT]
    assert len(messages(address)) == (1 if way(channel).open_sender(settings).idempotent else 2)


def test_every_documented_code_has_its_answer_and_a_reason_in_words(
    settings: Settings, address: str, channel: Channel
) -> None:
    documented = DOCUMENTED[channel]
    faults(address, codes={channel: documented.codes})
    orders = [order(settings, key=f"{i:040d}") for i in range(len(documented.codes))]
    answers = send(settings, channel, *orders)

    assert [(answer.code, answer.answer) for answer in answers] == [
        (str(code), documented.answers.get(code, Answer.REFUSED)) for code in documented.codes
    ]
    assert all("(" in answer.reason and "documented" not in answer.reason for answer in answers)
    assert messages(address) == []


def test_a_code_that_nobody_documented_is_refused_and_says_so(
    settings: Settings, address: str, with_codes: Channel
) -> None:
    channel = with_codes
    code = DOCUMENTED[channel].unknown
    faults(address, codes={channel: [code]})
    (sent,) = send(settings, channel, order(settings))

    assert (sent.answer, sent.code) == (Answer.REFUSED, str(code))
    assert "not documented" in sent.reason


def test_no_secret_and_no_phone_number_is_ever_shown(
    settings: Settings, address: str, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    faults(address, drop_answer=1.0)
    seen = [repr(way(channel).open_sender(settings)), repr(send(settings, channel, order(settings)))]
    httpx.post(f"{address}/_revoke", timeout=HANG_S).raise_for_status()
    seen += [repr(send(settings, channel, order(settings))), caplog.text]

    assert [secret for secret in hidden(settings) if secret in "".join(seen)] == []


def hidden(settings: Settings) -> list[str]:
    """Every key, token and phone number of this installation."""
    folder = settings.secrets_dir
    phones = json.loads((folder / "contacts.json").read_text(encoding="utf-8")).values()
    return [
        *(
            str(value)
            for row in DOCUMENTED.values()
            for file, name in row.hidden
            for field, value in json.loads((folder / file).read_text(encoding="utf-8")).items()
            if name in (field, EVERY)
        ),
        *phones,
        *("0" + phone.removeprefix("84") for phone in phones),
    ]


def test_a_call_of_a_stranger_is_refused_in_words_whatever_its_bytes(settings: Settings) -> None:
    parse = parser(settings)
    for body in (b"", b"[" * 60_000, b'{"x":' * 12_000, b'{"event_name":"\xff","timestamp":"1"}'):
        with pytest.raises(Refusal, match="unreadable"):
            parse(body, {}, {})


def test_an_account_never_shows_its_secrets() -> None:
    account = EsmsAccount("key-1", "secret-1", "PhuSa", "http://127.0.0.1/secret-path")

    assert "key-1" not in repr(account)
    assert "secret" not in repr(account)


def test_a_zalo_account_and_its_tokens_never_show_their_secrets(settings: Settings) -> None:
    app = json.loads((settings.secrets_dir / "zalo.json").read_text(encoding="utf-8"))
    pair = Tokens("access-1", "refresh-1", clock.system())
    seen = repr(ZaloAccount(**app)) + repr(pair)

    assert not any(one in seen for one in (app["app_secret"], app["oa_secret"], "access-1", "refresh-1"))
