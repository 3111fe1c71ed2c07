"""What makes two tellings the same, and what is never refused for our taste: a table across the providers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.rehearsal.simulator.webhooks import Webhook
from models.catalogue.providers import Provider
from models.envelope.rejected import Reason
from models.payments import identity, query
from models.payments.content import vocabulary
from models.payments.contract import Refusal, receivers
from models.payments.event import PaymentEvent, What
from models.payments.providers import viettel, vnpay
from models.payments.redaction import Redaction
from tests.models.payments.test_providers import signed, vnpay_call
from tests.webhooks import ACCOUNT, ENDPOINTS, NOW, PAYMENTS, SECRETS, call, read, sent

FORM = "application/x-www-form-urlencoded"
KEY = b"a key of 32 bytes for pseudonyms"


def booked(provider: Provider, webhook: Webhook) -> PaymentEvent:
    """The event as the endpoint puts it on the topic."""
    told = read(provider, webhook)
    assert told is not None
    return Redaction(vocabulary(PAYMENTS), KEY).event(provider, told, NOW, b"")


def json_call(provider: Provider, **changed: Any) -> Webhook:
    """A call of payOS, SePay or Casso with other fields, rightly signed."""
    body = json.loads(sent(provider).body)
    (body if provider is Provider.SEPAY else body["data"]).update(changed)
    return signed(provider, json.dumps(body).encode())


def viettel_call(**changed: str | None) -> Webhook:
    """A result with other fields (None: missing), rightly signed."""
    found = query.fields(sent(Provider.VIETTEL).body.decode()) | changed
    values = {name: field for name, field in found.items() if field is not None and name != "check_sum"}
    values["check_sum"] = viettel.sign(values, SECRETS[Provider.VIETTEL])
    return Webhook("POST", "", {"content-type": FORM}, query.written(values).encode())


def viettel_json(raw_amount: str, signed_amount: str) -> Webhook:
    """A result as JSON, its amount as a number that is written `raw_amount`."""
    values = {
        name: field
        for name, field in query.fields(sent(Provider.VIETTEL).body.decode()).items()
        if name != "check_sum"
    }
    check = viettel.sign(values | {"trans_amount": signed_amount}, SECRETS[Provider.VIETTEL])
    body = json.dumps(values | {"trans_amount": 0, "check_sum": check}).replace(
        '"trans_amount": 0', f'"trans_amount": {raw_amount}'
    )
    return Webhook("POST", "", {"content-type": "application/json"}, body.encode())


def upper(webhook: Webhook) -> Webhook:
    """The same with its hexadecimal signature in capitals."""
    headers = {
        name: value.upper().replace("SHA256=", "sha256=").replace("T=", "t=").replace("V1=", "v1=")
        if name.endswith("signature")
        else value
        for name, value in webhook.headers.items()
    }
    path = re.sub("(?<=vnp_SecureHash=)[0-9a-f]+", lambda found: found[0].upper(), webhook.path)
    body = webhook.body
    if b'"signature"' in body:
        given = json.loads(body)["signature"].encode()
        body = body.replace(given, given.upper())
    return replace(webhook, headers=headers, body=body, path=path)


LONG = "FT" + "7" * 90
TAKEN: dict[str, tuple[Provider, Callable[[], Webhook]]] = {
    "payOS: reference with spaces": (
        Provider.PAYOS,
        lambda: json_call(Provider.PAYOS, reference="FT 2428 / 0012"),
    ),
    "payOS: reference longer than 64": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, reference=LONG)),
    "payOS: reference missing": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, reference=None)),
    "payOS: reference a number": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, reference=230204212323)),
    "payOS: reference in Vietnamese": (
        Provider.PAYOS,
        lambda: json_call(Provider.PAYOS, reference="Mã số 7"),
    ),
    "payOS: order code as text": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, orderCode="HD 12/2026")),
    "payOS: neither order nor link": (
        Provider.PAYOS,
        lambda: json_call(Provider.PAYOS, orderCode=0, paymentLinkId=None),
    ),
    "payOS: 27000.0": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, amount=27000.0)),
    "payOS: the amount as text": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, amount="27000")),
    "payOS: +84": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, counterAccountNumber="+84 912 345 678")),
    "payOS: masked payer": (
        Provider.PAYOS,
        lambda: json_call(Provider.PAYOS, counterAccountNumber="******678"),
    ),
    "payOS: payer a number": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, counterAccountNumber=84912)),
    "payOS: no payer": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, counterAccountNumber=None)),
    "payOS: vnd": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, currency="vnd")),
    "payOS: upper-case hex": (Provider.PAYOS, lambda: upper(sent(Provider.PAYOS))),
    "SePay: referenceCode with spaces": (
        Provider.SEPAY,
        lambda: json_call(Provider.SEPAY, referenceCode="MBVCB 3278 907687"),
    ),
    "SePay: referenceCode longer than 64": (
        Provider.SEPAY,
        lambda: json_call(Provider.SEPAY, referenceCode=LONG),
    ),
    "SePay: referenceCode missing": (Provider.SEPAY, lambda: json_call(Provider.SEPAY, referenceCode=None)),
    "SePay: id as text with a space": (Provider.SEPAY, lambda: json_call(Provider.SEPAY, id="TX 92704")),
    "SePay: id longer than 64": (Provider.SEPAY, lambda: json_call(Provider.SEPAY, id=LONG)),
    "SePay: 27000.0": (Provider.SEPAY, lambda: json_call(Provider.SEPAY, transferAmount=27000.0)),
    "SePay: upper-case hex": (Provider.SEPAY, lambda: upper(sent(Provider.SEPAY))),
    "Casso: reference with spaces": (
        Provider.CASSO,
        lambda: json_call(Provider.CASSO, reference="FT 2428 0012"),
    ),
    "Casso: reference longer than 64": (Provider.CASSO, lambda: json_call(Provider.CASSO, reference=LONG)),
    "Casso: 27000.0": (Provider.CASSO, lambda: json_call(Provider.CASSO, amount=27000.0)),
    "Casso: masked payer": (
        Provider.CASSO,
        lambda: json_call(Provider.CASSO, counterAccountNumber="xxxx5678"),
    ),
    "Casso: no payer": (Provider.CASSO, lambda: json_call(Provider.CASSO, counterAccountNumber=None)),
    "Casso: upper-case hex": (Provider.CASSO, lambda: upper(sent(Provider.CASSO))),
    "Viettel: transaction with spaces": (
        Provider.VIETTEL,
        lambda: viettel_call(vt_transaction_id="VT 99 / 1"),
    ),
    "Viettel: order longer than 64": (Provider.VIETTEL, lambda: viettel_call(order_id=LONG)),
    "Viettel: billcode with spaces": (Provider.VIETTEL, lambda: viettel_call(billcode="RAC T10 HO0123")),
    "Viettel: 27000.0": (Provider.VIETTEL, lambda: viettel_call(trans_amount="27000.0")),
    "Viettel: 27000.0 in JSON, signed so": (Provider.VIETTEL, lambda: viettel_json("27000.0", "27000.0")),
    "Viettel: 27000.0 in JSON, signed 27000": (Provider.VIETTEL, lambda: viettel_json("27000.0", "27000")),
    "Viettel: +84": (Provider.VIETTEL, lambda: viettel_call(cust_msisdn="+84 912 345 678")),
    "Viettel: masked phone": (Provider.VIETTEL, lambda: viettel_call(cust_msisdn="8491***678")),
    "Viettel: no phone": (Provider.VIETTEL, lambda: viettel_call(cust_msisdn=None)),
    "Viettel: an empty phone": (Provider.VIETTEL, lambda: viettel_call(cust_msisdn="")),
    "VNPay: order with spaces": (Provider.VNPAY, lambda: vnpay_call(vnp_TxnRef="HD 12 / 2026")),
    "VNPay: order longer than 64": (Provider.VNPAY, lambda: vnpay_call(vnp_TxnRef=LONG)),
    "VNPay: transaction with letters and spaces": (
        Provider.VNPAY,
        lambda: vnpay_call(vnp_TransactionNo="VNP 144 22574"),
    ),
    "VNPay: no transaction number": (Provider.VNPAY, lambda: vnpay_call(vnp_TransactionNo="0")),
    "VNPay: 2700000.0": (Provider.VNPAY, lambda: vnpay_call(vnp_Amount="2700000.0")),
    "VNPay: upper-case hex": (Provider.VNPAY, lambda: upper(sent(Provider.VNPAY))),
}


@pytest.mark.parametrize(("provider", "made"), TAKEN.values(), ids=TAKEN.keys())
def test_a_payment_rightly_signed_is_not_refused_for_our_taste(
    provider: Provider, made: Callable[[], Webhook]
) -> None:
    one = booked(provider, made())

    assert (one.what, one.amount_vnd, one.merchant) == (What.PAYMENT, 27_000, "ve-sinh")
    assert one.event.isascii()
    assert one.event.isprintable()
    assert " " not in one.event
    assert len(one.event) <= 128


def test_masked_and_missing_payers_have_no_pseudonym_and_plus_84_has_the_phones() -> None:
    def payer(phone: str | None) -> str | None:
        return booked(Provider.VIETTEL, viettel_call(cust_msisdn=phone)).payer

    assert payer("+84 912 345 678") == payer("84912345678") == payer("0912345678") is not None
    assert payer("8491***678") is payer(None) is payer("") is None


def test_two_orders_of_payos_with_one_reference_are_two_payments() -> None:
    first = booked(Provider.PAYOS, json_call(Provider.PAYOS, orderCode=1, paymentLinkId="a" * 32))
    second = booked(Provider.PAYOS, json_call(Provider.PAYOS, orderCode=2, paymentLinkId="b" * 32))
    by_order = booked(Provider.PAYOS, json_call(Provider.PAYOS, orderCode=2, paymentLinkId="a" * 32))

    assert len({first.event, second.event, by_order.event}) == 3


def test_a_payos_link_paid_by_two_transfers_is_two_payments() -> None:
    first, second = (
        booked(Provider.PAYOS, json_call(Provider.PAYOS, reference=one)) for one in ("TF1", "TF2")
    )

    assert first.event != second.event


SAME_NAME: dict[str, tuple[Provider, Callable[[], Webhook]]] = {
    "SePay: amount": (Provider.SEPAY, lambda: json_call(Provider.SEPAY, transferAmount=28_000)),
    "SePay: text": (Provider.SEPAY, lambda: json_call(Provider.SEPAY, content="SAP12")),
    "SePay: a word that we do not keep": (Provider.SEPAY, lambda: json_call(Provider.SEPAY, content="x")),
    "SePay: direction": (
        Provider.SEPAY,
        lambda: json_call(Provider.SEPAY, transferType="out", content="HOAN TIEN 1"),
    ),
    "SePay: bank account": (
        Provider.SEPAY,
        lambda: json_call(Provider.SEPAY, subAccount=ACCOUNT, accountNumber="999"),
    ),
    "SePay: reference": (Provider.SEPAY, lambda: json_call(Provider.SEPAY, referenceCode="FT1")),
    "SePay: time": (
        Provider.SEPAY,
        lambda: json_call(Provider.SEPAY, transactionDate="2026-10-12 14:04:59"),
    ),
    "Casso: amount": (Provider.CASSO, lambda: json_call(Provider.CASSO, amount=28_000)),
    "Casso: payer": (Provider.CASSO, lambda: json_call(Provider.CASSO, counterAccountNumber="1")),
    "payOS: amount": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, amount=28_000)),
    "payOS: text": (Provider.PAYOS, lambda: json_call(Provider.PAYOS, description="SAP12")),
    "Viettel: amount": (Provider.VIETTEL, lambda: viettel_call(trans_amount="28000")),
    "Viettel: order": (Provider.VIETTEL, lambda: viettel_call(order_id="ORD1")),
    "VNPay: amount": (Provider.VNPAY, lambda: vnpay_call(vnp_Amount="2800000")),
    "VNPay: text": (Provider.VNPAY, lambda: vnpay_call(vnp_OrderInfo="SAP12")),
}


@pytest.mark.parametrize(("provider", "made"), SAME_NAME.values(), ids=SAME_NAME.keys())
def test_one_name_with_something_else_in_it_is_another_telling(
    provider: Provider, made: Callable[[], Webhook]
) -> None:
    first, second = booked(provider, sent(provider)), booked(provider, made())

    assert first.event == second.event
    assert first.told != second.told


@pytest.mark.parametrize("provider", list(Provider))
def test_a_repetition_is_the_same_telling_also_later(provider: Provider) -> None:
    contract, known = ENDPOINTS[provider].contract, receivers(PAYMENTS, provider)
    first, redaction = call(sent(provider)), Redaction(vocabulary(PAYMENTS), KEY)
    found = set()
    for hours in (0, 1, 5):
        # Two providers sign the moment of sending; it is no part of what is told.
        later = msgspec.structs.replace(first, received_at=NOW + timedelta(hours=hours))
        told = contract.read(later, SECRETS[provider], known, NOW)
        assert told is not None
        found.add(redaction.event(provider, told, later.received_at, b"").told)

    assert len(found) == 1


def test_one_transfer_has_one_digest_in_every_feed_whatever_its_spelling() -> None:
    feeds = [
        booked(Provider.SEPAY, json_call(Provider.SEPAY, referenceCode="FT 24-00.12")),
        booked(Provider.CASSO, json_call(Provider.CASSO, reference="ft240012")),
        booked(Provider.PAYOS, json_call(Provider.PAYOS, reference="FT240012")),
    ]
    others = [
        json_call(Provider.CASSO, reference="FT240013"),
        json_call(Provider.CASSO, reference="FT240012", amount=27_001),
        json_call(Provider.CASSO, reference="FT240012", amount=-27_000, description="HOAN TIEN 1"),
        json_call(Provider.CASSO, reference="FT240012", accountNumber="9", virtualAccountNumber=ACCOUNT),
    ]
    found = {feed.transfer for feed in feeds} | {booked(Provider.CASSO, other).transfer for other in others}

    assert len({feed.transfer for feed in feeds}) == 1
    assert len(found) == 1 + len(others)
    assert None not in found


@pytest.mark.parametrize("written", ["", "  ", None, "---"])
def test_without_a_reference_no_transfer_is_the_same_as_another(written: str | None) -> None:
    assert booked(Provider.SEPAY, json_call(Provider.SEPAY, referenceCode=written)).transfer is None


HELD = {
    "money taken, suspected": ({"vnp_ResponseCode": "07", "vnp_TransactionStatus": "07"}, "07.07"),
    "suspected by its answer": ({"vnp_ResponseCode": "07", "vnp_TransactionStatus": "02"}, "02.07"),
    "suspected by its state": ({"vnp_TransactionStatus": "07"}, "07.00"),
    "paid, and answered as cancelled": ({"vnp_ResponseCode": "24"}, "00.24"),
    "a refund that is worked on": ({"vnp_TransactionStatus": "05"}, "05.00"),
    "a refund that the bank refused": ({"vnp_TransactionStatus": "09"}, "09.00"),
    "a state that no table has": ({"vnp_TransactionStatus": "42"}, "42.00"),
    "no state": ({"vnp_TransactionStatus": ""}, "?.00"),
    "without a time": ({"vnp_TransactionStatus": "07", "vnp_PayDate": ""}, "07.00"),
}


@pytest.mark.parametrize(("changed", "state"), HELD.values(), ids=HELD.keys())
def test_a_state_of_vnpay_that_is_neither_paid_nor_failed_is_held(
    changed: dict[str, str], state: str
) -> None:
    one = booked(Provider.VNPAY, vnpay_call(**changed))

    assert (one.what, one.event, one.original) == (What.HELD, f"92704:{state}:27000", "92704")
    assert one.amount_vnd == 27_000
    assert one.vi.startswith(f"VNPay {state.replace('.', '/')}: ")
    assert one.en


def test_viettel_failed_and_paid_at_once_is_held() -> None:
    one = booked(Provider.VIETTEL, viettel_call(error_code="M01"))

    assert (one.what, one.event, one.original) == (What.HELD, "92704:M01.1", "92704")


def test_viettel_failed_is_nothing() -> None:
    assert read(Provider.VIETTEL, viettel_call(error_code="M01", payment_status="3")) is None


@pytest.mark.parametrize(
    ("made", "signed"),
    [
        pytest.param(lambda: sent(Provider.SEPAY, account="9"), True, id="unknown merchant"),
        pytest.param(lambda: json_call(Provider.SEPAY, transferAmount=1.5), True, id="half a đồng"),
        pytest.param(lambda: replace(sent(Provider.SEPAY), body=b"{}"), False, id="forged"),
    ],
)
def test_a_refusal_knows_whether_the_call_was_signed(made: Callable[[], Webhook], *, signed: bool) -> None:
    with pytest.raises(Refusal) as why:
        read(Provider.SEPAY, made())

    assert why.value.signed is signed
    assert (why.value.reason is Reason.WRONG_SIGNATURE) is not signed


@given(
    st.lists(st.text(max_size=80), min_size=1, max_size=3),
    st.lists(st.text(max_size=80), min_size=1, max_size=3),
)
def test_different_parts_have_different_names_that_fit(one: list[str], other: list[str]) -> None:
    assert (identity.name(*one) == identity.name(*other)) is (one == other)
    assert len(identity.name(*one)) <= identity.MOST
    assert identity.name(*one).isascii()


def test_vnpays_own_example_is_known_by_its_transaction(data: Any) -> None:
    known = next(
        load
        for load in json.loads((data / "payments/signatures.json").read_text(encoding="utf-8"))
        if load["kind"] == "vnpay_return_or_ipn"
    )
    values = known["params"] | {"vnp_SecureHash": vnpay.sign(known["params"], SECRETS[Provider.VNPAY])}
    values |= {"vnp_TmnCode": ACCOUNT}
    values["vnp_SecureHash"] = vnpay.sign(values, SECRETS[Provider.VNPAY])
    one = booked(Provider.VNPAY, Webhook("GET", f"/payments/vnpay?{query.written(values)}"))

    assert (one.event, one.amount_vnd, one.transfer) == ("14422574", 10_000, None)
