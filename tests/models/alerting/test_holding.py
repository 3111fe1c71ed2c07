"""What holds back news that a contact would be told, stage by stage; level 3 is held back by nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec
import pytest

from connectors.commune import load
from connectors.settings import ROOT
from flows.alerts import HOLDS
from models.alerting.alert import AlertChange, Kind
from models.alerting.around import Standing
from models.alerting.holding import Scene, held_back, holds_on, within
from models.alerting.silence import LONGEST, Silence, hides, until
from models.alerting.stage import Hold, Stage
from models.alerting.words import VIETNAM
from models.commune.configuration import Contact
from models.commune.routing import DayProfile, Hours, Inhibition, Routing, Same
from tests.messages import AT
from tests.stories.alerts import HEAD, ROOM, commune, contact, fish, rain, river, silent
from tests.timeline import clock

FISH_HOURS = Hours(["vai"], [Kind.FISH], "05:00", "14:00")
"""The start is 14:05 in Vietnam."""
IN_THE_MORNING = AT + timedelta(hours=14, minutes=55)
CROWDS = DayProfile("phiên chợ", [Kind.RAIN], dates=[date(2026, 10, 12)])


def stands(kind: Kind, level: int, station: str = "phu-oc", parameters: list[str] | None = None) -> Standing:
    return Standing("other:1", kind, station, level, None, parameters or [])


def quiet(**chosen: object) -> Silence:
    return Silence(7, clock(-10), clock(10), "thay pin", "an", **chosen)  # type: ignore[arg-type]


class Case(NamedTuple):
    """A change for a contact under a routing, beside an open alert or a silence: what holds it back."""

    change: AlertChange
    routing: Routing
    expected: Hold | None
    person: Contact = ROOM
    beside: Standing | None = None
    silence: Silence | None = None


def inhibits(by: Kind, mutes: Kind, same: Same, least_level: int = 1) -> Routing:
    return Routing(inhibitions=[Inhibition([by], [mutes], least_level, same)])


def cases() -> dict[str, Case]:
    held = Hold(Stage.RULE, "other:1")
    flood_rain = inhibits(Kind.FLOOD, Kind.RAIN, Same.PLACE, 2)
    lost = inhibits(Kind.OUTAGE, Kind.SILENT, Same.COMMUNE)
    low = stands(Kind.FLOOD, 2, "ven-song")
    none = Routing()
    silenced = Hold(Stage.SILENCED, "#7: thay pin", silence=7)
    return {
        "inhibit: a flood of the place": Case(rain().goes(1, 0), flood_rain, held, beside=low),
        "inhibit: one that is milder than the news holds nothing": Case(
            rain().goes(2, 0), inhibits(Kind.FLOOD, Kind.RAIN, Same.PLACE), None, beside=stands(Kind.FLOOD, 1, "ven-song")),
        "inhibit: nor one below the level of the rule": Case(
            rain().goes(1, 0), flood_rain, None, beside=stands(Kind.FLOOD, 1, "ven-song")),
        "inhibit: nor one of another place": Case(
            rain().goes(1, 0, station="tram-1"), flood_rain, None, beside=low),
        "inhibit: of the station": Case(
            fish("nh3", "nh3").goes(1, 0), inhibits(Kind.SILENT, Kind.FISH, Same.STATION), held,
            beside=stands(Kind.SILENT, 1, "long-ca")),
        "inhibit: of another station it is not": Case(
            fish("nh3", "nh3").goes(1, 0), inhibits(Kind.SILENT, Kind.FISH, Same.STATION), None,
            beside=stands(Kind.SILENT, 1, "tram-1")),
        "inhibit: of the hamlet": Case(
            fish("nh3", "nh3").goes(1, 0), inhibits(Kind.FLOOD, Kind.FISH, Same.HAMLET), held, beside=low),
        "inhibit: of the commune": Case(
            silent("tram-1").goes(1, 0), lost, held, beside=stands(Kind.OUTAGE, 1, "platform")),
        "inhibit: an outage that names the station": Case(
            silent("tram-1").goes(1, 0), lost, held, beside=stands(Kind.OUTAGE, 1, "platform", ["tram-1"])),
        "inhibit: an outage that names others holds nothing": Case(
            silent("tram-1").goes(1, 0), lost, None, beside=stands(Kind.OUTAGE, 1, "platform", ["tram-2"])),
        "inhibit: who is not told of the one is told of the other": Case(
            rain().goes(1, 0), flood_rain, None, contact("dry", Kind.RAIN), low),
        "inhibit: what a silence hides holds nothing that it does not hide": Case(
            rain().goes(1, 0), flood_rain, None, beside=low, silence=quiet(kinds=["flood"])),
        "inhibit: what a quiet day hides holds nothing that it does not hide": Case(
            rain().goes(1, 0), msgspec.structs.replace(
                inhibits(Kind.FLOOD, Kind.RAIN, Same.PLACE), profiles=[DayProfile("x", [Kind.FLOOD], dates=CROWDS.dates)]),
            None, beside=stands(Kind.FLOOD, 1, "ven-song")),
        "inhibit: what a silence cannot hide holds all the same": Case(
            rain().goes(2, 0), flood_rain, held, beside=stands(Kind.FLOOD, 3, "ven-song"), silence=quiet(kinds=["flood"])),
        "inhibit: an end is told": Case(rain().goes(0, 0), flood_rain, None, beside=low),
        "silence: all": Case(river().goes(1, 0), none, silenced, silence=quiet()),
        "silence: the kind": Case(river().goes(1, 0), none, silenced, silence=quiet(kinds=["river"])),
        "silence: not another kind": Case(rain().goes(1, 0), none, None, silence=quiet(kinds=["river"])),
        "silence: not another station": Case(river().goes(1, 0), none, None, silence=quiet(stations=["tram-1"])),
        "silence: not another contact": Case(river().goes(1, 0), none, None, silence=quiet(contacts=["head"])),
        "silence: an end is told": Case(river().goes(0, 0), none, None, silence=quiet()),
        "maintenance": Case(
            river().goes(1, 0), none, Hold(Stage.MAINTENANCE, "#7: thay pin", silence=7), silence=quiet(maintenance=True)),
        "a quiet day": Case(rain().goes(1, 0), Routing(profiles=[CROWDS]), Hold(Stage.HOURS, "phiên chợ")),
        "a quiet day rings from its level": Case(rain().goes(2, 0), Routing(profiles=[CROWDS]), None),
        "a quiet day tells an end": Case(rain().goes(0, 0), Routing(profiles=[CROWDS]), None),
        "out of hours it waits for them": Case(
            fish("nh3", "nh3").goes(2, 0), Routing(hours=[FISH_HOURS]), Hold(Stage.HOURS, "05:00 13/10", IN_THE_MORNING)),
        "out of hours an end waits too": Case(
            fish("nh3", "nh3").goes(0, 0), Routing(hours=[FISH_HOURS]), Hold(Stage.HOURS, "05:00 13/10", IN_THE_MORNING)),
        "hours are of a role": Case(
            fish("nh3", "nh3").goes(1, 0), Routing(hours=[Hours(["trưởng thôn"], [Kind.FISH], "05:00", "14:00")]), None),
        "hours are of kinds": Case(river().goes(1, 0), Routing(hours=[FISH_HOURS]), None),
        "hours have a level from which it rings": Case(
            fish("nh3", "nh3").goes(2, 0), Routing(hours=[Hours(["vai"], [Kind.FISH], "05:00", "14:00", 2)]), None),
    }  # fmt: skip


def held(case: Case, change: AlertChange) -> Hold | None:
    own = commune(case.person, routing=case.routing)
    scene = Scene(own, AT, AT, (case.beside,) if case.beside else (), (case.silence,) if case.silence else ())
    return held_back(change, case.person, scene, HOLDS)


@pytest.mark.parametrize("case", cases().values(), ids=cases().keys())
def test_news_is_held_back_by(case: Case) -> None:
    assert held(case, case.change) == case.expected


@pytest.mark.parametrize("case", cases().values(), ids=cases().keys())
def test_level_three_always_rings(case: Case) -> None:
    beside = case.beside and msgspec.structs.replace(case.beside, level=5)
    worst = msgspec.structs.replace(case.change, level=3)

    assert held(case._replace(beside=beside), worst) is None


def test_the_first_stage_that_holds_back_gives_the_reason() -> None:
    case = Case(fish("nh3", "nh3").goes(1, 0), Routing(hours=[FISH_HOURS]), None, silence=quiet())
    found = held(case, case.change)

    assert found is not None
    assert found.stage is Stage.SILENCED


HAMLETS: dict[str, tuple[list[str], list[str], bool]] = {
    "concerned through this hamlet alone": (["a"], ["a"], True),
    "concerned through another one too": (["a"], ["a", "b"], False),
    "concerned through both, both silenced": (["a", "b"], ["a", "b"], True),
    "through a hamlet that is not silenced": (["a"], ["b"], False),
}


@pytest.mark.parametrize(("silenced", "own", "expected"), HAMLETS.values(), ids=HAMLETS.keys())
def test_a_silence_of_a_hamlet_hides_from_who_is(silenced: list[str], own: list[str], expected: bool) -> None:
    person = Contact("x", "x", "vai", own, [Kind.RIVER], HEAD.channels)

    assert hides(quiet(hamlets=silenced), river().goes(1, 0), person, {"a", "b"}) is expected


IN_FORCE: dict[str, tuple[float, float | None, bool]] = {
    "before it begins": (-11, None, False),
    "when it begins": (-10, None, True),
    "when it ends": (10, None, False),
    "before somebody ended it": (0, 5, True),
    "after somebody ended it": (6, 5, False),
}


@pytest.mark.parametrize(("at", "ended", "expected"), IN_FORCE.values(), ids=IN_FORCE.keys())
def test_a_silence_is_in_force(at: float, ended: float | None, expected: bool) -> None:
    own = quiet(ended_at=None if ended is None else clock(ended))

    assert own.in_force(clock(at)) is expected


UNTIL: dict[str, tuple[str, str | None]] = {
    "minutes": ("30m", "2026-10-12T14:35:00+07:00"),
    "hours from now": ("+2h", "2026-10-12T16:05:00+07:00"),
    "an hour of the day": ("18h", "2026-10-12T18:00:00+07:00"),
    "an hour of tomorrow": ("2h", "2026-10-13T02:00:00+07:00"),
    "an hour and minutes": ("18g30", "2026-10-12T18:30:00+07:00"),
    "an hour of the day that is none": ("30h", None),
    "days": ("3d", "2026-10-15T14:05:00+07:00"),
    "a time of today": ("18:00", "2026-10-12T18:00:00+07:00"),
    "a time that is past is tomorrow's": ("05:30", "2026-10-13T05:30:00+07:00"),
    "a date in Vietnam": ("2026-10-20T06:00", "2026-10-20T06:00:00+07:00"),
    "a date with an offset": ("2026-10-20T06:00:00+00:00", "2026-10-20T13:00:00+07:00"),
    "a time of another zone without its date": ("18:00Z", None),
    "a word": ("mai", None),
    "an hour that is none": ("25:00", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("text", "expected"), UNTIL.values(), ids=UNTIL.keys())
def test_the_end_of_a_silence_is_written_as(text: str, expected: str | None) -> None:
    found = until(text, AT)

    assert (found and found.astimezone(VIETNAM).isoformat()) == expected
    assert found is None or found - AT <= LONGEST


DAYS: dict[str, tuple[DayProfile, str, bool]] = {
    "a date": (DayProfile("x", dates=[date(2026, 10, 12)]), "2026-10-12", True),
    "another date": (DayProfile("x", dates=[date(2026, 10, 12)]), "2026-10-13", False),
    "a Monday": (DayProfile("x", days=[1]), "2026-10-12", True),
    "no Sunday": (DayProfile("x", days=[7]), "2026-10-12", False),
    "a season's first day": (DayProfile("x", from_day="09-01", to_day="12-31"), "2026-09-01", True),
    "a season's last day": (DayProfile("x", from_day="09-01", to_day="12-31"), "2026-12-31", True),
    "before the season": (DayProfile("x", from_day="09-01", to_day="12-31"), "2026-08-31", False),
    "over the new year": (DayProfile("x", from_day="12-20", to_day="02-10"), "2026-01-05", True),
    "not over the new year": (DayProfile("x", from_day="12-20", to_day="02-10"), "2026-02-11", False),
}


@pytest.mark.parametrize(("profile", "day", "expected"), DAYS.values(), ids=DAYS.keys())
def test_a_profile_holds_on(profile: DayProfile, day: str, expected: bool) -> None:
    assert holds_on(profile, datetime.fromisoformat(f"{day}T12:00:00+07:00")) is expected


WITHIN: dict[str, tuple[str, str, str, bool]] = {
    "the first minute": ("05:00", "21:00", "05:00", True),
    "not the last": ("05:00", "21:00", "21:00", False),
    "over midnight, before": ("21:00", "05:00", "23:59", True),
    "over midnight, after": ("21:00", "05:00", "04:59", True),
    "not at noon": ("21:00", "05:00", "12:00", False),
}


@pytest.mark.parametrize(("begins", "ends", "now", "expected"), WITHIN.values(), ids=WITHIN.keys())
def test_hours_have(begins: str, ends: str, now: str, expected: bool) -> None:
    hours = Hours(["vai"], [Kind.AIR], begins, ends)

    assert within(hours, datetime.fromisoformat(f"2026-10-12T{now}").time()) is expected


def test_in_the_example_an_outage_holds_back_the_silence_behind_it() -> None:
    own = load(ROOT / "infra" / "commune")
    room = next(one for one in own.contacts if one.id == "control-room")
    change = silent("phu-oc").goes(1, 0)
    behind = Standing("outage:link", Kind.OUTAGE, "platform", 1, None, ["phu-oc"])

    assert held_back(change, room, Scene(own, AT, AT, (behind,)), HOLDS) == Hold(Stage.RULE, "outage:link")
