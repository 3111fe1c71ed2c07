"""What came back from a person, however it came, and what became of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from models.alerting.event import AnswerKind


class Said(msgspec.Struct, frozen=True):
    """What a person said: as `text`, or on a page whose buttons know, as `kind` of `event`.

    `key`: the same at every repetition of a call, such as "zalo:cb31dff1". `at`: the platform's time at which it was said. `way`: by
    what it came; where it is a channel the reply goes back by it first. `contact` None: nobody of ours.
    """

    key: str
    at: datetime
    way: str
    contact: str | None
    text: str = ""
    kind: AnswerKind | None = None
    event: str | None = None


class Taken(msgspec.Struct, frozen=True):
    """What became of it: row `answer` of the store, of `event` (None: of none). `repeated`: it had been taken before.

    `replied`: the person is told so by a message; what a page shows at once is not told again.
    """

    answer: int
    kind: AnswerKind
    event: str | None
    repeated: bool = False
    replied: bool = False
