"""One contract over all senders, against the local gateway's real HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors import clock, http
from connectors.settings import Settings
from connectors.sms import esms
from connectors.sms.esms import EsmsAccount
from connectors.zalo import client as zalo
from connectors.zalo.client import ZaloAccount
from connectors.zalo.token import TokenKeeper, Tokens
from models.alerting.sending import Answer, Order, Sent
from tests.gateways import eventually, faults, gateway, messages, own_settings, serving

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


def tokens(settings: Settings) -> dict[str, str]:
    found: dict[str, str] = json.loads((settings.secrets_dir / "zalo_token.json").read_text(encoding="utf-8"))
    return found


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


def send_to(settings: Settings, channel: str, answer: Response) -> list[Sent]:
    """Send one message to a gateway that has one answer to everything."""

    async def say(_request: Request) -> Response:
        return answer

    app = Starlette(routes=[Route("/{rest:path}", say, methods=["POST"])])
    with serving(app, settings.gateway_port):
        return send(settings, channel, order(settings))


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


def test_an_answer_that_comes_too_late_is_a_doubt_and_a_second_call_tells_what_idempotent_promises(
    settings: Settings, address: str, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both calls are under way before the gateway has taken the first.
    monkeypatch.setattr(http, "client", lambda: httpx.AsyncClient(timeout=0.2))
    faults(address, delay_s=0.6)
    answers = send(settings, channel, order(settings), order(settings))
    wanted = 1 if CHANNELS[channel](settings).idempotent else 2

    assert [one.answer for one in answers] == [Answer.DOUBT, Answer.DOUBT]
    eventually(lambda: sum(one["calls"] for one in messages(address)) == 2)
    assert len(messages(address)) == wanted


def test_an_answer_that_breaks_off_is_a_doubt(settings: Settings, channel: str) -> None:
    class Broken(Response):
        """Says that more will come, and hangs up."""

        async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]}
            )
            await send({"type": "http.response.body", "body": b'{"err', "more_body": True})
            raise ConnectionResetError

    (sent,) = send_to(settings, channel, Broken())

    assert sent.answer is Answer.DOUBT


STRANGE: list[Any] = [
    {},
    [],
    {"error": None},
    {"error": {"code": 1}},
    {"CodeResult": None},
    {"CodeResult": ["100"]},
]


@pytest.mark.parametrize("content", STRANGE, ids=str)
def test_an_answer_that_says_nothing_is_a_doubt(settings: Settings, channel: str, content: object) -> None:
    (sent,) = send_to(settings, channel, JSONResponse(content))

    assert sent.answer is Answer.DOUBT


@pytest.mark.parametrize(
    ("channel", "content"), [("zalo", {"error": 0, "data": []}), ("sms", {"CodeResult": 100})]
)
def test_an_answer_without_an_id_is_sent_all_the_same(
    settings: Settings, channel: str, content: object
) -> None:
    (sent,) = send_to(settings, channel, JSONResponse(content))

    assert (sent.answer, sent.message) == (Answer.SENT, None)


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


SMS_CODES = [
    "99",
    "101",
    "103",
    "104",
    "108",
    "118",
    "119",
    "124",
    "140",
    "146",
    "177",
    "300",
    "687",
    "789",
    "799",
]
ZALO_CODES = [
    *(-100, -32, -211),
    *(-144, -147, -1441, -1471, -1472),
    *(-133, -234),
    *(-115, -136, -137, -320, -321),
    *(-108, -114, -118, -119, -139, -140, -141, -213, -227, -230),
    *(-109, -111, -112, -113, -1121, -1122, -1123, -1124, -117, -127, -131, -132, -146),
    *(-101, -102, -103, -104, -105, -106, -107, -120, -121, -122, -125, -126, -135, -1351),
    *(-219, -224, -240, -241, -242),
]
ANSWERS = {"99": Answer.RETRY, "124": Answer.SENT, -100: Answer.RETRY, -32: Answer.RETRY, -211: Answer.RETRY}
"""What the documents name and is not a refusal; Zalo's token codes have a rule of their own."""


@pytest.mark.parametrize(("channel", "codes"), [("sms", SMS_CODES), ("zalo", ZALO_CODES)])
def test_every_documented_code_has_its_answer_and_a_reason_in_words(
    settings: Settings, address: str, channel: str, codes: list[str | int]
) -> None:
    faults(address, **{f"{channel}_codes": codes})
    orders = [order(settings, key=f"{i:040d}") for i in range(len(codes))]
    answers = send(settings, channel, *orders)

    assert [(one.code, one.answer) for one in answers] == [
        (str(code), ANSWERS.get(code, Answer.REFUSED)) for code in codes
    ]
    assert all("(" in one.reason and "documented" not in one.reason for one in answers)
    assert messages(address) == []


@pytest.mark.parametrize(("channel", "code"), [("sms", "555"), ("zalo", -999)])
def test_a_code_that_nobody_documented_is_refused_and_says_so(
    settings: Settings, address: str, channel: str, code: object
) -> None:
    faults(address, **{f"{channel}_codes": [code]})
    (sent,) = send(settings, channel, order(settings))

    assert (sent.answer, sent.code) == (Answer.REFUSED, str(code))
    assert "not documented" in sent.reason


@pytest.mark.parametrize("code", [-124, -216, -220, 452])
def test_a_token_code_is_met_with_one_new_token_and_the_message_goes(
    settings: Settings, address: str, code: int
) -> None:
    before = tokens(settings)
    faults(address, zalo_codes=[code])
    (sent,) = send(settings, "zalo", order(settings))

    assert sent.answer is Answer.SENT
    assert tokens(settings)["refresh_token"] != before["refresh_token"]


def test_a_token_that_is_refused_again_after_the_refresh_is_tried_later(
    settings: Settings, address: str
) -> None:
    faults(address, zalo_codes=[-216, -216])
    (sent,) = send(settings, "zalo", order(settings))

    assert (sent.answer, sent.code) == (Answer.RETRY, "-216")
    assert messages(address) == []


def test_a_token_that_is_not_taken_is_refreshed_once_and_kept(settings: Settings, address: str) -> None:
    path = settings.secrets_dir / "zalo_token.json"
    before = json.loads(path.read_text(encoding="utf-8"))
    httpx.post(f"{address}/_revoke").raise_for_status()
    answers = send(settings, "zalo", order(settings), order(settings, key="b" * 40))
    after = json.loads(path.read_text(encoding="utf-8"))

    assert [one.answer for one in answers] == [Answer.SENT, Answer.SENT]
    assert after["refresh_token"] != before["refresh_token"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_refresh_token_serves_once(settings: Settings, address: str) -> None:
    path = settings.secrets_dir / "zalo_token.json"
    used = path.read_bytes()
    httpx.post(f"{address}/_revoke").raise_for_status()
    assert send(settings, "zalo", order(settings))[0].answer is Answer.SENT
    path.write_bytes(used)
    httpx.post(f"{address}/_revoke").raise_for_status()
    (sent,) = send(settings, "zalo", order(settings, key="c" * 40))

    assert sent.answer is Answer.REFUSED
    assert "đăng nhập lại" in sent.reason


def test_messages_at_the_same_time_share_one_refresh(settings: Settings, address: str) -> None:
    httpx.post(f"{address}/_revoke").raise_for_status()

    async def together() -> list[Sent]:
        sender = zalo.open_sender(settings)
        try:
            return await asyncio.gather(*(sender.send(order(settings, key=f"{i:040d}")) for i in range(8)))
        finally:
            await sender.close()

    # A second refresh with the same refresh token would have been refused.
    assert {one.answer for one in asyncio.run(together())} == {Answer.SENT}
    assert len(messages(address)) == 8


def test_a_token_that_is_over_is_refreshed_before_it_is_used(settings: Settings, address: str) -> None:
    path, before = settings.secrets_dir / "zalo_token.json", tokens(settings)
    path.write_text(json.dumps(before | {"expires_at": "2020-01-01T00:00:00+00:00"}), encoding="utf-8")
    (sent,) = send(settings, "zalo", order(settings))

    assert sent.answer is Answer.SENT
    assert tokens(settings)["access_token"] != before["access_token"]
    assert len(messages(address)) == 1


def test_a_new_token_is_on_the_disk_before_it_is_used_and_is_not_lost_when_the_disk_is_full(
    settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, full = TokenKeeper._write, [True]

    def on_a_full_disk(own: TokenKeeper, new: Tokens) -> None:
        if full:
            full.pop()
            raise OSError(28, "No space left on device")
        write(own, new)

    monkeypatch.setattr(TokenKeeper, "_write", on_a_full_disk)
    before = tokens(settings)
    httpx.post(f"{address}/_revoke").raise_for_status()
    answers = send(settings, "zalo", order(settings), order(settings, key="b" * 40))

    assert [one.answer for one in answers] == [Answer.RETRY, Answer.SENT]
    assert tokens(settings)["refresh_token"] != before["refresh_token"]
    assert [one["key"] for one in messages(address)] == ["b" * 40]


@pytest.mark.parametrize("life", [None, "soon", -1, "9" * 30], ids=str)
def test_a_new_pair_with_an_unreadable_life_is_kept(settings: Settings, life: object) -> None:
    async def renew() -> str | Sent:
        async with http.client() as own:
            keeper = TokenKeeper(
                own, settings.gateway_url, ("1", "s"), settings.secrets_dir / "zalo_token.json"
            )
            return await keeper.get(refused=tokens(settings)["access_token"])

    async def give(_request: Request) -> Response:
        return JSONResponse({"access_token": "new", "refresh_token": "next", "expires_in": life})

    with serving(Starlette(routes=[Route("/{rest:path}", give, methods=["POST"])]), settings.gateway_port):
        assert asyncio.run(renew()) == "new"
    assert tokens(settings)["refresh_token"] == "next"


def test_tokens_that_a_person_signed_in_for_are_found_without_a_restart(
    settings: Settings, address: str
) -> None:
    path, good = settings.secrets_dir / "zalo_token.json", tokens(settings)
    path.write_text(json.dumps(good | {"access_token": "old", "refresh_token": "used"}), encoding="utf-8")

    async def before_and_after() -> list[Sent]:
        sender = zalo.open_sender(settings)
        try:
            first = await sender.send(order(settings))
            path.write_text(json.dumps(good), encoding="utf-8")
            return [first, await sender.send(order(settings))]
        finally:
            await sender.close()

    first, second = asyncio.run(before_and_after())

    assert (first.answer, second.answer) == (Answer.REFUSED, Answer.SENT)
    assert len(messages(address)) == 1


def test_no_secret_and_no_phone_number_is_ever_shown(
    settings: Settings, address: str, channel: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    faults(address, drop_answer=1.0)
    seen = [repr(CHANNELS[channel](settings)), repr(send(settings, channel, order(settings)))]
    httpx.post(f"{address}/_revoke").raise_for_status()
    seen += [repr(send(settings, channel, order(settings))), caplog.text]

    assert [secret for secret in hidden(settings) if secret in "".join(seen)] == []


def hidden(settings: Settings) -> list[str]:
    """Every key, token and phone number of this installation."""
    folder = settings.secrets_dir
    account = json.loads((folder / "esms.json").read_text(encoding="utf-8"))
    app = json.loads((folder / "zalo.json").read_text(encoding="utf-8"))
    pair = tokens(settings)
    phones = json.loads((folder / "contacts.json").read_text(encoding="utf-8")).values()
    return [
        *(account[name] for name in ("api_key", "secret_key", "callback_url")),
        *(app[name] for name in ("app_secret", "oa_secret")),
        *(pair[name] for name in ("access_token", "refresh_token")),
        *phones,
        *("0" + one.removeprefix("84") for one in phones),
    ]


def test_an_account_never_shows_its_secrets() -> None:
    account = EsmsAccount("key-1", "secret-1", "PhuSa", "http://127.0.0.1/secret-path")

    assert "key-1" not in repr(account)
    assert "secret" not in repr(account)


def test_a_zalo_account_and_its_tokens_never_show_their_secrets(settings: Settings) -> None:
    app = json.loads((settings.secrets_dir / "zalo.json").read_text(encoding="utf-8"))
    pair = Tokens("access-1", "refresh-1", clock.system())
    seen = repr(ZaloAccount(**app)) + repr(pair)

    assert not any(one in seen for one in (app["app_secret"], app["oa_secret"], "access-1", "refresh-1"))
