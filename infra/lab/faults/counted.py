"""What the fault test counted of people and ladders, and in which words it is told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from infra.lab.faults.attended import OF_ANSWER

if TYPE_CHECKING:
    from infra.lab.faults.answering import People
    from infra.lab.faults.attended import Standing

WORDS = {
    "events": "việc (events)",
    "codes": "mã (codes)",
    "answers": "câu trả lời (answers)",
    "told_again": "dịch vụ báo hai lần (told again)",
    "refused": "lời gọi chưa được nhận (calls refused, and made again)",
    "steps": "bước (steps)",
    "called": "cuộc gọi (calls)",
    "repeated": "nhắc lại (repeats)",
    "ended": "báo đã hết (told that it is over)",
    "replies": "đáp lại (replies)",
    "phones": "tin tới máy (of these on phones)",
    "two_ways": "bằng hai kênh (by two ways)",
}


def counted(people: People, stands: Standing) -> dict[str, int]:
    """By the names of WORDS; news is counted elsewhere."""
    kinds = {one.id: one.kind for one in stands.written if one.kind is not None}
    number = Counter(kinds.values())
    ways = Counter(one.key for one in set(stands.rung) if one.key in kinds)
    return {
        "events": len(stands.events),
        "codes": len(stands.codes),
        "answers": len(people.accepted),
        "told_again": people.again,
        "refused": people.refused,
        "steps": sum(not one.key.startswith(OF_ANSWER) for one in stands.steps),
        "called": number["call"],
        "repeated": number["repeat"],
        "ended": number["ended"],
        "replies": number["reply"],
        "phones": len(ways),
        "two_ways": sum(times > 1 for times in ways.values()),
    }


def in_words(numbers: dict[str, int]) -> str:
    """One line.

    >>> in_words({"events": 3, "codes": 12})
    '3 việc (events), 12 mã (codes)'
    """
    return ", ".join(f"{number} {WORDS[name]}" for name, number in numbers.items())
