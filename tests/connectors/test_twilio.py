"""What is odd about Twilio: errors under 4xx, a key in the callback's address, a signature over address and fields."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from starlette.responses import JSONResponse

from connectors.settings import Settings
from connectors.twilio.callback import HEADER, parser, signature
from connectors.twilio.sender import TwilioAccount
from connectors.webhook.server import Refusal
from models.alerting.receipt import Outcome, Receipt
from models.alerting.sending import Answer
from models.envelope.rejected import Reason
from tests.senders import send_to

ACCOUNT = TwilioAccount("AC1", "12345", "PhuSa", "https://phusa.example/receipts/twilio")
KEY = "a" * 40


def test_the_signature_is_that_of_the_documents() -> None:
    """The published example: token 12345."""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "From": "+12349013030",
        "To": "+18005551212",
        "Caller": "+12349013030",
        "Digits": "1234",
    }

    assert (
        signature("https://mycompany.com/myapp.php?foo=1&bar=2", form, "12345")
        == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
    )


def called(key: str = KEY, **form: str) -> list[Receipt]:
    wanted = signature(ACCOUNT.called_at(key), form, ACCOUNT.auth_token)
    return parser(ACCOUNT)(urlencode(form).encode(), {HEADER: wanted}, {"key": key})


STATUS = {
    "queued": Outcome.PENDING,
    "sent": Outcome.PENDING,
    "delivered": Outcome.DELIVERED,
    "undelivered": Outcome.FAILED,
    "failed": Outcome.FAILED,
}


@pytest.mark.parametrize(("status", "outcome"), STATUS.items())
def test_a_status_has_its_outcome(status: str, outcome: Outcome) -> None:
    (receipt,) = called(MessageSid="SM1", MessageStatus=status, ErrorCode="30003")

    assert (receipt.key, receipt.message, receipt.outcome) == (KEY, "SM1", outcome)
    assert receipt.reason.startswith("30003" if outcome is Outcome.FAILED else "")


def test_a_call_with_another_token_key_or_field_is_forged() -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    right = {HEADER: signature(ACCOUNT.called_at(KEY), form, "12345")}
    body, parse = urlencode(form).encode(), parser(ACCOUNT)
    forged = [
        (body, {HEADER: signature(ACCOUNT.called_at(KEY), form, "1234")}, {"key": KEY}),
        (body, right, {"key": "b" * 40}),
        (body, right, {}),
        (body + b"&x=1", right, {"key": KEY}),
        (body, {}, {"key": KEY}),
    ]

    assert parse(body, right, {"key": KEY})
    for one in forged:
        with pytest.raises(Refusal) as told:
            parse(*one)
        assert told.value.reason is Reason.WRONG_SIGNATURE


BAD = {
    "a status nobody documented": ({"MessageSid": "SM1", "MessageStatus": "lost"}, KEY, "'lost'"),
    "no status": ({"MessageSid": "SM1"}, KEY, "MessageStatus"),
    "a key with a slash": ({"MessageStatus": "sent"}, "../x", "key"),
}


@pytest.mark.parametrize(("form", "key", "named"), BAD.values(), ids=BAD.keys())
def test_a_signed_call_that_is_no_receipt_is_refused_by_its_field(
    form: dict[str, str], key: str, named: str
) -> None:
    with pytest.raises(Refusal, match=named):
        called(key, **form)


def test_bytes_that_are_no_form_are_refused_in_words() -> None:
    for body in (b"\xff=1", b"no form"):
        with pytest.raises(Refusal, match="unreadable"):
            parser(ACCOUNT)(body, {}, {})


def test_a_message_that_is_created_as_failed_is_refused(settings: Settings) -> None:
    (sent,) = send_to(settings, "twilio", JSONResponse({"sid": "SM1", "status": "failed"}, 201))

    assert (sent.answer, sent.code) == (Answer.REFUSED, "failed")


@pytest.mark.parametrize(
    ("status", "answer"),
    [(400, Answer.REFUSED), (401, Answer.STOPPED), (402, Answer.STOPPED), (403, Answer.STOPPED)],
)
def test_a_refusal_that_says_no_code_is_known_by_its_status(
    settings: Settings, status: int, answer: Answer
) -> None:
    (sent,) = send_to(settings, "twilio", JSONResponse(["no"], status))

    assert (sent.answer, sent.code) == (answer, f"HTTP {status}")


def test_an_account_never_shows_its_token() -> None:
    assert "12345" not in repr(ACCOUNT)
