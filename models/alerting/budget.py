"""The month's budget of messages: when its administrator is told, and what is done when it is spent.

Nothing is ever stopped: a message that is not sent because of money may be the one that was needed. When the budget is spent, news
below level 3 goes by the contact's cheapest way first, by day; a dearer way is taken where that one fails or no receipt comes, as
always. At night the order stays: a cheaper way may not ring.
"""

from __future__ import annotations

import enum
import unicodedata
from typing import TYPE_CHECKING

from models.alerting.gsm7 import unaccented
from models.alerting.routing import DAWN, DUSK
from models.alerting.together import Text
from models.alerting.words import VIETNAM
from models.catalogue.channels import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from models.commune.routing import Budget

TEMPLATE = "budget"
UNKNOWN_VND = 1_000_000
"""A price that nobody has told is dearer than all that are known."""


class Reached(enum.StrEnum):
    """What of the month's budget is reached, each told once a month."""

    WARNED = "warned"
    SPENT = "spent"


def reached(spent_vnd: int, budget: Budget) -> list[Reached]:
    """What is reached with so much spent.

    >>> from models.commune.routing import Budget
    >>> [str(one) for one in reached(80, Budget(100))], [str(one) for one in reached(100, Budget(100))]
    (['warned'], ['warned', 'spent'])
    """
    found = []
    if spent_vnd >= budget.month_vnd * budget.warn_share:
        found.append(Reached.WARNED)
    if spent_vnd >= budget.month_vnd:
        found.append(Reached.SPENT)
    return found


def saves(spent_vnd: int, budget: Budget, now: datetime) -> bool:
    """Whether news below level 3 goes by the cheapest way first: all is spent, and it is day in Vietnam."""
    return Reached.SPENT in reached(spent_vnd, budget) and DAWN <= now.astimezone(VIETNAM).hour < DUSK


def cheapest_first(channels: Iterable[str], budget: Budget) -> list[str]:
    """Ways in the order of what a message costs, equal ones as they were; one that costs and has no known price is the dearest."""

    def price(channel: str) -> int:
        row = next((row for code, row in CHANNELS.items() if code == channel), None)
        if row is not None and not row.costs:
            return 0
        return next((vnd for code, vnd in budget.prices.items() if code == channel), UNKNOWN_VND)

    return sorted(channels, key=price)


def told(what: Reached, spent_vnd: int, budget: Budget, month: date) -> Text:
    """What the administrator is told: one SMS, and the fields of the template."""
    named = f"{month:%m/%Y}"
    percent = round(100 * spent_vnd / budget.month_vnd)
    sums = f"{_dong(spent_vnd)} trong {_dong(budget.month_vnd)} đồng, {percent} %"
    so = "đã hết" if what is Reached.SPENT else "sắp hết"
    advice = (
        "Mức 3 vẫn gửi như thường, tin khác ban ngày đi đường rẻ trước."
        if what is Reached.SPENT
        else "Chưa có gì bị đổi."
    )
    sms = f"Phù Sa: tiền tin nhắn tháng {named} {so}: {sums}. {advice}"
    fields = {
        "tram": "Phù Sa",
        "hien_tuong": f"Tiền tin nhắn tháng {named}",
        "gia_tri": sums,
        "muc": "Hết tiền" if what is Reached.SPENT else "Sắp hết tiền",
        "so_sanh": so,
        "thoi_gian": named,
        "viec_can_lam": advice,
    }
    nfc = {name: unicodedata.normalize("NFC", value) for name, value in fields.items()}
    return Text(unaccented(sms), TEMPLATE, nfc)


def sentence(spent_vnd: int, budget: Budget) -> tuple[str, str] | None:
    """For the list of troubles: Vietnamese and English; None while nothing is reached."""
    found = reached(spent_vnd, budget)
    if not found:
        return None
    so = ("đã hết", "spent") if Reached.SPENT in found else ("sắp hết", "nearly spent")
    return (
        f"Tiền tin nhắn tháng này {so[0]}: {_dong(spent_vnd)} trong {_dong(budget.month_vnd)} đồng",
        f"this month's budget of messages is {so[1]}: {spent_vnd:,} of {budget.month_vnd:,} VND",
    )


def _dong(vnd: int) -> str:
    """With points between thousands, as people write it."""
    return f"{vnd:,}".replace(",", ".")
