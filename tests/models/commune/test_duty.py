"""Who has the duty, where nobody has it, and where two have."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.commune.duty import holes, on_duty, overlaps
from models.commune.routing import Shift


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-10-{text}:00+07:00")


def shift(begins: str, ends: str, *contacts: str, role: str = "trực ban") -> Shift:
    return Shift(role, list(contacts or ["an"]), at(begins), at(ends))


ROTA = [shift("12T07:00", "12T19:00", "an"), shift("12T20:00", "13T07:00", "binh", "chi")]
ON_DUTY: dict[str, tuple[str, str, set[str] | None]] = {
    "from the first minute of the shift": ("trực ban", "12T07:00", {"an"}),
    "to before its end, and in a hole all are meant": ("trực ban", "12T19:00", None),
    "two may share a shift": ("trực ban", "12T23:00", {"binh", "chi"}),
    "before the rota begins all are meant": ("trực ban", "12T06:59", None),
    "a role without shifts is whoever has it": ("trưởng thôn", "12T08:00", None),
}


@pytest.mark.parametrize(("role", "moment", "expected"), ON_DUTY.values(), ids=ON_DUTY.keys())
def test_who_has_the_duty(role: str, moment: str, expected: set[str] | None) -> None:
    assert on_duty(role, ROTA, at(moment)) == expected


SPANS: dict[str, tuple[list[Shift], list[int], list[int]]] = {
    "one after the other": ([shift("12T07:00", "12T19:00"), shift("12T19:00", "13T07:00")], [], []),
    "a hole": (ROTA, [1], []),
    "an overlap": ([shift("12T07:00", "12T19:00"), shift("12T18:00", "13T07:00")], [], [1]),
    "the order of the file is no matter": ([shift("12T20:00", "13T07:00"), shift("12T07:00", "12T19:00")], [0], []),
    "a short shift within a long one makes no hole behind it": (
        [shift("12T07:00", "13T07:00"), shift("12T08:00", "12T09:00"), shift("13T07:00", "13T19:00")], [], [1]),
    "each role has a rota of its own": (
        [shift("12T07:00", "12T19:00"), shift("12T20:00", "13T07:00", role="phó thôn")], [], []),
}  # fmt: skip


@pytest.mark.parametrize(("rota", "empty", "twice"), SPANS.values(), ids=SPANS.keys())
def test_holes_and_overlaps_of_a_rota(rota: list[Shift], empty: list[int], twice: list[int]) -> None:
    assert [hole.i for hole in holes(rota)] == empty
    assert [span.i for span in overlaps(rota)] == twice
