"""Gathering changes into events: one a place, from its first rise to the end of its last alert."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import pytest

from models.alerting.alert import AlertChange, Kind
from models.alerting.around import Around, Standing
from models.alerting.event import Event, event_id
from models.alerting.gather import gather
from tests.messages import AT
from tests.stories.alerts import commune, flood, outage, rain, river, silent
from tests.timeline import clock, minutes

PLACE = "water:ven-song"
COMMUNE = commune()


def event(
    risen: float = -30, level: int = 1, peak: int = 1, closed: float | None = None, place: str = PLACE
) -> Event:
    """An event of the place that began an hour before the start."""
    ended = None if closed is None else clock(closed)
    return Event(event_id(place, clock(-60)), place, clock(-60), clock(risen), level, peak, ended)


OPEN = event()
ID = OPEN.id


def stood(alert: str, level: int, of: str | None = ID, kind: Kind = Kind.RIVER) -> Standing:
    return Standing(alert, kind, "phu-oc", level, of)


class Case(NamedTuple):
    """What stood before, what comes at the start, and the event then: minutes of its last rise and end, level, highest level."""

    around: Around
    changes: list[AlertChange]
    expected: tuple[float, float | None, int, int] | None


def _went(*levels: int, over: bool = False) -> list[AlertChange]:
    own = river()
    return [own.goes(level, i, over=over) for i, level in enumerate(levels)]


def cases() -> dict[str, Case]:
    one = Around([OPEN], [stood("river:1", 1)])
    high = Around([event(level=2, peak=3)], [stood("river:1", 2)])
    two = Around([OPEN], [stood("river:1", 1), stood("rain:1", 1)])
    late = river().goes(1, -120, late_s=7200 + 120)
    return {
        "the first rise of a place opens its event": Case(Around(), _went(1), (0, None, 1, 1)),
        "a second alert of the place joins it, and below its level does not raise it": Case(
            one, [rain().goes(1, 0)], (-30, None, 1, 1)),
        "what is above its level raises it": Case(one, [rain().goes(2, 0)], (0, None, 2, 2)),
        "the end of one of two alerts leaves it open": Case(two, [rain().goes(0, 0)], (-30, None, 1, 1)),
        "the end of the last ends it": Case(one, _went(0), (-30, 0, 0, 1)),
        "a level that eases stays its peak": Case(
            Around([event(level=2, peak=2)], [stood("river:1", 2)]), _went(1), (-30, None, 1, 2)),
        "a level that is reached anew within the hour is a swing and no rise": Case(
            Around([event(level=1, peak=2)], [stood("river:1", 1)]), _went(2), (-30, None, 2, 2)),
        "after an hour it is a rise": Case(
            Around([event(risen=-60, level=1, peak=2)], [stood("river:1", 1)]), _went(2), (0, None, 2, 2)),
        "level 3 is a rise whenever it is reached": Case(high, _went(3), (0, None, 3, 3)),
        "what came as over opens none": Case(Around(), [flood().goes(2, -60, over=True, late_s=3600)], None),
        "and raises none": Case(one, [flood().goes(3, -60, over=True, late_s=3600)], (-30, None, 1, 1)),
        "nor does its end end one": Case(
            one, [flood().goes(2, -60, over=True), flood().goes(0, -50, over=True)], (-30, None, 1, 1)),
        "what is late rises when it could be told": Case(Around(), [late], (2, None, 1, 1)),
        "an end of what was never open is none": Case(Around(), [river().goes(0, 0)], None),
        "an alert that was over and goes on makes another event": Case(
            Around([event(closed=-5, level=0)], [stood("river:1", 0)]), _went(2), (0, None, 2, 2)),
    }  # fmt: skip


@pytest.mark.parametrize("case", cases().values(), ids=cases().keys())
def test_after_a_change_the_event_of_its_place_is(case: Case) -> None:
    known = gather(case.changes, case.around, COMMUNE, AT).known
    found = list(known.values())[-1] if known else None

    assert case.expected == (
        found
        and (
            minutes(found.risen_at),
            None if found.closed_at is None else minutes(found.closed_at),
            found.level,
            found.peak_level,
        )
    )


def test_the_identity_of_an_event_is_its_place_and_the_onset_of_its_first_alert() -> None:
    (opened,) = gather([river().goes(1, -3), rain().goes(1, 0)], Around(), COMMUNE, AT).events

    assert (opened.id, opened.opened_at) == (event_id(PLACE, clock(-3)), clock(-3))


def test_all_instruments_are_one_event() -> None:
    found = gather([silent("tram-1").goes(1, 0), outage().goes(1, 0)], Around(), COMMUNE, AT)

    assert [(each.place, each.level) for each in found.events] == [("health", 1)]
    assert set(found.alerts.values()) == {found.events[0].id}


def test_an_alert_whose_place_is_called_otherwise_now_ends_the_event_that_it_began() -> None:
    elsewhere = event(place="water:phu-oc")
    found = gather(
        [river().goes(0, 0)], Around([elsewhere], [stood("river:1", 1, elsewhere.id)]), COMMUNE, AT
    )

    assert [(each.id, each.level, each.closed_at) for each in found.events] == [(elsewhere.id, 0, AT)]


def test_an_event_of_a_place_that_begins_at_the_instant_of_one_that_is_over_goes_on() -> None:
    """They would have one identity."""
    own = river()
    changes = [own.goes(2, 0), own.goes(0, 0), rain().goes(1, 0)]
    found = gather(changes, Around(), COMMUNE, AT)

    assert [(each.level, each.peak_level, each.closed_at) for each in found.events] == [(1, 2, None)]


def test_nothing_is_written_where_nothing_changed() -> None:
    assert gather([rain().goes(1, 0)], Around([OPEN], [stood("river:1", 1)]), COMMUNE, AT).events == []


def test_no_time_of_an_event_lies_before_it() -> None:
    found = gather(_went(1, 0), Around(), COMMUNE, AT - timedelta(hours=1)).events[0]

    assert found.closed_at is not None
    assert found.opened_at <= found.risen_at <= found.closed_at
