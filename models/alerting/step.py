"""The steps of an event on the way to a person who acts, as the ladder takes them and the store keeps them."""

from __future__ import annotations

import enum
import hashlib
from datetime import datetime

import msgspec

from models.alerting.event import StepKind

KEY_CHARACTERS = 40
"""Zalo takes a tracking_id of at most 48."""


class Message(enum.StrEnum):
    """What a step writes to its contact; the column `step` of the outbox."""

    CALL = "call"
    REPEAT = "repeat"
    ENDED = "ended"


class Informed(msgspec.Struct, frozen=True):
    """A contact to whom news of the event went: `at`, the platform's time; `before` its last rise; `failed`: it surely did not arrive."""

    contact: str
    at: datetime
    before: bool = False
    failed: bool = False


class Step(msgspec.Struct, frozen=True):
    """A step of an event: `key` is its natural key, `at` the platform's time.

    `rung` counts from 1, 0 where it is none of the ladder's. `message` is what goes to `contact`, if anything; `helping`: somebody has
    asked for help, which is why. `taken` of `wanted` persons had said by then that they go.
    """

    key: str
    at: datetime
    step: StepKind
    level: int
    rung: int = 0
    contact: str = ""
    message: Message | None = None
    helping: bool = False
    taken: int = 0
    wanted: int = 0


class Climb(msgspec.Struct, frozen=True):
    """What is to be done now, in order, and when to look again: None, not before something else happens."""

    steps: list[Step] = []
    look_at: datetime | None = None


def notification_key(event: str, key: str) -> str:
    """The idempotency key of the message that a step writes: 40 hex digits of the SHA-256 of `event|key`."""
    return hashlib.sha256(f"{event}|{key}".encode()).hexdigest()[:KEY_CHARACTERS]
