"""What is odd about the webhook: its signature in both directions, its words, its clock."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.responses import JSONResponse

from connectors.hook.callback import parser
from connectors.hook.signing import SIGNATURE, is_signed, key_of, signed
from connectors.settings import Settings
from connectors.webhook.server import Refusal
from models.alerting.receipt import Outcome
from models.alerting.sending import Answer
from models.envelope.rejected import Reason
from tests.gateways import messages
from tests.senders import order, send, send_to

KEY = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
AT = datetime(2025, 11, 1, 12, 0, tzinfo=UTC)


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The published example of its first implementation."""
    headers = signed(
        KEY,
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )

    assert headers[SIGNATURE] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_one_right_signature_among_several_is_enough() -> None:
    """A receiver that changes its key signs with both for a while."""
    headers = signed(KEY, "m", AT, b"{}")

    assert is_signed(KEY, headers | {SIGNATURE: f"v1,AAAA {headers[SIGNATURE]} v2,x"}, b"{}")
    assert not is_signed(KEY, headers | {SIGNATURE: "v1,AAAA"}, b"{}")
    assert not is_signed(KEY, headers, b"{} ")
    assert not is_signed(KEY, headers | {"webhook-id": "n"}, b"{}")
    assert not is_signed(KEY, {}, b"{}")


@pytest.mark.parametrize("key", ["", "secret", "whsec_", "whsec_*"])
def test_a_key_that_is_none_is_named_and_not_shown(settings: Settings, key: str) -> None:
    file = settings.secrets_dir / "hook.json"
    file.write_text(json.dumps({"key": key}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"hook\.json: key: .*expected whsec_ and base64"):
        key_of(settings)


def test_the_service_gets_the_long_text_with_accents(settings: Settings, address: str) -> None:
    send(settings, "hook", order(settings))

    assert "Kê cao đồ" in messages(address)[0]["text"]


ANSWERS: dict[str, tuple[dict[str, Any], tuple[Answer, str | None, int | None]]] = {
    "taken with id and price": (
        {"status": "taken", "id": "m1", "price_vnd": 300},
        (Answer.SENT, "m1", 300),
    ),
    "a number as id": ({"status": "taken", "id": 7}, (Answer.SENT, "7", None)),
    "a price in words": ({"status": "taken", "price_vnd": "300"}, (Answer.SENT, None, None)),
    "a price below nothing": ({"status": "taken", "price_vnd": -1}, (Answer.SENT, None, None)),
    "later": ({"status": "later"}, (Answer.RETRY, None, None)),
    "refused": ({"status": "refused", "reason": "no such person"}, (Answer.REFUSED, None, None)),
    "200 with an error inside": ({"error": "no"}, (Answer.DOUBT, None, None)),
}


@pytest.mark.parametrize(("answer", "expected"), ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_means_what_its_status_says(
    settings: Settings, answer: dict[str, Any], expected: tuple[Answer, str | None, int | None]
) -> None:
    (sent,) = send_to(settings, "hook", JSONResponse(answer))

    assert (sent.answer, sent.message, sent.price_vnd) == expected
    assert "no such person" not in answer.get("reason", "") or "no such person" in sent.reason


def call(at: datetime = AT, **told: object) -> tuple[bytes, dict[str, str], dict[str, str]]:
    body = json.dumps({"key": "k", "outcome": "delivered"} | told).encode()
    return body, signed(KEY, "r", at, body), {}


OUTCOMES = [("delivered", Outcome.DELIVERED), ("failed", Outcome.FAILED), ("pending", Outcome.PENDING)]


@pytest.mark.parametrize(("word", "outcome"), OUTCOMES)
def test_a_receipt_has_its_outcome(word: str, outcome: Outcome) -> None:
    (receipt,) = parser(KEY, lambda: AT)(*call(outcome=word, id="m1", price_vnd=300))

    assert (receipt.key, receipt.message, receipt.outcome, receipt.price_vnd) == ("k", "m1", outcome, 300)
    assert bool(receipt.reason) == (outcome is Outcome.FAILED)


BAD = {
    "an outcome nobody documented": ({"outcome": "lost"}, Reason.WRONG_TYPE, "'lost'"),
    "a key with a slash": ({"key": "../x"}, Reason.WRONG_TYPE, "key"),
    "a price that no row holds": ({"price_vnd": 2**31}, Reason.WRONG_TYPE, "price_vnd"),
    "no outcome": ({"outcome": None}, Reason.NOT_JSON, "unreadable"),
    "of yesterday": ({"at": AT - timedelta(days=1)}, Reason.OLD_TIMESTAMP, "webhook-timestamp"),
    "of the future": ({"at": AT + timedelta(minutes=6)}, Reason.OLD_TIMESTAMP, "webhook-timestamp"),
}


@pytest.mark.parametrize(("told", "reason", "named"), BAD.values(), ids=BAD.keys())
def test_a_signed_call_that_is_no_receipt_is_refused_by_its_field(
    told: dict[str, Any], reason: Reason, named: str
) -> None:
    with pytest.raises(Refusal, match=named) as refused:
        parser(KEY, lambda: AT)(*call(told.pop("at", AT), **told))

    assert refused.value.reason is reason


def test_a_forged_receipt_is_refused() -> None:
    body, headers, query = call()
    with pytest.raises(Refusal) as refused:
        parser(b"another", lambda: AT)(body, headers, query)

    assert refused.value.reason is Reason.WRONG_SIGNATURE
