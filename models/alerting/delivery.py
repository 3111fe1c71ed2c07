"""What follows from a gateway's answer: done, again later, the next channel, or give up by name.

pending ── sent ───────> sent ── receipt ──> delivered
│ ├──── retry ──────> pending, later; after PATIENCE tries, or `hurry` for what rises, the next channel
│ ├──── away ───────> pending on the next channel at once for what rises; else as retry
│ ├──── refused ────> pending on the next channel; refused after the last
│ ├──── stopped ────> pending on the next channel; after the last as retry: money may come, a key be mended
│ └──── doubt ──────> pending with the same key where the gateway is idempotent; else doubt
sent or doubt, no receipt in time ──> pending on the next channel; after the last it stays
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from models.alerting.sending import Answer, Sent

PATIENCE = 5
"""Tries on a channel before the next is taken: 1 + 2 + 4 + 8 s, a warning cannot wait longer."""
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
KEPT = timedelta(hours=6)
"""A warning older than this is not sent any more: it would frighten, not warn."""
NEVER = timedelta(days=36500)
HURRY = timedelta(seconds=10)
"""A warning leaves a channel that has not taken it for so long: with the next channel's own seconds it is out within 15."""

NO_RECEIPT = "không có biên nhận (no receipt)"
TOO_OLD = "quá cũ để gửi (too old to send)"
IN_DOUBT = "có thể đã gửi, cổng không trả lời (perhaps sent, the gateway did not answer)"


class Situation(msgspec.Struct, frozen=True):
    """Where a notification stands: `tries` were made on `channel`, one of `channels` in order.

    `rises`: it tells that something got worse; such news leaves a channel that has not taken it for `hurry`
    (the setting PHUSA_CHANNEL_WAIT_S), or that is down. What is over may wait.
    """

    channel: str
    channels: list[str]
    tries: int
    created_at: datetime
    idempotent: bool
    rises: bool = False
    hurry: timedelta = HURRY


class Step(msgspec.Struct, frozen=True):
    """What to record: the state, the channel of the next attempt and when it is due."""

    state: str
    channel: str
    next_at: datetime
    reason: str


def after_answer(situation: Situation, sent: Sent, now: datetime) -> Step:
    """The step after the gateway answered; `one.tries` includes this attempt."""
    said = f"{sent.code} {sent.reason}".strip()
    if sent.answer is Answer.SENT:
        return Step("sent", situation.channel, now, "")
    if sent.answer in (Answer.REFUSED, Answer.STOPPED):
        other = _next_channel(situation, now, said)
        if other is not None:
            return other
    if sent.answer is Answer.REFUSED:
        return Step("refused", situation.channel, now + NEVER, said)
    if sent.answer is Answer.DOUBT and not situation.idempotent:
        return Step("doubt", situation.channel, now, f"{IN_DOUBT}: {said}")
    if now - situation.created_at > KEPT:
        return Step("expired", situation.channel, now + NEVER, f"{TOO_OLD}: {said}")
    # A gateway that says when it takes messages again is not asked before; what rises does not wait for that.
    soonest = now + timedelta(seconds=sent.again_s)
    late = situation.rises and soonest - situation.created_at >= situation.hurry
    if situation.tries >= PATIENCE or late or (situation.rises and sent.answer is Answer.AWAY):
        other = _next_channel(situation, now, said)
        if other is not None:
            return other
    if situation.rises:
        # There is no other way: what rises asks once too often rather than an hour late.
        soonest = min(soonest, now + timedelta(seconds=LONGEST_WAIT_S))
    return Step("pending", situation.channel, max(soonest, now + _wait(situation.tries)), said)


def after_silence(situation: Situation, state: str, reason: str, now: datetime) -> Step:
    """No receipt in time, or one that says it failed (`reason`): the next channel, or leave it as it is."""
    other = (
        _next_channel(situation, now, reason or NO_RECEIPT) if now - situation.created_at <= KEPT else None
    )
    if other is not None:
        return other
    if reason:
        return Step("refused", situation.channel, now + NEVER, reason)
    return Step(state, situation.channel, now + NEVER, NO_RECEIPT)


def after_crash(situation: Situation, last: Answer | None, asked: bool, now: datetime) -> Step:
    """A sender died while it held the notification.

    `asked`: an attempt was begun and its answer never noted, so the gateway may have it; `last`
    is the last noted answer, None before the first.
    """
    if asked:
        return after_answer(
            situation, Sent(Answer.DOUBT, "crash", "người gửi bị ngắt (the sender was cut off)"), now
        )
    if last is Answer.SENT or (last is Answer.DOUBT and not situation.idempotent):
        # It was held only to look for a receipt: back to waiting for it.
        return Step(str(last), situation.channel, now, "")
    return Step("pending", situation.channel, now, "")


def _next_channel(situation: Situation, now: datetime, reason: str) -> Step | None:
    place = situation.channels.index(situation.channel) + 1
    if place == len(situation.channels):
        return None
    return Step("pending", situation.channels[place], now, f"{situation.channel}: {reason}")


def _wait(tries: int) -> timedelta:
    return timedelta(seconds=min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** max(0, tries - 1)))
