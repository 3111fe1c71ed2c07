"""Five contracts, one table: what is told, what is refused and how it is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from infra.rehearsal.simulator.providers.viettel import question
from infra.rehearsal.simulator.webhooks import Webhook, event_id
from models.catalogue.providers import Provider
from models.envelope.rejected import Reason
from models.payments import query
from models.payments.contract import MAX_BYTES, Receivers, Refusal, RequestResult, Secret, receivers
from models.payments.event import What
from models.payments.providers import casso, payos, sepay, viettel, viettel_order, vnpay
from models.payments.providers.registry import PROVIDERS
from tests import webhooks
from tests.webhooks import ACCOUNT, ENDPOINTS, NOW, PAYMENTS, PHONE, SECRETS, read, sent

every = pytest.mark.parametrize("provider", list(Provider))
BANK_FEEDS = (Provider.SEPAY, Provider.CASSO)
ORDERS = PROVIDERS[Provider.VIETTEL].endpoints[1]
VECTORS = "payments/signatures.json"


def vector(data: Any, kind: str) -> dict[str, Any]:
    """A published or computed example."""
    found: dict[str, Any] = next(
        load for load in json.loads((data / VECTORS).read_text(encoding="utf-8")) if load["kind"] == kind
    )
    return found


def test_payos_signs_its_published_example_as_payos_does(data: Any) -> None:
    known = vector(data, "payos_webhook")

    assert payos.canonical(known["data"]) == known["canonical"]
    assert payos.sign(known["data"], Secret(known["secret"])) == known["signature"]


def test_vnpay_signs_the_example_exactly(data: Any) -> None:
    known = vector(data, "vnpay_return_or_ipn")

    assert vnpay.canonical(known["params"]) == known["canonical"]
    assert vnpay.sign(known["params"], Secret(known["secret"])) == known["vnp_SecureHash"]


def test_sepay_signs_the_example_exactly(data: Any) -> None:
    known = vector(data, "sepay_webhook")

    assert (
        sepay.sign(known["timestamp"], known["body"].encode(), Secret(known["secret"])) == known["signature"]
    )


def test_viettel_signs_the_example_exactly(data: Any) -> None:
    known = vector(data, "viettel_result")
    parts = ("BILL01", "84912345678", "00", "MERCH", "ORD01", "1", "50000", "VT99")
    values = dict(zip(viettel.RESULT, parts, strict=True))

    assert "ACC" + "".join(parts) == known["canonical"]
    assert viettel.sign(values, Secret(known["secret"], "ACC")) == known["signature"]


def test_casso_signs_names_sorted_at_every_level_without_escapes() -> None:
    body = {"error": 0, "data": {"url": "a/b", "id": 1, "c": {"z": None, "á": "ế"}}}

    assert casso.canonical(body) == '{"data":{"c":{"z":null,"á":"ế"},"id":1,"url":"a/b"},"error":0}'


@every
def test_a_right_call_is_a_payment(provider: Provider) -> None:
    told = read(provider, sent(provider))

    assert told is not None
    assert (told.event, told.at, told.what) == (
        event_id(provider, webhooks.transfer(provider)),
        NOW,
        What.PAYMENT,
    )
    assert (told.amount_vnd, told.merchant, told.original) == (27_000, "ve-sinh", None)
    assert told.payer == (None if provider in (Provider.SEPAY, Provider.VNPAY) else PHONE)


TAKEN_BACK = [
    (provider, what)
    for provider in Provider
    for what in (What.REFUND, What.REVERSAL)
    if what in PROVIDERS[provider].returns
]


@pytest.mark.parametrize(("provider", "what"), TAKEN_BACK)
def test_money_given_back_names_its_payment(provider: Provider, what: What) -> None:
    changed = {"number": 92999, "what": what, "original": 92704}
    told = read(provider, sent(provider, **changed))

    assert told is not None
    assert (told.what, told.original, told.amount_vnd) == (what, "92704", 27_000)
    assert told.event == event_id(provider, webhooks.transfer(provider, **changed))
    assert told.event != told.original


@pytest.mark.parametrize("provider", BANK_FEEDS)
def test_money_going_out_for_something_else_is_no_payment_and_not_repeated(provider: Provider) -> None:
    one = sent(provider, what=What.REFUND, content="Luong thang 10")
    with pytest.raises(Refusal) as why:
        read(provider, one)

    assert (why.value.reason, why.value.polite) == (Reason.WRONG_AMOUNT, True)


def _other_bytes(webhook: Webhook) -> Webhook:
    """One đồng more, after the signature was made."""
    if webhook.method == "GET":
        return replace(webhook, path=webhook.path.replace("vnp_Amount=2700000", "vnp_Amount=2700100"))
    return replace(webhook, body=webhook.body.replace(b"27000", b"27001", 1))


def _unsigned(webhook: Webhook) -> Webhook:
    kept = {name: value for name, value in webhook.headers.items() if not name.startswith("x-")}
    body = webhook.body.replace(b'"signature"', b'"ignored"').replace(b"check_sum=", b"ignored=")
    return replace(webhook, headers=kept, body=body, path=webhook.path.replace("SecureHash", "Ignored"))


FORGED: dict[str, Callable[[Provider], Webhook]] = {
    "another secret": lambda one: sent(one, secret=Secret("another", "ACC")),
    "signed over other bytes": lambda one: _other_bytes(sent(one)),
    "not signed": lambda one: _unsigned(sent(one)),
}


@every
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_call_is_refused_for_its_signature(provider: Provider, name: str) -> None:
    with pytest.raises(Refusal) as why:
        read(provider, FORGED[name](provider))

    assert why.value.reason is Reason.WRONG_SIGNATURE


@pytest.mark.parametrize("provider", BANK_FEEDS)
@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_rightly_signed_call_of_another_time_is_a_replay(provider: Provider, seconds: int) -> None:
    one = sent(provider, at=NOW + timedelta(seconds=seconds))
    with pytest.raises(Refusal) as why:
        read(provider, one)

    assert why.value.reason is Reason.OLD_TIMESTAMP


@pytest.mark.parametrize("provider", BANK_FEEDS)
@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_of_drift_are_taken(provider: Provider, seconds: int) -> None:
    assert read(provider, sent(provider, at=NOW + timedelta(seconds=seconds))) is not None


@every
def test_an_unknown_merchant_is_refused_by_name(provider: Provider) -> None:
    with pytest.raises(Refusal) as why:
        read(provider, sent(provider, account="190000999999"))

    assert why.value.reason is Reason.UNKNOWN_MERCHANT


# Viettel tells no time.
@pytest.mark.parametrize("provider", [one for one in Provider if one is not Provider.VIETTEL])
def test_a_payment_more_than_a_day_ahead_is_refused(provider: Provider) -> None:
    with pytest.raises(Refusal) as why:
        read(provider, _ahead(provider))

    assert why.value.reason is Reason.FUTURE


def _ahead(provider: Provider) -> Webhook:
    one = replace(webhooks.transfer(provider), at=NOW + timedelta(days=2))
    return webhooks.webhook(provider, one, SECRETS[provider], NOW)


AMOUNTS: dict[str, Any] = {
    "negative": -27_000,
    "zero": 0,
    "fractional": 27_000.5,
    "with an exponent in text": '"1e3"',
    "with a comma": '"27,000"',
    "half a đồng in text": '"27000.5"',
    "true": True,
    "nothing": None,
    "more than 10^12": 10**12 + 1,
    "endless": "9" * 30,
}


def signed_again(provider: Provider, old: bytes, new: bytes) -> Webhook:
    """The body with `new` for `old`, rightly signed: also a provider may be wrong."""
    return signed(provider, sent(provider).body.replace(old, new, 1))


def signed(provider: Provider, body: bytes) -> Webhook:
    """A call with this body, rightly signed."""
    secret = SECRETS[provider]
    stamp = str(int(NOW.timestamp()))
    if provider is Provider.SEPAY:
        headers = {sepay.TIMESTAMP: stamp, sepay.SIGNATURE: sepay.sign(stamp, body, secret)}
    elif provider is Provider.CASSO:
        headers = {casso.SIGNATURE: casso.sign(stamp + "000", json.loads(body), secret)}
    else:
        found, headers = json.loads(body), {}
        was = found["signature"].encode()
        body = body.replace(was, payos.sign(found["data"], secret).encode())
    return Webhook("POST", "", {"content-type": "application/json", **headers}, body)


WRITTEN = [
    (provider, name)
    for provider in (Provider.PAYOS, Provider.SEPAY, Provider.CASSO)
    for name in AMOUNTS
    # Casso's money going out.
    if (provider, name) != (Provider.CASSO, "negative")
]


@pytest.mark.parametrize(("provider", "name"), WRITTEN)
def test_an_amount_that_is_no_whole_dong_is_refused(provider: Provider, name: str) -> None:
    value = AMOUNTS[name]
    written = value if isinstance(value, str) else json.dumps(value)
    field = b'"transferAmount":' if provider is Provider.SEPAY else b'"amount":'
    one = signed_again(provider, field + b"27000", field + written.encode())
    with pytest.raises(Refusal) as why:
        read(provider, one)

    assert why.value.reason is Reason.WRONG_AMOUNT


FORM_AMOUNTS = ["-27000", "0", "27000.5", "27000.", "1e3", "27,000", "", "027000", "٢٧", "9" * 20]


@pytest.mark.parametrize("written", FORM_AMOUNTS)
def test_viettel_takes_digits_only(written: str) -> None:
    values = query.fields(sent(Provider.VIETTEL).body.decode()) | {"trans_amount": written}
    body = query.written(values | {"check_sum": viettel.sign(values, SECRETS[Provider.VIETTEL])})
    with pytest.raises(Refusal) as why:
        read(
            Provider.VIETTEL,
            Webhook("POST", "", {"content-type": "application/x-www-form-urlencoded"}, body.encode()),
        )

    assert why.value.reason is Reason.WRONG_AMOUNT


def vnpay_call(**changed: str) -> Webhook:
    """An IPN with other fields, rightly signed."""
    values = query.fields(sent(Provider.VNPAY).path.partition("?")[2]) | changed
    values[vnpay.HASHES[0]] = vnpay.sign(values, SECRETS[Provider.VNPAY])
    return Webhook("GET", f"/payments/vnpay?{query.written(values)}")


@pytest.mark.parametrize("written", [*FORM_AMOUNTS, "2700001", "2700050", str(10**14 + 100)])
def test_vnpay_takes_hundreds_of_digits_only(written: str) -> None:
    with pytest.raises(Refusal) as why:
        read(Provider.VNPAY, vnpay_call(vnp_Amount=written))

    assert why.value.reason is Reason.WRONG_AMOUNT


JSON_PROVIDERS = pytest.mark.parametrize("provider", [Provider.PAYOS, Provider.SEPAY, Provider.CASSO])
BODIES = [
    pytest.param(b"", Reason.NOT_JSON, id="empty"),
    pytest.param(b"[]", Reason.WRONG_TYPE, id="a list"),
    pytest.param(b"nope", Reason.NOT_JSON, id="no JSON"),
    pytest.param(b"[" * 60_000, Reason.NOT_JSON, id="deep"),
    pytest.param(b'{"a":NaN}', Reason.NOT_FINITE, id="NaN"),
    pytest.param(b'{"a":1e999}', Reason.NOT_FINITE, id="infinite"),
    pytest.param(b'{"data":{"amount":1,"amount":2}}', Reason.WRONG_TYPE, id="a field twice"),
    pytest.param(b'{"amount":' + b"9" * 5000 + b"}", Reason.WRONG_AMOUNT, id="an endless number"),
    pytest.param('{"a":"à"}'.encode("latin-1"), Reason.WRONG_CONTENT, id="latin-1"),
    pytest.param('{"a":1}'.encode("utf-16-le"), Reason.WRONG_CONTENT, id="UTF-16 without its mark"),
    pytest.param('{"a":1}'.encode("utf-16"), Reason.WRONG_CONTENT, id="UTF-16"),
    pytest.param(b"{" + b" " * MAX_BYTES + b"}", Reason.TOO_BIG, id="too big"),
]


@JSON_PROVIDERS
@pytest.mark.parametrize(("body", "reason"), BODIES)
def test_what_cannot_be_read_is_refused_by_name(provider: Provider, body: bytes, reason: Reason) -> None:
    stamp = str(int(NOW.timestamp()))
    headers = {"content-type": "application/json"}
    if provider is Provider.SEPAY:
        # Anybody may be refused for the signature; here SePay itself is wrong.
        headers |= {sepay.TIMESTAMP: stamp, sepay.SIGNATURE: sepay.sign(stamp, body, SECRETS[provider])}
    with pytest.raises(Refusal) as why:
        read(provider, Webhook("POST", "", headers, body))

    assert why.value.reason is reason


@pytest.mark.parametrize("provider", [one for one in Provider if one is not Provider.VNPAY])
@pytest.mark.parametrize(
    "kind", ["text/plain", "", "application/json; charset=utf-16", "multipart/form-data"]
)
def test_another_content_type_is_refused(provider: Provider, kind: str) -> None:
    one = sent(provider)
    with pytest.raises(Refusal) as why:
        read(provider, replace(one, headers=one.headers | {"content-type": kind}))

    assert why.value.reason is Reason.WRONG_CONTENT


def test_vnpays_query_must_be_utf8() -> None:
    one = sent(Provider.VNPAY)
    with pytest.raises(Refusal) as why:
        read(Provider.VNPAY, replace(one, path=one.path + "&vnp_x=%E0"))

    assert why.value.reason is Reason.WRONG_CONTENT


def test_a_doubled_parameter_is_refused() -> None:
    one = sent(Provider.VNPAY)
    with pytest.raises(Refusal) as why:
        read(Provider.VNPAY, replace(one, path=one.path + "&vnp_Amount=100"))

    assert why.value.reason is Reason.WRONG_TYPE


NOTHING = [
    pytest.param(
        lambda: vnpay_call(vnp_ResponseCode="24", vnp_TransactionStatus="02"),
        Provider.VNPAY,
        id="VNPay: cancelled",
    ),
    pytest.param(lambda: vnpay_call(vnp_TransactionStatus="02"), Provider.VNPAY, id="VNPay: failed"),
    pytest.param(lambda: vnpay_call(vnp_TransactionStatus="01"), Provider.VNPAY, id="VNPay: not complete"),
    pytest.param(
        lambda: signed_again(Provider.CASSO, b'"id":92704', b'"id":0'), Provider.CASSO, id="Casso: the test"
    ),
    pytest.param(
        lambda: signed_again(Provider.PAYOS, b'"code":"00","desc":"Th', b'"code":"01","desc":"Th'),
        Provider.PAYOS,
        id="payOS: failed",
    ),
]


@pytest.mark.parametrize(("made", "provider"), NOTHING)
def test_a_call_without_money_is_success_and_nothing(made: Callable[[], Webhook], provider: Provider) -> None:
    assert read(provider, made()) is None


def test_payos_may_try_the_address_with_its_published_example(data: Any) -> None:
    known = vector(data, "payos_webhook")
    body = json.dumps({"data": known["data"], "signature": known["signature"]}).encode()
    one = Webhook("POST", "", {"content-type": "application/json"}, body)

    assert payos.read(webhooks.call(one), Secret(known["secret"]), Receivers({}, {}), NOW) is None


def test_viettels_plus_may_arrive_as_a_space() -> None:
    for number in range(40):
        one = sent(Provider.VIETTEL, number=92704 + number)
        if b"%2B" in one.body:
            assert read(Provider.VIETTEL, replace(one, body=one.body.replace(b"%2B", b"+"))) is not None
            return
    pytest.fail("no check sum with a plus among 40")


def test_an_unknown_state_of_viettel_is_refused_not_guessed() -> None:
    secret = Secret(SECRETS[Provider.VIETTEL].key, "ACC")
    one = webhooks.call(sent(Provider.VIETTEL, what=What.REFUND, original=1))
    with pytest.raises(Refusal) as why:
        viettel.read(one, secret, receivers(PAYMENTS, Provider.VIETTEL), NOW)

    assert why.value.reason is Reason.WRONG_TYPE


OUTCOMES = [
    pytest.param(RequestResult.TAKEN, 200, True, "00", "00", id="taken"),
    pytest.param(RequestResult.KNOWN, 200, True, "02", "00", id="known"),
    pytest.param(RequestResult.NOTHING, 200, True, "00", "00", id="nothing"),
    pytest.param(RequestResult.UNAVAILABLE, 503, False, "99", "01", id="unavailable"),
    pytest.param(Reason.WRONG_SIGNATURE, 401, False, "97", "01", id="signature"),
    pytest.param(Reason.OLD_TIMESTAMP, 401, False, "99", "01", id="timestamp"),
    pytest.param(Reason.UNKNOWN_MERCHANT, 404, False, "01", "01", id="merchant"),
    pytest.param(Reason.WRONG_AMOUNT, 422, False, "04", "01", id="amount"),
    pytest.param(Reason.TOO_BIG, 413, False, "99", "01", id="too big"),
    pytest.param(Reason.WRONG_CONTENT, 415, False, "99", "01", id="content"),
    pytest.param(Reason.NOT_JSON, 400, False, "99", "01", id="not JSON"),
]


@every
@pytest.mark.parametrize(("outcome", "status", "success", "rsp", "error"), OUTCOMES)
def test_each_outcome_has_the_providers_own_answer(
    provider: Provider, outcome: RequestResult | Reason, status: int, success: bool, rsp: str, error: str
) -> None:
    known = receivers(PAYMENTS, provider)
    said = ENDPOINTS[provider].contract.answer(
        outcome, webhooks.call(sent(provider)), SECRETS[provider], known
    )
    body = json.loads(said.body)

    if provider is Provider.VNPAY:
        assert (said.status, body["RspCode"]) == (200, rsp)
    elif provider is Provider.VIETTEL:
        assert (said.status, body["error_code"]) == (503 if status == 503 else 200, error)
        assert body["check_sum"] == viettel.check_sum(body, viettel.REPLY, SECRETS[provider])
        assert body["order_id"] == "ORD92704"
    else:
        assert (said.status, body["success"]) == (status, success)


def test_nobody_can_have_a_text_signed_by_asking_us() -> None:
    """Viettel's values stand without separators: a signed refusal would be a forger's signature."""
    forged = sent(Provider.VIETTEL, secret=Secret("another", "ACC"))
    said = viettel.answer(
        Reason.WRONG_SIGNATURE, webhooks.call(forged), SECRETS[Provider.VIETTEL], Receivers({}, {})
    )

    assert json.loads(said.body)["check_sum"] == ""


def test_viettels_question_is_answered_with_the_tariff_that_its_check_sum_holds() -> None:
    secret, known = SECRETS[Provider.VIETTEL], receivers(PAYMENTS, Provider.VIETTEL)
    one = question("RAC", ACCOUNT, "ORD1", 27_000, secret)
    assert read(Provider.VIETTEL, one, ORDERS) is None
    said = json.loads(viettel_order.answer(RequestResult.NOTHING, webhooks.call(one), secret, known).body)

    assert (said["error_code"], said["trans_amount"], said["order_id"]) == ("00", "27000", "ORD1")
    assert said["check_sum"] == viettel.check_sum(said, viettel_order.REPLY, secret)


QUESTIONS = [
    pytest.param(ACCOUNT, 28_000, Reason.WRONG_SIGNATURE, "02", id="no tariff of ours"),
    pytest.param("STRANGER", 27_000, Reason.UNKNOWN_MERCHANT, "03", id="another merchant"),
]


@pytest.mark.parametrize(("merchant", "amount", "reason", "code"), QUESTIONS)
def test_viettels_wrong_question_has_its_code(merchant: str, amount: int, reason: Reason, code: str) -> None:
    secret, known = SECRETS[Provider.VIETTEL], receivers(PAYMENTS, Provider.VIETTEL)
    one = question("RAC", merchant, "ORD1", amount, secret)
    with pytest.raises(Refusal) as why:
        read(Provider.VIETTEL, one, ORDERS)
    said = json.loads(viettel_order.answer(why.value.reason, webhooks.call(one), secret, known).body)

    assert why.value.reason is reason
    assert (said["error_code"], said["check_sum"]) == (code, "")


@every
def test_a_refusal_repeats_nothing_of_the_call(provider: Provider) -> None:
    for made in FORGED.values():
        with pytest.raises(Refusal) as why:
            read(provider, made(provider))
        assert not any(one in str(why.value) for one in ("912345678", "NGUYEN", "27000", ACCOUNT))


def test_a_secret_does_not_show_itself() -> None:
    assert "key" not in repr(SECRETS[Provider.PAYOS])
