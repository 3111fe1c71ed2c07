"""The words of the ladder: what a called person receives, and each step as the screens tell it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from models.alerting.codes import answer_line
from models.alerting.event import StepKind
from models.alerting.gsm7 import SINGLE, septets, unaccented
from models.alerting.routing import DAWN, DUSK
from models.alerting.step import Message
from models.alerting.together import Text, text_of
from models.alerting.words import VIETNAM
from models.catalogue.channels import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from models.alerting.alert import AlertChange
    from models.alerting.step import Step
    from models.catalogue.kinds import Words
    from models.commune.configuration import Commune, Contact

NOBODY, TOO_FEW, HELPING, REPEATED = "CHƯA AI NHẬN", "CHƯA ĐỦ NGƯỜI NHẬN", "CẦN GIÚP", "NHẮC LẠI"
EXERCISE = "DIỄN TẬP"
ADVICE = "viec_can_lam"
"""The field of a Zalo template (models.alerting.wording.FIELDS) in whose front the reason of the message stands."""


def worst_first(changes: Iterable[AlertChange]) -> list[AlertChange]:
    """The newest changes of an event's alerts in the order in which a message tells them; of ends the last first, with which all is over."""

    def order(change: AlertChange) -> tuple[object, ...]:
        since = change.at.timestamp()
        late = 0.0 if change.level else -since
        return -change.level, late, -change.previous, since, change.alert

    return sorted(changes, key=order)


def message_of(
    step: Step, changes: Sequence[AlertChange], commune: Commune, tail: str = "", *, exercise: bool = False
) -> Text:
    """What the step's contact receives of `changes`, the newest of the event's alerts (at least one), the worst first.

    The SMS is one segment and ends in `tail`, how to answer, which is never cut. The news itself is that of any message; that an event
    is over needs no other words than its end has.
    """
    head = _head(step, exercise=exercise)
    sms_head, sms_tail = unaccented(f"{head}: ") if head else "", unaccented(tail)
    text = text_of(changes, [], commune, SINGLE - septets(sms_head) - septets(sms_tail))
    advice = f"{head}. {text.fields[ADVICE]}".strip() if head else text.fields[ADVICE]
    fields = text.fields | {ADVICE: unicodedata.normalize("NFC", advice)}
    return Text(f"{sms_head}{text.sms}{sms_tail}", text.template, fields)


def how_to_answer(code: int | None, pattern: str | None) -> str:
    """The end of an SMS by which its receiver answers; "" without a code, or where the account cannot be answered (no pattern).

    >>> how_to_answer(12, "{}"), how_to_answer(12, None)
    (' Tra loi 12 1', '')
    """
    return "" if code is None or pattern is None else answer_line(pattern, code)


def channels_at(contact: Contact, at: datetime) -> list[str]:
    """The contact's channels in the order to try; at night what rings goes first."""
    if DAWN <= at.astimezone(VIETNAM).hour < DUSK:
        return [str(way) for way in contact.channels]
    return [str(way) for way in sorted(contact.channels, key=lambda way: not CHANNELS[way].rings_at_night)]


def words_of(step: Step, commune: Commune) -> Words:
    """The step as a line of the screens, in Vietnamese and English."""
    name = next((contact.name for contact in commune.contacts if contact.id == step.contact), step.contact)
    alone = ("không còn ai để gọi", "nobody is left to call")
    if step.step is StepKind.NOBODY:
        # Up to the first comma it is the band's title on the wall (SQL function nobody_at).
        if step.contact:
            vi, en = f"{HELPING}, {name}", f"{name} needs help"
        elif step.taken:
            vi, en = f"MỚI {step.taken}/{step.wanted} NGƯỜI NHẬN", f"only {step.taken} of {step.wanted} go"
        else:
            vi, en = NOBODY, "nobody goes"
        return f"{vi}, {alone[0]}", f"{en}, {alone[1]}"
    if step.step is StepKind.OVER:
        return (
            (f"báo {name} là đã hết", f"{name} is told that it is over")
            if step.contact
            else ("đã hết", "over")
        )
    return {
        StepKind.TOLD: (f"báo {name}", f"{name} is told"),
        StepKind.CALLED: (f"gọi {name}, bậc {step.rung}", f"{name} is called, rung {step.rung}"),
        StepKind.REPEATED: (f"nhắc lại {name}", f"{name} is told again"),
        StepKind.TAKEN: (f"đủ người nhận: {step.wanted}", f"enough go: {step.wanted}"),
        StepKind.FALSE: (f"{name}: báo nhầm", f"{name}: a false alarm"),
        StepKind.HELP: (f"{name}: cần giúp", f"{name}: needs help"),
    }[step.step]


def _head(step: Step, *, exercise: bool) -> str:
    """Why the message comes, "" where it needs no reason."""
    if step.message is Message.CALL:
        why = HELPING if step.helping else TOO_FEW if step.taken else NOBODY
    else:
        why = REPEATED if step.message is Message.REPEAT else ""
    return ". ".join(part for part in (EXERCISE if exercise else "", why) if part)
