"""What follows from what a loudspeaker's player tells: played, heard by its own microphone, again, or in doubt.

pending ── asked ──> sent (queued) ── looked at ──> played ──> heard, where its microphone can tell
What follows from the answer to the asking itself says models/alerting/delivery.py, as for every other way.
"""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

import msgspec

from models.alerting.delivery import NEVER, PATIENCE, Step
from models.envelope.bilingual import Bilingual


class PlayerState(enum.StrEnum):
    """What a player says of a key."""

    QUEUED = "queued"
    PLAYING = "playing"
    PLAYED = "played"
    FAILED = "failed"


class Looked(msgspec.Struct, frozen=True):
    """A player's answer: its state, None where it knows nothing of the key; `heard_db` above what its microphone heard before."""

    state: PlayerState | None
    heard_db: float | None = None


HEARD_DB = 6.0
"""Twice the pressure of what was there before: the loudspeaker sounds."""
LOOK_EVERY = timedelta(seconds=2)
PATIENT = timedelta(seconds=180)
"""After the length of what is to be played: then nobody knows whether it was."""

FORGOTTEN = "hộp loa không biết lời này nữa, có thể đã phát (the player has forgotten it, perhaps played)"
NOT_TOLD = "hộp loa không nói đã phát (the player does not say that it was played)"
BROKEN = "hộp loa báo phát hỏng (the player says that playing failed)"
NOT_HEARD = "micrô của loa không nghe thấy (not heard by its own microphone)"


NOT_THERE = "loa không còn trong cấu hình (the loudspeaker is no longer in the configuration)"
TOO_LATE = "quá muộn để phát (too late to be played)"
SAYS_NOTHING = "hộp loa không báo lại được (the player tells nothing back)"
LATEST = timedelta(hours=1)
"""After the approval: what is heard later frightens and does not warn."""


class Played(msgspec.Struct, frozen=True):
    """A sound under way: when its player took it, how long it is, how often it was asked for."""

    loudspeaker: str
    sent_at: datetime
    seconds: float
    tries: int


def after_look(one: Played, looked: Looked | None, now: datetime) -> Step:
    """The step after looking at a player; `looked` None: it did not answer."""
    if looked is None or looked.state in (PlayerState.QUEUED, PlayerState.PLAYING):
        if now - one.sent_at > timedelta(seconds=one.seconds) + PATIENT:
            return Step("doubt", one.loudspeaker, now + NEVER, NOT_TOLD)
        return Step("sent", one.loudspeaker, now + LOOK_EVERY, "")
    if looked.state is None:
        return Step("doubt", one.loudspeaker, now + NEVER, FORGOTTEN)
    if looked.state is PlayerState.FAILED:
        if one.tries >= PATIENCE:
            return Step("refused", one.loudspeaker, now + NEVER, BROKEN)
        return Step("pending", one.loudspeaker, now + LOOK_EVERY * one.tries, BROKEN)
    if looked.heard_db is None:
        return Step("played", one.loudspeaker, now + NEVER, "")
    if looked.heard_db < HEARD_DB:
        return Step("played", one.loudspeaker, now + NEVER, NOT_HEARD)
    return Step("heard", one.loudspeaker, now + NEVER, "")


def gone(loudspeaker: str, now: datetime) -> Step:
    """Nobody has this loudspeaker any more."""
    return Step("refused", loudspeaker, now + NEVER, NOT_THERE)


def unplayable(loudspeaker: str, approved_at: datetime, now: datetime, *, there: bool) -> Step | None:
    """Why it is not asked to play any more, or None."""
    if not there:
        return gone(loudspeaker, now)
    if now - approved_at > LATEST:
        return Step("expired", loudspeaker, now + NEVER, TOO_LATE)
    return None


def unseen(step: Step) -> Step:
    """The same where the player tells nothing back: what it took stays taken, and nobody looks."""
    if step.state != "sent":
        return step
    return msgspec.structs.replace(step, next_at=step.next_at + NEVER, reason=SAYS_NOTHING)


_BECAME = {
    "pending": Bilingual("đang đợi phát", "waits to be played"),
    "sending": Bilingual("đang gửi tới loa", "is being sent to it"),
    "sent": Bilingual("loa đã nhận, chưa báo là đã phát", "taken, not yet said to be played"),
    "played": Bilingual("đã phát", "played"),
    "heard": Bilingual("đã phát, micrô của loa nghe thấy", "played and heard"),
    "refused": Bilingual("KHÔNG phát được", "could NOT be played"),
    "doubt": Bilingual(
        "KHÔNG RÕ đã phát chưa, hãy đến nghe tại chỗ", "NOT KNOWN whether played: go and listen"
    ),
    "expired": Bilingual("quá muộn hoặc đã có lời mới hơn, không phát", "too late or overtaken, not played"),
}
_AGAIN = Bilingual("chưa phát được, đang thử lại", "not played yet, tried again")
_SILENT = Bilingual("báo là đã phát, nhưng micrô của loa KHÔNG nghe thấy", "said to be played, but NOT heard")
_UNKNOWN = Bilingual("không rõ", "not known")


def became(state: str, reason: str) -> Bilingual:
    """What became of a sound at a loudspeaker, for who looks at a page; `reason` is that of its last step."""
    if state == "pending" and reason:
        return _AGAIN
    if state == "played" and reason == NOT_HEARD:
        return _SILENT
    return _BECAME.get(state, _UNKNOWN)
