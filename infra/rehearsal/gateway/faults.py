"""What shall go wrong: set by the tests over HTTP, forgotten at a restart."""

from __future__ import annotations

import random
from typing import Annotated

import msgspec

from models.catalogue.channels import Channel

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
SEED = 7


class Faults(msgspec.Struct, forbid_unknown_fields=True):
    """Shares of calls, seconds, and codes that a service answers in turn before all else.

    `drop_answer`: the message is taken, the answer is lost (HTTP 502). `busy`: HTTP 503, not taken. `play_share`: of the length of a
    sound, after which a loudspeaker says that it was played.
    """

    delay_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    receipt_delay_s: Annotated[float, msgspec.Meta(ge=0)] = 0.3
    busy: Share = 0.0
    drop_answer: Share = 0.0
    no_receipt: Share = 0.0
    failed_receipt: Share = 0.0
    play_share: Share = 1.0
    codes: dict[Channel, list[str | int]] = msgspec.field(default_factory=dict)


class Chance:
    """Decides by the shares; seeded, so that a run can be repeated."""

    def __init__(self) -> None:
        self.faults = Faults()
        self._random = random.Random(SEED)  # noqa: S311 (faults, no secrets)

    def code(self, channel: Channel) -> str | int | None:
        """The code that a service shall answer now, whatever it is asked; None: as it would."""
        left = self.faults.codes.get(channel)
        return left.pop(0) if left else None

    def hits(self, share: float) -> bool:
        """True in `share` of the calls."""
        return self._random.random() < share
