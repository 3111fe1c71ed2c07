"""What makes two events the same: by whom, under which name, and with what in it.

    provider  an event is known by                   source
    payOS     orderCode, paymentLinkId, reference    payos.vn/docs, webhook: a link may be paid by several transfers, each
                                                     told by itself; `reference` alone is no name, its documented
                                                     form (TF230204212323) is a time in seconds
    SePay     id                                     developer.sepay.vn, idempotency: repetitions have the same id
    Casso     data.id                                Casso's own number of the transaction, facts 9.5
    Viettel   vt_transaction_id; a state of it has   facts 9.1
              payment_status behind it
    VNPay     vnp_TransactionNo, where VNPay made    sandbox.vnpayment.vn/apis/docs: VNPay's own number; 0 where it made
              one, else vnp_TxnRef and vnp_PayDate;  none; vnp_TxnRef is unique within a day
              a state of it has the state and the
              amount behind it

Equal by name, different in what is told: a conflict, kept as such; never a repetition.

The feeds of bank accounts (SePay, Casso, payOS) may tell one transfer each under a name of its own. It is known by the
account, the bank's reference, the amount and the direction: `transfer`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.payments.contract import VerifiedEvent

MOST = 96
"""Characters of a name: with a state behind it, it fits into PaymentEvent.event."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHOWN = 48
DIGITS = 32


def name(*parts: str) -> str:
    """One name of a provider's codes; whatever they hold, different parts have different names.

    Plain codes stand as they are; anything else (spaces, other letters, too long) is shown in part, and a digest
    behind ~, which no plain code has, tells it apart.

    >>> name("92704"), name("124", "TF230204212323")
    ('92704', '124:TF230204212323')
    >>> name("FT 24/1")
    'FT241~8113bd820851e706d0625900de9c0573'
    """
    joined = ":".join(parts)
    if len(joined) <= MOST and all(_PLAIN.fullmatch(part) for part in parts):
        return joined
    shown = re.sub(r"[^A-Za-z0-9.:_-]", "", joined)[:_SHOWN]
    # Surrogates that JSON may carry are no UTF-8.
    written = json.dumps(parts, ensure_ascii=True).encode()
    return f"{shown}~{hashlib.sha256(written).hexdigest()[:DIGITS]}"


def told_digest(verified: VerifiedEvent, key: bytes) -> str:
    """Keyed digest of all that an event says; two that differ anywhere differ here."""
    return _digest(
        key,
        "told",
        verified.what.value,
        str(verified.amount_vnd),
        verified.merchant,
        verified.account,
        verified.reference,
        verified.content,
        verified.payer or "",
        verified.original or "",
        verified.at.isoformat() if verified.timed else "",
    )


def transfer(verified: VerifiedEvent, key: bytes) -> str | None:
    """Keyed digest of the bank's transfer; None where the account or the bank's reference is not verified.

    The reference is compared without case, spaces and signs, as feeds write it differently.
    """
    reference = re.sub(r"[^0-9A-Z]", "", verified.reference.upper())
    if not verified.account or not reference:
        return None
    return _digest(
        key, "transfer", verified.account, reference, str(verified.amount_vnd), str(verified.what.comes_in)
    )


def _digest(key: bytes, *parts: str) -> str:
    # JSON: no two lists of texts are written alike.
    return hmac.new(key, json.dumps(parts, ensure_ascii=True).encode(), hashlib.sha256).hexdigest()[:DIGITS]
