"""Who is paid, for what, and what share the commune wants to see: `payments.yaml` of the commune's folder."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from models.catalogue.providers import Provider

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Dong = Annotated[int, msgspec.Meta(ge=1, le=10**12)]


class MerchantKind(enum.StrEnum):
    """Who receives: the commune's office, a service (water, waste), or a shop or stall."""

    OFFICE = "office"
    SERVICE = "service"
    SHOP = "shop"


class Merchant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A receiver of payments; `accounts` is how each provider calls it (account number, merchant code, terminal)."""

    code: Code
    name: str
    kind: MerchantKind
    hamlet: Code
    accounts: dict[Provider, str]


class Fee(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is paid for: `words` are how people write it in the transfer's text, without accents.

    `public`: a fee of the commune, counted for the target of public fees paid online. `amount_vnd`: its tariff,
    None where it varies.
    """

    code: Code
    name: str
    merchant: Code
    words: Annotated[list[str], msgspec.Meta(min_length=1)]
    public: bool = False
    amount_vnd: Dong | None = None


class Stall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A market stall that is paid through the account of `merchant`; its `mark` stands in the text (SAP12)."""

    code: Code
    name: str
    merchant: Code
    mark: Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9]{3,12}$")]
    hamlet: Code


class Period(enum.StrEnum):
    """How long a target is counted for: from the beginning of the calendar's period, whatever window is looked at."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def vi(self) -> str:
        """Its words."""
        return {"month": "trong tháng", "quarter": "trong quý", "year": "trong năm"}[self.value]


class Targets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the commune set itself: shares in 0..1 of a `period`, households as a number."""

    public_fees_online: Share
    shops_cashless: Share
    households: Annotated[int, msgspec.Meta(ge=1)]
    period: Period = Period.YEAR


class Odd(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rule of the odd payment: so many times a fee's tariff, or its usual amount, is worth a look."""

    times_usual: Annotated[float, msgspec.Meta(gt=1)]
    least_vnd: Dong
    least_known: Annotated[int, msgspec.Meta(ge=3)]


class Payments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `payments.yaml`; a household is written as HO and four digits, HO0001 to the number of households."""

    merchants: list[Merchant]
    fees: list[Fee]
    stalls: list[Stall]
    targets: Targets
    odd: Odd
