"""The ladder of an event: who is called when nobody has answered, who is told again, and when all is over. Pure.

    risen ── told by news ── repeat_min ──> told again, once
      │                         └─ after_min of each rung ──> called, if nobody goes yet ──> the last rung's time over ──> nobody
      └─ answers: enough go ──> taken, nobody else is called; false alarm below level 3 ──> the same; help ──> the next rung now
    closed ──> whoever was called, or told again, and has no news of it is told that it is over

Every step has a key that holds the rise: what was done for one rise is never done twice, and the next rise begins anew. Who looks late does
the same later; only whom enough answers have made needless by then is not called any more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from models.alerting.alert import DANGER
from models.alerting.event import AnswerKind, StepKind
from models.alerting.reach import called_by
from models.alerting.step import Climb, Message, Step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.alerting.event import Answer, Event
    from models.alerting.step import Informed
    from models.commune.configuration import Contact
    from models.commune.routing import Ladder, Rung, Shift

LEAST_PATIENCE = timedelta(minutes=1)
SAID = frozenset({AnswerKind.TAKEN, AnswerKind.FALSE, AnswerKind.HELP})
"""What a person says; all else that comes back is no answer."""


def climb(
    event: Event,
    ladder: Ladder | None,
    told: Sequence[Informed],
    answers: Sequence[Answer],
    steps: Sequence[Step],
    contacts: Sequence[Contact],
    rota: Sequence[Shift],
    now: datetime,
) -> Climb:
    """What is to be done for `event` at `now`, the platform's time.

    `told`: who was told by news of it, `answers` all that came back, `steps` those taken so far. `contacts`: whom its open alerts concern,
    those included who are only called, in the order of the configuration. `ladder`: None where its level has none.
    """
    if event.closed_at is not None:
        return _over(told, steps, now)
    if ladder is None:
        return Climb()
    look = _Look(event, ladder, told, answers, steps, contacts, rota, now)
    look.answered()
    look.rungs()
    look.repeats()
    look.nobody()
    return Climb(look.new, look.next())


def _over(told: Sequence[Informed], steps: Sequence[Step], now: datetime) -> Climb:
    """Whoever was called, or told again, and has not the news of its end, is told that it is over."""
    if not steps:
        return Climb()
    done = {step.key for step in steps}
    heard = {one.contact for one in told if not one.failed}
    rung = {StepKind.CALLED, StepKind.REPEATED}
    called = dict.fromkeys(step.contact for step in steps if step.step in rung)
    wanted = [
        Step(f"over:{contact}", now, StepKind.OVER, 0, contact=contact, message=Message.ENDED)
        for contact in called
        if contact not in heard
    ]
    over = [*wanted, Step("over", now, StepKind.OVER, 0)]
    return Climb([step for step in over if step.key not in done])


class _Planned(NamedTuple):
    """A rung, and when it is due."""

    number: int
    due: datetime
    rung: Rung


class _Look:
    """One look at an open event; `new` is what it finds to do."""

    def __init__(
        self,
        event: Event,
        ladder: Ladder,
        told: Sequence[Informed],
        answers: Sequence[Answer],
        steps: Sequence[Step],
        contacts: Sequence[Contact],
        rota: Sequence[Shift],
        now: datetime,
    ) -> None:
        self._event, self._ladder, self._now = event, ladder, now
        self._contacts, self._rota = contacts, rota
        self._rise = f"{round(event.risen_at.timestamp() * 1000)}:"
        self._steps = [step for step in steps if step.key.startswith(self._rise)]
        self._keys = {step.key for step in self._steps}
        self._answers = sorted(
            (answer for answer in answers if event.risen_at <= answer.at <= now and answer.kind in SAID),
            key=lambda answer: (answer.at, answer.contact),
        )
        self._informed = {one.contact: one for one in reversed(told) if not one.before}
        self._have_answered = {answer.contact for answer in self._answers}
        self._taken = self._standing(AnswerKind.TAKEN, AnswerKind.FALSE)
        self._enough = len(self._taken) >= ladder.answers
        # Below level 3 what nobody was told of is silenced, or waits for its hours: it rings nobody by the ladder either.
        needless = bool(self._standing(AnswerKind.FALSE, AnswerKind.TAKEN)) or not self._informed
        self._stopped = self._enough or (event.level < DANGER and needless)
        rungs = sorted(ladder.rungs, key=lambda rung: rung.after_min)
        self._rungs = [
            _Planned(number, event.risen_at + timedelta(minutes=rung.after_min), rung)
            for number, rung in enumerate(rungs, 1)
        ]
        self.new: list[Step] = []

    def answered(self) -> None:
        """Keep who was told by news; what was answered; and that enough go."""
        for one in self._informed.values():
            if not one.failed:
                self._add("told", StepKind.TOLD, one.contact, at=one.at)
        for answer in self._first(AnswerKind.FALSE):
            self._add("false", StepKind.FALSE, answer.contact, at=answer.at)
        if self._enough:
            last = self._taken[self._ladder.answers - 1]
            self._add("taken", StepKind.TAKEN, at=last.at)

    def rungs(self) -> None:
        """Call the rungs that are due; each new call for help takes the next one at once."""
        for help_ in self._first(AnswerKind.HELP):
            if f"{self._rise}help:{help_.contact}" in self._keys:
                continue
            self._call_due(help_.at)
            reached = self._call_next(help_.at)
            self._add("help", StepKind.HELP, help_.contact, at=help_.at, rung=reached)
            if not reached:
                self._add("nobody", StepKind.NOBODY, help_.contact)
        self._call_due(self._now)

    def repeats(self) -> None:
        """Tell again, once, who has not answered, as long as not enough go."""
        for contact, due in self._repeats_due().items():
            if due <= self._now:
                self._add("repeat", StepKind.REPEATED, contact, message=Message.REPEAT)

    def nobody(self) -> None:
        """The last rung had its time, and not enough go."""
        due = self._nobody_due()
        if due is not None and due <= self._now:
            self._add("nobody", StepKind.NOBODY)

    def next(self) -> datetime | None:
        """When something is due next, if nothing happens."""
        found = [] if self._stopped else [planned.due for planned in self._rungs]
        found += self._repeats_due().values()
        found += [due for due in (self._nobody_due(),) if due is not None]
        return min((due for due in found if due > self._now), default=None)

    def _standing(self, kind: AnswerKind, other: AnswerKind) -> list[Answer]:
        """The first answer of this kind of each person who has not said the other since: whoever goes and then says "báo nhầm" goes no more."""
        found: dict[str, Answer] = {}
        for answer in self._answers:
            if answer.kind is kind:
                found.setdefault(answer.contact, answer)
            elif answer.kind is other:
                found.pop(answer.contact, None)
        return list(found.values())

    def _first(self, kind: AnswerKind) -> list[Answer]:
        """The first answer of this kind of each person."""
        found: dict[str, Answer] = {}
        for answer in self._answers:
            if answer.kind is kind:
                found.setdefault(answer.contact, answer)
        return list(found.values())

    def _add(
        self,
        what: str,
        step: StepKind,
        contact: str = "",
        *,
        at: datetime | None = None,
        rung: int = 0,
        message: Message | None = None,
        helping: bool = False,
    ) -> None:
        key = f"{self._rise}{what}:{contact}".removesuffix(":")
        if key in self._keys:
            return
        self._keys.add(key)
        made = Step(
            key,
            at or self._now,
            step,
            self._event.level,
            rung,
            contact,
            message,
            helping,
            len(self._taken),
            self._ladder.answers,
        )
        self._steps.append(made)
        self.new.append(made)

    @property
    def _height(self) -> int:
        """The highest rung of which somebody was called."""
        return max((step.rung for step in self._steps), default=0)

    def _call_due(self, at: datetime) -> None:
        """Call the rungs that were due by `at`, unless enough go by now: who is needed no more is not woken late."""
        if self._stopped:
            return
        for planned in self._rungs:
            if planned.number > self._height and planned.due <= at:
                self._call(planned, planned.due)

    def _call_next(self, at: datetime) -> int:
        """Call the next rung that has somebody to call; its number, 0 where there is none left."""
        for planned in self._rungs:
            if planned.number > self._height and self._call(planned, at, helping=True):
                return planned.number
        return 0

    def _call(self, planned: _Planned, at: datetime, *, helping: bool = False) -> bool:
        """Call whoever has the duty at `at`; whether there was anybody."""
        reached = {step.contact for step in self._steps if step.step is StepKind.CALLED}
        reached |= {one.contact for one in self._informed.values() if not one.failed}
        called = False
        for role in planned.rung.roles:
            for contact in called_by(role, self._contacts, self._rota, at):
                if contact.id not in reached | self._have_answered:
                    self._add(
                        "call",
                        StepKind.CALLED,
                        contact.id,
                        rung=planned.number,
                        message=Message.CALL,
                        helping=helping,
                    )
                    called = True
        return called

    def _repeats_due(self) -> dict[str, datetime]:
        if self._ladder.repeat_min is None or self._stopped:
            return {}
        told = {step.contact: step.at for step in self._steps if step.step is StepKind.CALLED}
        told |= {one.contact: one.at for one in self._informed.values()}
        after = timedelta(minutes=self._ladder.repeat_min)
        return {contact: at + after for contact, at in told.items() if contact not in self._have_answered}

    def _nobody_due(self) -> datetime | None:
        """The last rung has as long to answer as the one before it had, a minute at the least."""
        top = self._rungs[-1]
        if self._stopped or (self._height < top.number and top.due > self._now):
            return None
        before = self._rungs[-2].due if len(self._rungs) > 1 else self._event.risen_at
        reached = [step.at for step in self._steps if step.rung]
        since = max(reached) if self._height == top.number else max([top.due, *reached])
        return since + max(top.due - before, LEAST_PATIENCE)
