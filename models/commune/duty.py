"""Who has the duty: a role with shifts in routing.yaml is whoever stands in the shift of the moment."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from models.commune.routing import Shift


class Hole(NamedTuple):
    """A span of the rota of `role` in which nobody has the duty: before the `i`-th shift of the file."""

    i: int
    role: str
    begins: datetime
    ends: datetime


def on_duty(role: str, rota: Iterable[Shift], at: datetime) -> frozenset[str] | None:
    """The contacts who have the duty of `role` at `at`; None where nobody is named, so that all of the role are meant.

    That is so for a role without shifts and in a hole of the rota: better all are told than nobody.
    """
    found = frozenset(
        contact
        for shift in rota
        if shift.role == role and shift.begins <= at < shift.ends
        for contact in shift.contacts
    )
    return found or None


def holes(rota: Sequence[Shift]) -> Iterator[Hole]:
    """Between the shifts of each role, in the order of their time; what lies before the first and after the last is none."""
    for before, (i, shift) in _neighbours(rota):
        if before.ends < shift.begins:
            yield Hole(i, shift.role, before.ends, shift.begins)


def overlaps(rota: Sequence[Shift]) -> Iterator[Hole]:
    """The same of what two shifts of a role both cover."""
    for before, (i, shift) in _neighbours(rota):
        if shift.begins < before.ends:
            yield Hole(i, shift.role, shift.begins, min(before.ends, shift.ends))


def _neighbours(rota: Sequence[Shift]) -> Iterator[tuple[Shift, tuple[int, Shift]]]:
    """Each shift with the one before it that ends last, role by role."""
    for role in dict.fromkeys(shift.role for shift in rota):
        own = sorted(
            ((i, shift) for i, shift in enumerate(rota) if shift.role == role),
            key=lambda pair: (pair[1].begins, pair[1].ends),
        )
        last = own[0][1]
        for (_, before), after in pairwise(own):
            last = max(last, before, key=lambda shift: shift.ends)
            yield last, after
