"""What is odd about SpeedSMS: its limit a minute, its prices, its reports that know only its own id."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from connectors import http
from connectors.settings import Settings
from connectors.speedsms.callback import parser
from connectors.speedsms.sender import SpeedSmsAccount
from connectors.webhook.server import Refusal
from models.alerting.incoming import Incoming
from models.alerting.receipt import Outcome, Receipt
from models.alerting.sending import Answer
from tests.senders import order, send, send_to

LIMITS: list[tuple[dict[str, str], float]] = [
    ({"X-Rate-Limit-Reset": "37"}, 37.0),
    ({"Retry-After": "12"}, 12.0),
    ({"Retry-After": "999999"}, 3600.0),
    ({"Retry-After": "Fri, 31 Dec 2025 23:59:59 GMT"}, 0.0),
    ({"X-Rate-Limit-Reset": "-5"}, 0.0),
    ({}, 0.0),
]


@pytest.mark.parametrize(("headers", "again_s"), LIMITS)
def test_past_its_limit_it_is_asked_again_when_it_says(
    settings: Settings, headers: dict[str, str], again_s: float
) -> None:
    body = {"name": "Too Many Requests", "message": "Rate limit exceeded.", "code": 0, "status": 429}
    (sent,) = send_to(settings, "speedsms", JSONResponse(body, 429, headers=headers))

    assert (sent.answer, sent.again_s) == (Answer.RETRY, again_s)


PRICES: list[tuple[Any, int | None]] = [(250, 250), (250.4, 250), ("250", None), (-1, None), (None, None)]


@pytest.mark.parametrize(("told", "price"), PRICES)
def test_the_price_in_the_answer_is_that_of_the_message(
    settings: Settings, told: object, price: int | None
) -> None:
    answer = {"status": "success", "code": "00", "data": {"tranId": 7, "totalPrice": told}}
    (sent,) = send_to(settings, "speedsms", JSONResponse(answer))

    assert (sent.message, sent.price_vnd) == ("7", price)


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize(("sender", "kind"), [("PhuSa", 3), ("", 2)])
def test_without_a_brandname_it_goes_from_one_of_its_own_numbers(
    settings: Settings, sender: str, kind: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    ask = http.ask

    async def seen(*args: Any, **request: Any) -> Any:
        asked.append(request["json"])
        return await ask(*args, **request)

    monkeypatch.setattr(http, "ask", seen)
    file = settings.secrets_dir / "speedsms.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"sender": sender}))
    (sent,) = send(settings, "speedsms", order(settings))

    assert sent.answer is Answer.SENT
    assert asked[0]["sms_type"] == kind


def test_a_gateway_that_answers_200_with_a_page_is_a_doubt(settings: Settings) -> None:
    page: Response = PlainTextResponse("<html>maintenance</html>")
    (sent,) = send_to(settings, "speedsms", page)

    assert sent.answer is Answer.DOUBT


def body(**fields: object) -> bytes:
    return json.dumps({"type": "report", "tranId": 7, "phone": "0", "status": 0} | fields).encode()


OUTCOMES = [(0, Outcome.DELIVERED), (1, Outcome.PENDING), (63, Outcome.PENDING), (64, Outcome.FAILED)]


@pytest.mark.parametrize(("status", "outcome"), OUTCOMES)
def test_a_report_names_its_own_id_and_no_key(settings: Settings, status: int, outcome: Outcome) -> None:
    (receipt,) = parser(settings)(body(status=status), {}, {})

    assert isinstance(receipt, Receipt)
    assert (receipt.key, receipt.message, receipt.outcome) == ("", "7", outcome)
    assert bool(receipt.reason) == (outcome is Outcome.FAILED)


@pytest.mark.parametrize("kind", ["sms", "incoming"])
def test_what_a_contact_answers_is_heard_by_name_and_without_the_number(
    settings: Settings, kind: str
) -> None:
    person, number = next(iter(http.phones(settings.secrets_dir).items()))
    call = json.dumps({"type": kind, "phone": number, "content": "12 1"}).encode()
    first, again = (parser(settings)(call, {}, {})[0] for _ in range(2))

    assert isinstance(first, Incoming)
    assert isinstance(again, Incoming)
    assert (first.contact, first.text, first.source) == (person, "12 1", "speedsms")
    assert number not in repr(first)
    assert first.key != again.key


def test_a_call_of_another_kind_brings_nothing(settings: Settings) -> None:
    assert parser(settings)(b'{"type": "balance"}', {}, {}) == []


BAD = {
    "no id": (body(tranId=""), "tranId"),
    "an id with a NUL": (body(tranId="7\0"), "tranId"),
    "no status": (body(status=""), "status"),
    "a status that is none": (body(status="ok"), "status"),
    "no JSON": (b"{", "unreadable"),
    "a list": (b"[1]", "unreadable"),
}


@pytest.mark.parametrize(("call", "named"), BAD.values(), ids=BAD.keys())
def test_a_call_that_is_no_report_is_refused_by_its_field(
    settings: Settings, call: bytes, named: str
) -> None:
    with pytest.raises(Refusal, match=named):
        parser(settings)(call, {}, {})


def test_an_account_never_shows_its_token() -> None:
    assert "token-1" not in repr(SpeedSmsAccount("token-1", "http://127.0.0.1/secret-path"))
