"""What shall go wrong: set by the tests over HTTP, forgotten at a restart."""

from __future__ import annotations

import random
from typing import Annotated

import msgspec

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
SEED = 7


class Faults(msgspec.Struct, forbid_unknown_fields=True):
    """Shares of calls, seconds, and codes that are answered in turn before all else.

    `drop_answer`: the message is taken, the answer is lost (HTTP 502). `busy`: HTTP 503, not taken.
    """

    delay_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    receipt_delay_s: Annotated[float, msgspec.Meta(ge=0)] = 0.3
    busy: Share = 0.0
    drop_answer: Share = 0.0
    no_receipt: Share = 0.0
    failed_receipt: Share = 0.0
    sms_codes: list[str] = msgspec.field(default_factory=list)
    zalo_codes: list[int] = msgspec.field(default_factory=list)


class Chance:
    """Decides by the shares; seeded, so that a run can be repeated."""

    def __init__(self) -> None:
        self.faults = Faults()
        self._random = random.Random(SEED)  # noqa: S311 (faults, no secrets)

    def hits(self, share: float) -> bool:
        """True in `share` of the calls."""
        return self._random.random() < share
