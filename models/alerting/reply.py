"""What a person's reply says: digits first, then words. What quiets is read narrowly, what calls for help widely.

    "12 1", "12.1", "121", "1 12", "PHUSA 12 1"  of the event that the contact knows as 12: received
    "1", "tôi đi", "da nhan"                     the same, where only one event is open for the contact
    "12 3", "giup", "cuu toi voi"                help; without a code of the worst that is open
    anything else                                UNREAD: nothing becomes of it but a polite answer that says how

A false "I go" would stop the calling of others, so words that deny or ask ("không", "chưa", "đâu", "ai") make no such answer, a
long text none either, and a code that is nobody's is never guessed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from models.alerting.event import AnswerKind
from models.alerting.gsm7 import unaccented

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

VERBS = {"1": AnswerKind.TAKEN, "2": AnswerKind.FALSE, "3": AnswerKind.HELP}
"""The digit behind the code."""
HELP_VERB = next(digit for digit, kind in VERBS.items() if kind is AnswerKind.HELP)
LONGEST = 12
"""Words of a text from which TAKEN or FALSE is read by words alone; people who go do not write more."""

_TOKEN = re.compile(r"[a-z]+|\d+")
_KEYWORD = (["phusa"], ["phu", "sa"])
"""A short number that several share hands on what begins with our word."""
_FILLERS = frozenset(
    {"a", "ah", "anh", "ban", "bac", "cam", "chao", "chi", "chu", "co", "da", "em", "loi", "ma", "nha", "nhe", "oi", "on", "so", "tra",
     "vang", "xin"}
)  # fmt: skip
"""Courtesy, and "trả lời", "mã số": with these alone the digits stand alone."""
_MINUTES = frozenset({"phut", "ph", "p", "gio", "h", "tieng"})
"""Behind a number: when somebody will be there, and no code."""
_NO = frozenset(
    {"khong", "ko", "k", "kg", "khg", "hong", "hok", "chua", "chang", "dau", "gi", "sao", "nao", "ai", "may"}
)
"""Words that deny or ask."""
_TAKEN = (
    "toi di", "em di", "anh di", "chi di", "chau di", "minh di", "di ngay", "di lien", "dang di", "se di", "den ngay", "dang den",
    "dang toi", "da nhan", "nhan duoc", "nhan roi", "da ro",
)  # fmt: skip
_TAKEN_WHOLE = frozenset({"di", "nhan", "ro", "ok", "oke", "okay", "ok da nhan"})
_FALSE = ("bao nham", "nham roi", "bao sai", "bao dong gia")
_FALSE_WHOLE = frozenset({"nham", "sai"})
_HELP = frozenset({"giup", "cuu", "help", "sos"})
_FOR_US = frozenset({"toi", "em", "chau", "voi"})
"""Behind a word of help: who calls for it."""
_DENIES = frozenset({"khong", "ko", "k", "chua"})


class Reply(msgspec.Struct, frozen=True):
    """What was said, and of which event: its code for the contact; None where it is of none."""

    kind: AnswerKind
    code: int | None = None


_UNREAD = Reply(AnswerKind.UNREAD)


def read_reply(text: str, open_codes: Sequence[int], over: Collection[int] = ()) -> Reply:
    """Read a reply of a contact for whom the events `open_codes` are open, the worst first, and `over` were and are no more.

    >>> read_reply("12 1", [12, 15]), read_reply("Đã nhận, tôi đi", [12])
    (Reply(kind=<AnswerKind.TAKEN: 'taken'>, code=12), Reply(kind=<AnswerKind.TAKEN: 'taken'>, code=12))
    """
    tokens = _tokens(text)
    digits = [one.lstrip("0") or "0" for one in tokens if one.isdigit()]
    words = [one for one in tokens if not one.isdigit()]
    known = {*open_codes, *over}
    numbered = _by_digits(digits, known)
    if numbered is None and digits[1:2] == [HELP_VERB] and int(digits[0]) in known:
        # "12 3 nhà 5 người": what stands behind a call for help says how bad it is.
        numbered = (AnswerKind.HELP, int(digits[0]))
    if not (set(words) - _FILLERS) and digits:
        return _UNREAD if numbered is None else _of(*numbered, open_codes, over)
    # Between words a lone digit says nothing: "nước lên 1 mét".
    if numbered is not None and numbered[1] is None:
        numbered = None
    spoken = _by_words(words)
    kinds = {kind for kind in (spoken, numbered[0] if numbered else None) if kind is not None}
    if AnswerKind.HELP in kinds:
        kinds = {AnswerKind.HELP}
    if len(kinds) != 1 or (kinds != {AnswerKind.HELP} and _NO.intersection(words)):
        return _UNREAD
    codes = {int(one) for one in digits if int(one) in known}
    code = numbered[1] if numbered else (codes.pop() if len(codes) == 1 else None)
    return _UNREAD if len(codes) > 1 else _of(kinds.pop(), code, open_codes, over)


def _tokens(text: str) -> list[str]:
    found = _TOKEN.findall(unaccented(text).lower())
    plain = next((found[len(word) :] for word in _KEYWORD if found[: len(word)] == word), found)
    behind = [*plain[1:], ""]
    return [
        one
        for one, after in zip(plain, behind[: len(plain)], strict=True)
        if not (one.isdigit() and after in _MINUTES)
    ]


def _by_digits(digits: list[str], known: Collection[int]) -> tuple[AnswerKind, int | None] | None:
    """Kind and code of "12 1", "121", "1 12"; a digit alone has no code. None: no such form, or no code of the contact's."""
    joined = "".join(digits)
    if joined in VERBS:
        return VERBS[joined], None
    if len(joined) != len("121"):
        return None
    forms = {(joined[:2], joined[2])}
    if len(digits) == 2 and len(digits[0]) == 1:
        forms.add((digits[1], digits[0]))
    found = [(VERBS[verb], int(code)) for code, verb in forms if verb in VERBS and int(code) in known]
    return found[0] if len(found) == 1 else None


def _by_words(words: list[str]) -> AnswerKind | None:
    if _calls_for_help(words):
        return AnswerKind.HELP
    if len(words) > LONGEST:
        return None
    said = " ".join(words)
    taken = said in _TAKEN_WHOLE or any(f" {one} " in f" {said} " for one in _TAKEN)
    false = said in _FALSE_WHOLE or any(f" {one} " in f" {said} " for one in _FALSE)
    if taken == false:
        return None
    return AnswerKind.TAKEN if taken else AnswerKind.FALSE


def _calls_for_help(words: list[str]) -> bool:
    """A word of help that nothing within two words before it denies; who goes to help others does not call for it."""
    for place, one in enumerate(words):
        before = words[max(0, place - 2) : place]
        # "Không ai giúp" denies nothing.
        denied = not _DENIES.isdisjoint(before) and before[-1] != "ai"
        if (one in _HELP or (one == "tro" and before[-1:] == ["ho"])) and not denied:
            goes = before[-1:] == ["di"] or before[-2:] == ["di", "ho"]
            if not goes or not _FOR_US.isdisjoint(words[place + 1 : place + 2]):
                return True
    return False


def _of(kind: AnswerKind, code: int | None, open_codes: Sequence[int], over: Collection[int]) -> Reply:
    """The reply of an event: of the one named, of the only one; help also of the worst."""
    if code is None and open_codes and (len(open_codes) == 1 or kind is AnswerKind.HELP):
        code = open_codes[0]
    if code in open_codes:
        return Reply(kind, code)
    if code in over or (code is None and not open_codes and over):
        return Reply(AnswerKind.CLOSED, code)
    return _UNREAD
