"""What a person who answered is told, once and politely: taken down, over, or how to answer. One SMS each, and the Zalo template `reply`.

`pattern` is how an answer is written by the way in question, "PHUSA {} gui 8079" (models/alerting/codes.py): what comes from a
brand's name cannot just be answered.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from models.alerting.codes import PLAIN
from models.alerting.event import AnswerKind
from models.alerting.gsm7 import SINGLE, septets, unaccented
from models.alerting.together import Text
from models.alerting.words import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

TEMPLATE = "reply"
SAID = {
    AnswerKind.TAKEN: ("đã nhận, tôi đi", "received, I go"),
    AnswerKind.FALSE: ("báo nhầm", "a false alarm"),
    AnswerKind.HELP: ("cần giúp", "I need help"),
    AnswerKind.UNREAD: ("chưa hiểu", "not understood"),
    AnswerKind.CLOSED: ("việc đã xong", "it was over already"),
    AnswerKind.STRANGER: ("số lạ", "an unknown number"),
}
"""What an answer says, or turned out to be."""
EXERCISE = "DIỄN TẬP"
NAME_CHARACTERS = 100
"""Of the field that names the place, or all places that are open: a template's line is short."""
_EMERGENCY = "Nguy hiểm tính mạng: gọi ngay 112, 114 hoặc 115."
_THANKS = "Cảm ơn."


class About(NamedTuple):
    """An event as the contact knows it: by its code (None: told without one) and by where it is."""

    code: int | None
    name: str
    exercise: bool = False


def confirmed(kind: AnswerKind, about: About, at: datetime, pattern: str = PLAIN) -> Text:
    """That the answer is taken down: TAKEN, FALSE or HELP, said `at`.

    >>> from datetime import UTC, datetime
    >>> confirmed(AnswerKind.TAKEN, About(12, "Sông Bồ"), datetime(2025, 10, 31, 19, 14, tzinfo=UTC)).sms
    'Phu Sa: da ghi ban di luc 02:14, Song Bo. Can giup thi tra loi 12 3. Cam on.'
    """
    clock = f"{at.astimezone(VIETNAM):%H:%M}"
    said, advice = {
        AnswerKind.TAKEN: (
            f"đã ghi bạn đi lúc {clock}",
            f"Cần giúp thì trả lời {_how(pattern, about, 3)}. {_THANKS}",
        ),
        AnswerKind.FALSE: (
            f"đã ghi bạn báo nhầm lúc {clock}",
            f"Nếu là thật thì trả lời {_how(pattern, about, 1)}. {_THANKS}",
        ),
        AnswerKind.HELP: (f"đã ghi bạn cần giúp lúc {clock}, màn hình trực đang báo", _EMERGENCY),
    }[kind]
    sms = _fitting(lambda name: f"{_from(about)}{said}, {name}. {advice}", about.name)
    return _text(sms, about, at, SAID[kind][0], "đã ghi nhận", advice)


def over(about: About | None, at: datetime) -> Text:
    """That the event which was answered is over."""
    known = about or About(None, "")
    named = "việc bạn trả lời" if known.code is None else f"việc số {known.code}"
    advice = f"Không cần trả lời nữa. {_EMERGENCY}"
    sms = _fitting(lambda name: f"{_from(known)}{f'{named} {name}'.strip()} đã xong. {advice}", known.name)
    return _text(sms, known, at, SAID[AnswerKind.CLOSED][0], "đã xong", advice)


def lesson(standing: Sequence[About], at: datetime, pattern: str = PLAIN) -> Text:
    """How to answer; `standing` are the events that are open for the contact, the worst first."""
    first = standing[0] if standing else About(None, "")
    if not standing:
        advice = f"Lúc này không có cảnh báo nào chờ bạn trả lời. {_EMERGENCY}"
        sms = f"{_from(first)}chưa hiểu tin của bạn. {advice}"
    elif len(standing) == 1:
        advice = f"Trả lời {_how(pattern, first, 1)}: đã nhận, tôi đi; 2: báo nhầm; 3: cần giúp. {_THANKS}"
        sms = _fitting(lambda name: f"{_from(first)}chưa hiểu tin của bạn về {name}. {advice}", first.name)
    else:
        advice = f"Trả lời như {_how(pattern, first, 1)}: đã nhận, tôi đi; 2: báo nhầm; 3: cần giúp. Số việc:"
        sms = _several(standing, f"{_from(first)}chưa hiểu tin của bạn. {advice}")
        listed = ", ".join(f"{one.code} {one.name}" for one in standing)
        return _text(sms, first._replace(name=listed), at, SAID[AnswerKind.UNREAD][0], "chưa hiểu", advice)
    return _text(sms, first, at, SAID[AnswerKind.UNREAD][0], "chưa hiểu", advice)


def _several(standing: Sequence[About], beginning: str) -> str:
    """As many of the events as fit, the worst first, with as much of each name as fits."""
    for length in range(max(len(one.name) for one in standing), -1, -1):
        listed = "; ".join(f"{one.code} {one.name[:length].rstrip()}".rstrip() for one in standing)
        if _length(text := f"{beginning} {listed}") <= SINGLE:
            return text
    return _several(standing[:-1], beginning)


def _fitting(say: Callable[[str], str], name: str) -> str:
    """With as much of the name as fits into one SMS."""
    return next(
        (text for n in range(len(name), 0, -1) if _length(text := say(name[:n].rstrip())) <= SINGLE), say("")
    )


def _how(pattern: str, about: About, answer: int) -> str:
    return pattern.replace(PLAIN, str(answer) if about.code is None else f"{about.code} {answer}")


def _length(text: str) -> int:
    return septets(unaccented(text))


def _from(about: About) -> str:
    return f"{EXERCISE} Phù Sa: " if about.exercise else "Phù Sa: "


def _text(sms: str, about: About, at: datetime, said: str, so: str, advice: str) -> Text:
    fields = {
        "tram": about.name[:NAME_CHARACTERS].strip() or "Phù Sa",
        "hien_tuong": f"{EXERCISE}. Trả lời của bạn" if about.exercise else "Trả lời của bạn",
        "gia_tri": said,
        "muc": "Trả lời" if about.code is None else f"Việc số {about.code}",
        "so_sanh": so,
        "thoi_gian": f"{at.astimezone(VIETNAM):%H:%M %d/%m}",
        "viec_can_lam": advice,
    }
    nfc = {field: unicodedata.normalize("NFC", value) for field, value in fields.items()}
    return Text(unaccented(" ".join(sms.split())), TEMPLATE, nfc)
