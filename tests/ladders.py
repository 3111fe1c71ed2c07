"""A ladder on a time line: answers come at their minute, looks are taken at theirs; out come the steps and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from models.alerting.alert import Kind
from models.alerting.event import Answer, AnswerKind, Event
from models.alerting.ladder import climb
from models.alerting.step import Informed, Step
from models.commune.configuration import Contact
from models.commune.routing import Ladder, Rung, Shift
from tests.messages import AT, contact

Line = tuple[float, str, str]
"""Minute, what, contact."""

ROLES = {"head": "trưởng thôn", "deputy": "phó thôn", "chair": "chủ tịch xã", "duty": "trực ban cấp trên"}
PEOPLE = [contact(name, role=role, kinds=[Kind.RIVER]) for name, role in ROLES.items()]
RUNGS = [
    Rung(5, [ROLES["deputy"]]),
    Rung(10, [ROLES["chair"]]),
    Rung(15, [ROLES["duty"]]),
]


def ladder(**changed: Any) -> Ladder:
    """Deputy after 5 minutes, chairman after 10, duty above after 15; one answer is enough, nobody is told twice."""
    return Ladder(**({"levels": [2, 3, 4, 5], "rungs": RUNGS} | changed))


def event(level: int = 3, **changed: Any) -> Event:
    """The Bồ at Phú Ốc rose at minute 0."""
    fields = {
        "id": "water:phu-oc@1",
        "place": "water:phu-oc",
        "opened_at": AT,
        "risen_at": AT,
        "level": level,
        "peak_level": level,
    }
    return Event(**(fields | changed))


def minute(number: float) -> Any:
    """The time of a minute of the story."""
    return AT + timedelta(minutes=number)


def answer(number: float, name: str, kind: AnswerKind) -> Answer:
    return Answer("water:phu-oc@1", name, kind, minute(number), 3, "sms")


class Story:
    """An event that is looked at; what came to `told` by news at its rise is told at minute 0."""

    def __init__(
        self,
        way: Ladder | None,
        *,
        level: int = 3,
        told: Sequence[str] = ("head",),
        people: Sequence[Contact] = PEOPLE,
        rota: Sequence[Shift] = (),
    ) -> None:
        self.way, self.event, self.people, self.rota = way, event(level), people, rota
        self.told = [Informed(name, AT) for name in told]
        self.answers: list[Answer] = []
        self.steps: list[Step] = []
        self.lines: list[Line] = []
        self.look_at: list[float | None] = []

    def says(self, number: float, name: str, kind: AnswerKind) -> None:
        """An answer that comes at a minute."""
        self.answers.append(answer(number, name, kind))

    def looks(self, *numbers: float) -> Story:
        """Look at these minutes, at what had come by then."""
        for number in numbers:
            now = minute(number)
            come = [each for each in self.answers if each.at <= now]
            found = climb(self.event, self.way, self.told, come, self.steps, self.people, self.rota, now)
            self.steps += found.steps
            self.lines += [(number, step.step.value, step.contact) for step in found.steps]
            wait = found.look_at
            self.look_at.append(None if wait is None else (wait - AT).total_seconds() / 60)
        return self

    def rises(self, number: float, level: int, *told: str) -> None:
        """The event rises; who is named is told by news."""
        before = [msgspec.structs.replace(one, before=True) for one in self.told]
        self.event = msgspec.structs.replace(
            self.event, risen_at=minute(number), level=level, peak_level=level
        )
        self.told = [*before, *(Informed(name, minute(number)) for name in told)]

    def ends(self, number: float) -> None:
        self.event = msgspec.structs.replace(self.event, level=0, closed_at=minute(number))

    def keys(self) -> set[str]:
        return {step.key for step in self.steps}


def without_told(lines: Iterable[Line]) -> list[Line]:
    """The steps that the ladder itself takes."""
    return [line for line in lines if line[1] != "told"]
