"""Money that leaves an account: a refund when its text says of what, else nothing of ours.

The bank feeds (SePay `out`, Casso's negative amounts) have no field for a refund. Our rule: the
verifier writes `HOAN TIEN` and the provider's number of the payment it gives back into the text.
"""

from __future__ import annotations

import re

from models.envelope.rejected import Reason
from models.payments.content import folded
from models.payments.contract import Refusal

_REFUND = re.compile(r"\b(?:HOAN(?: TIEN)?|REFUND) ([0-9]{1,19})\b")


def refunded(content: str) -> str:
    """The payment that a transfer gives back; raises a polite Refusal when it names none.

    >>> refunded("Hoàn tiền 92704 thu hai lần")
    '92704'
    """
    found = _REFUND.search(" ".join(re.findall(r"[A-Z0-9]+", folded(content))))
    if found is None:
        raise Refusal(
            Reason.WRONG_AMOUNT,
            "tiền ra, không ghi HOAN TIEN và số giao dịch: không tính",
            "money going out, without HOAN TIEN and a payment's number: not counted",
            polite=True,
        )
    return found[1]
