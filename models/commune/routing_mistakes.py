"""What is wrong in `routing.yaml` although every field has its right type."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from models.catalogue.kinds import Kind
from models.commune.duty import holes, overlaps
from models.envelope.mistake import filled, more_than, once, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.commune.configuration import Contact
    from models.commune.routing import Budget, DayProfile, Hours, Ladder, Routing, Shift
    from models.envelope.mistake import Mistake, Path

CALLED_FROM = 2
"""From this level on somebody is called when nobody answers."""
HIGHEST = 5
MOST_VND = 10**12
"""A slip of the pen beyond it, and more than the store can hold not far away."""
_LEAP = 2000
"""A year that has every day."""


def routing_mistakes(routing: Routing | None, contacts: Sequence[Contact]) -> Iterator[Mistake]:
    """Roles, contacts, numbers to ring that are none, ladders that go back in time or are missing, days and hours that are none, holes in a rota."""
    if routing is None:
        return
    roles = sorted({contact.role for contact in contacts})
    for i, ladder in enumerate(routing.ladders):
        yield from _rungs(("routing", "ladders", i), ladder, roles)
    yield from _uncovered(routing.ladders)
    yield from _never_asked(routing.ladders)
    for i, profile in enumerate(routing.profiles):
        yield from _days(("routing", "profiles", i), profile)
    for i, hours in enumerate(routing.hours):
        path = ("routing", "hours", i)
        yield from _roles((*path, "roles"), hours.roles, roles)
        if not hours.kinds:
            yield wrong((*path, "kinds"), "[]", "ít nhất một loại", "at least one kind")
        if hours.begins == hours.ends:
            yield wrong(
                (*path, "ends"), hours.ends, f"khác begins ({hours.begins})", f"not begins ({hours.begins})"
            )
    yield from _told_once(routing.hours)
    yield from _rota(routing.rota, contacts, roles)
    if routing.budget is not None:
        yield from _budget(("routing", "budget"), routing.budget, roles)
    for i, office in enumerate(routing.ring):
        yield from filled(("routing", "ring", i, "name"), office.name)
        if not any(one.isdigit() for one in office.number):
            yield wrong(
                ("routing", "ring", i, "number"), office.number, "một số điện thoại", "a number to ring"
            )


def _roles(path: Path, named: Sequence[str], roles: Sequence[str]) -> Iterator[Mistake]:
    yield from once(path, "", named)
    for i, role in enumerate(named):
        yield from _role((*path, i), role, roles)


def _budget(path: Path, budget: Budget, roles: Sequence[str]) -> Iterator[Mistake]:
    yield from _roles((*path, "roles"), budget.roles, roles)
    if budget.month_vnd > MOST_VND:
        yield wrong((*path, "month_vnd"), budget.month_vnd, "tối đa một nghìn tỉ đồng", "at most 10^12 VND")


def _role(path: Path, role: str, roles: Sequence[str]) -> Iterator[Mistake]:
    if role not in roles:
        offered = ", ".join(roles) or "–"
        vi, en = f"một vai trò trong contacts.yaml: {offered}", f"a role of contacts.yaml: {offered}"
        yield wrong(path, role, vi, en, ("contacts", ""))


def _rungs(path: Path, ladder: Ladder, roles: Sequence[str]) -> Iterator[Mistake]:
    for i, rung in enumerate(ladder.rungs):
        yield from _roles((*path, "rungs", i, "roles"), rung.roles, roles)
    for i, (before, rung) in enumerate(pairwise(ladder.rungs), 1):
        if rung.after_min <= before.after_min:
            yield more_than((*path, "rungs", i, "after_min"), rung.after_min, f"{before.after_min}")


def _uncovered(ladders: Sequence[Ladder]) -> Iterator[Mistake]:
    """Levels at which nobody would be called for some kinds."""
    for level in range(CALLED_FROM, HIGHEST + 1):
        fitting = [ladder for ladder in ladders if level in ladder.levels]
        if any(not ladder.kinds for ladder in fitting):
            continue
        covered = {kind for ladder in fitting for kind in ladder.kinds}
        missing = ", ".join(kind for kind in Kind if kind not in covered)
        if missing:
            vi, en = f"một thang cho mức {level}: {missing}", f"a ladder for level {level}: {missing}"
            yield wrong(("routing", "ladders"), "…", vi, en, ("routing", ""))


def _never_asked(ladders: Sequence[Ladder]) -> Iterator[Mistake]:
    """Ladders that fit only what the ones before them fit: the first that fits is the one."""
    for i, ladder in enumerate(ladders):
        own = {(level, kind) for level in ladder.levels for kind in ladder.kinds or Kind}
        before = {(level, kind) for one in ladders[:i] for level in one.levels for kind in one.kinds or Kind}
        if own <= before:
            vi, en = "đứng trước thang chung hơn nó", "before the ladders that fit more than it does"
            yield wrong(("routing", "ladders", i, "levels"), ladder.levels, vi, en)


def _told_once(hours: Sequence[Hours]) -> Iterator[Mistake]:
    """A role that has two rows of hours for one kind: the first is the one, the second says nothing."""
    seen: set[tuple[str, str]] = set()
    for i, each in enumerate(hours):
        own = {(role, kind.value) for role in each.roles for kind in each.kinds}
        for role, kind in sorted(own & seen):
            vi, en = f"một dòng hours cho {role}, {kind}", f"one row of hours for {role}, {kind}"
            yield wrong(("routing", "hours", i, "begins"), each.begins, vi, en)
        seen |= own


def _days(path: Path, profile: DayProfile) -> Iterator[Mistake]:
    yield from filled((*path, "name"), profile.name)
    for key in ("from_day", "to_day"):
        day = getattr(profile, key)
        if day is not None and not _is_day(day):
            yield wrong((*path, key), day, "một ngày có thật, MM-DD", "a day that there is, as MM-DD")
    if (profile.from_day is None) != (profile.to_day is None):
        key = "to_day" if profile.to_day is None else "from_day"
        yield wrong((*path, key), "?", "cả from_day và to_day", "both from_day and to_day")
    if not (profile.dates or profile.days or profile.from_day or profile.to_day):
        yield wrong(
            (*path, "name"), profile.name, "có dates, days hoặc from_day", "with dates, days or from_day"
        )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(f"{_LEAP}-{text}")
    except ValueError:
        return False
    return True


def _rota(rota: Sequence[Shift], contacts: Sequence[Contact], roles: Sequence[str]) -> Iterator[Mistake]:
    named = {contact.id: contact.role for contact in contacts}
    for i, shift in enumerate(rota):
        path = ("routing", "rota", i)
        yield from _role((*path, "role"), shift.role, roles)
        yield from once((*path, "contacts"), "", shift.contacts)
        for k, contact in enumerate(shift.contacts):
            if named.get(contact) != shift.role:
                of = ", ".join(code for code, role in named.items() if role == shift.role) or "–"
                vi, en = (
                    f"một người có vai trò {shift.role}: {of}",
                    f"a contact of the role {shift.role}: {of}",
                )
                yield wrong((*path, "contacts", k), contact, vi, en, ("contacts", contact))
        if shift.ends <= shift.begins:
            yield more_than((*path, "ends"), shift.ends.isoformat(), f"begins ({shift.begins.isoformat()})")
    whole = [shift for shift in rota if shift.begins < shift.ends]
    index = [i for i, shift in enumerate(rota) if shift.begins < shift.ends]
    for span in holes(whole):
        vi = f"không có lỗ: {span.role} không ai trực từ {span.begins:%d/%m %H:%M}"
        en = f"no hole: nobody has the duty of {span.role} from {span.begins:%d/%m %H:%M}"
        refers = ("routing", "")
        yield wrong(("routing", "rota", index[span.i], "begins"), f"{span.ends:%d/%m %H:%M}", vi, en, refers)
    for span in overlaps(whole):
        vi = f"không trùng ca: {span.role} đã có người tới {span.ends:%d/%m %H:%M}"
        en = f"no overlap: {span.role} has somebody until {span.ends:%d/%m %H:%M}"
        yield wrong(("routing", "rota", index[span.i], "begins"), f"{span.begins:%d/%m %H:%M}", vi, en)
