"""The stages of the alerts flow as pure functions: who is told, what becomes of each change and why, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.alerts import Notifying
from models.alerting.alert import AlertChange, Kind
from models.alerting.outbox import Arrived, Earlier, Grouped, Grouping, Known, Merged, Outgoing
from models.alerting.routing import key
from models.alerting.silence import Silence
from models.alerting.stage import Stage
from models.alerting.stages import group, route, word
from models.commune.configuration import Commune, Contact
from models.commune.routing import DayProfile, Hours, Inhibition, Routing, Same
from tests.memory_store import MemoryStore
from tests.messages import AT
from tests.stories.alerts import FARM, HEAD, ROOM, commune, contact, fish, flood, outage, rain, river, silent
from tests.timeline import Alert, clock

INTERVAL_S = 300.0
SOON = contact("soon", *Kind, tells_easing=True)
HIGH = contact("high", *Kind, least_level=3)
ALL = commune(HEAD, ROOM, FARM, SOON, HIGH)


# --- route: who is told of a change, and of which place it is news

ROUTES: dict[str, tuple[AlertChange, int, str, list[str]]] = {
    "a river is news of the low ground by it": (river().goes(1, 0), 1, "water:ven-song", ["head", "room", "soon"]),
    "rain is news of the same place": (rain().goes(2, 0), 2, "water:ven-song", ["head", "room", "soon"]),
    "level 3 reaches who hears of level 3 only": (river().goes(3, 0), 3, "water:ven-song", ["head", "room", "soon", "high"]),
    "so does the end of what was at level 3": (river().goes(0, 0), 3, "water:ven-song", ["head", "room", "soon", "high"]),
    "and the end of what was not, does not": (river().goes(0, 0), 2, "water:ven-song", ["head", "room", "soon"]),
    "fish are told to who keeps them": (fish("nh3", "nh3").goes(1, 0), 1, "fish:long-ca", ["room", "farm", "soon"]),
    "silence is news of the instruments": (silent("tram-1").goes(1, 0), 1, "health", ["room", "soon"]),
    "an outage of ours touches every hamlet": (outage().goes(1, 0), 1, "health", ["room", "soon"]),
    "an unknown station concerns nobody": (river().goes(1, 0, station="elsewhere"), 1, "water:elsewhere", []),
}  # fmt: skip


@pytest.mark.parametrize(("change", "peak", "place", "contacts"), ROUTES.values(), ids=ROUTES.keys())
def test_a_change_is_routed_to(change: AlertChange, peak: int, place: str, contacts: list[str]) -> None:
    (routed,) = route([Arrived(change, peak)], ALL)

    assert (routed.place, [each.id for each in routed.contacts]) == (place, contacts)


# --- group: what becomes of a change for a contact who knows this


class Had(NamedTuple):
    """What a contact had before: a notification about `told`, in `state`, given out `minute` minutes after the start."""

    told: AlertChange
    state: str = "sent"
    minute: float = -60
    attempts: int = 1
    stage: Stage | None = None


def _earlier(had: Had, person: Contact) -> Earlier:
    place = route([Arrived(had.told, had.told.level)], ALL)[0].place
    return Earlier(
        id=key(had.told.alert, had.told.seq, person.id),
        alert=had.told.alert,
        seq=had.told.seq,
        contact=person.id,
        place=place,
        state=had.state,
        attempts=had.attempts,
        next_at=clock(had.minute),
        claimed_at=None if had.state in ("pending", "muted") else clock(had.minute),
        shown=[] if had.stage else [had.told.alert],
        seqs=[] if had.stage else [had.told.seq],
        stage=had.stage,
        done=False,
    )


def _grouped(change: AlertChange, person: Contact, had: Sequence[Had]) -> Grouping:
    changes: dict[str, dict[int, AlertChange]] = {}
    for told in (*(each.told for each in had), change):
        changes.setdefault(told.alert, {})[told.seq] = told
    known = Known([_earlier(each, person) for each in had], changes)
    routed = route([Arrived(change, 3)], commune(person))
    return group(routed, known, AT, INTERVAL_S)


def _decided(change: AlertChange, person: Contact, had: Sequence[Had]) -> Grouped:
    (made,) = _grouped(change, person, had).news
    return made


def _went(alert: Alert, *levels: int, **last: Any) -> list[AlertChange]:
    """The alert's changes through these levels, ten minutes apart, the last one at the start."""
    first = -10.0 * (len(levels) - 1)
    return [
        alert.goes(level, first + 10 * i, **(last if i == len(levels) - 1 else {}))
        for i, level in enumerate(levels)
    ]


class Muted(NamedTuple):
    """Why this change is told to nobody; `had` is what its contact had before."""

    change: AlertChange
    person: Contact
    had: list[Had]
    stage: Stage
    by: str = ""


def _muted() -> dict[str, Muted]:
    up, down = _went(river(), 2, 1), _went(river(), 1, 0)
    swung = _went(river(), 2, 1, 2)
    quiet = silent("tram-1").goes(1, 0)
    low = flood().goes(1, 0)
    return {
        "over: it was over before it could be told": Muted(river().goes(2, -60, over=True), HEAD, [], Stage.OVER),
        "over: the end of what was never told": Muted(down[1], HEAD, [], Stage.OVER),
        "over: the end of what was over when it came": Muted(
            down[1], HEAD, [Had(down[0], "muted", stage=Stage.OVER)], Stage.OVER),
        "inhibited: the end of what was held back behind another": Muted(
            down[1], HEAD, [Had(down[0], "muted", stage=Stage.INHIBITED)], Stage.INHIBITED),
        "outage: the end of a silence that an outage held back": Muted(
            _went(silent("tram-1"), 1, 0)[1], ROOM,
            [Had(_went(silent("tram-1"), 1, 0)[0], "muted", stage=Stage.OUTAGE)], Stage.OUTAGE),
        "easing: it got better and goes on": Muted(up[1], HEAD, [Had(up[0])], Stage.EASING),
        "inhibited: the place was told at this level": Muted(
            low, HEAD, [Had(river().goes(1, -60))], Stage.INHIBITED, "river:1"),
        "inhibited: a milder one beside a worse one": Muted(
            rain().goes(1, 0), HEAD, [Had(river().goes(2, -60))], Stage.INHIBITED, "river:1"),
        "inhibited: an end while the danger goes on": Muted(
            _went(rain(), 1, 0)[1], HEAD,
            [Had(_went(rain(), 1, 0)[0]), Had(river().goes(2, -60))], Stage.INHIBITED, "river:1"),
        "outage: a station falls silent behind an outage of ours": Muted(
            quiet, ROOM, [Had(outage().goes(1, -60))], Stage.OUTAGE, "outage:bridge"),
        "outage: or behind a lost link that names it": Muted(
            quiet, ROOM, [Had(outage("link", "tram-1", "tram-2").goes(1, -60))], Stage.OUTAGE, "outage:link"),
        "easing: once more, after it swung within what was told": Muted(
            swung[1], HEAD, [Had(swung[0])], Stage.EASING),
    }  # fmt: skip


@pytest.mark.parametrize("row", _muted().values(), ids=_muted().keys())
def test_a_change_is_no_message(row: Muted) -> None:
    decision = _decided(row.change, row.person, row.had).decision

    assert (decision.stage, decision.by, decision.shown) == (row.stage, row.by, [])


class Message(NamedTuple):
    """What this message shows, worst first, what it mentions, after how many seconds it is due, and whether one is merged into it."""

    change: AlertChange
    person: Contact
    had: list[Had]
    shown: list[str]
    due_s: float = 0
    still: Sequence[str] = ()
    absorbs: bool = False


def _messages() -> dict[str, Message]:
    worse, better, ended = _went(river(), 1, 2), _went(river(), 2, 1), _went(river(), 2, 0)
    oxygen = fish("oxygen", "dissolved_oxygen", Kind.OXYGEN).goes(1, 0)
    ammonia = fish("nh3", "nh3").goes(1, -1)
    link, gone = _went(outage("link", "tram-1"), 1, 0), silent("tram-1").goes(1, -5)
    return {
        "the first of a place is told at once": Message(river().goes(1, 0), HEAD, [], ["river:1"]),
        "worse than told is told at once": Message(worse[1], HEAD, [Had(worse[0], minute=-1)], ["river:1"]),
        "level 3 never waits, though the place was told at 3": Message(
            fish("nh3", "nh3").goes(3, 0), FARM,
            [Had(fish("ph", "ph").goes(3, -60), minute=-1)], ["nh3:1"]),
        "other news of the place waits for the interval": Message(
            oxygen, FARM, [Had(ammonia, minute=-1)], ["oxygen:1"], 240),
        "and goes out at once when the interval is over": Message(
            oxygen, FARM, [Had(ammonia, minute=-6)], ["oxygen:1"]),
        "merged: what waits is told with it, at its time": Message(
            oxygen, FARM, [Had(fish("ph", "ph").goes(1, -60), minute=-3), Had(ammonia, "pending", 2, 0)],
            ["nh3:1", "oxygen:1"], 120, absorbs=True),
        "merged: and at once where it is worse": Message(
            fish("oxygen", "dissolved_oxygen", Kind.OXYGEN).goes(2, 0), FARM, [Had(ammonia, "pending", 2, 0)],
            ["oxygen:1", "nh3:1"], absorbs=True),
        "what a sender has taken is not merged": Message(
            oxygen, FARM, [Had(ammonia, "sending", -1, 0)], ["oxygen:1"], 240),
        "what is tried again may not have been heard: it is told again": Message(
            worse[1], HEAD, [Had(worse[0], "pending", -1, 1)], ["river:1"]),
        "easing is told to who wants it": Message(better[1], SOON, [Had(better[0])], ["river:1"]),
        "the end is told to who heard the beginning": Message(ended[1], HEAD, [Had(ended[0])], ["river:1"]),
        "an end brings with it what was held back and is serious": Message(
            ended[1], HEAD, [Had(ended[0]), Had(rain().goes(2, -5), "muted", stage=Stage.INHIBITED)],
            ["rain:1", "river:1"]),
        "and mentions what was held back and goes on": Message(
            ended[1], HEAD, [Had(ended[0]), Had(rain().goes(1, -5), "muted", stage=Stage.INHIBITED)],
            ["river:1"], still=["rain:1"]),
        "the end of an outage brings the silences behind it": Message(
            link[1], ROOM, [Had(link[0]), Had(gone, "muted", stage=Stage.OUTAGE)],
            ["outage:link", "silent:tram-1"], 60),
        "a first silence waits a fifth of the interval": Message(gone, ROOM, [], ["silent:tram-1"], 60),
        "an outage behind nothing known is told at once": Message(outage().goes(1, 0), ROOM, [], ["outage:bridge"]),
    }  # fmt: skip


@pytest.mark.parametrize("row", _messages().values(), ids=_messages().keys())
def test_a_change_is_a_message(row: Message) -> None:
    made = _decided(row.change, row.person, row.had)
    decision = made.decision

    assert decision.stage is None
    assert [told.alert for told in decision.shown] == row.shown
    assert [told.alert for told in decision.still] == list(row.still)
    assert (decision.at - AT).total_seconds() == row.due_s
    assert bool(decision.absorbs) is row.absorbs


def test_what_ended_before_it_was_told_takes_the_message_that_waited_with_it() -> None:
    begun, ended = _went(fish("nh3", "nh3"), 1, 0)
    made = _decided(ended, FARM, [Had(begun, "pending", 2, 0)])

    assert (made.decision.stage, made.decision.shown) == (Stage.OVER, [])
    assert made.decision.absorbs == key(begun.alert, begun.seq, "farm")


DONE: dict[str, tuple[list[Had], AlertChange, int]] = {
    "nothing is done while it goes on": ([Had(_went(river(), 1, 2)[0])], _went(river(), 1, 2)[1], 0),
    "an end that is not out yet keeps its beginning": ([Had(_went(river(), 1, 0)[0])], _went(river(), 1, 0)[1], 0),
    "what was held back and is over is done": (
        [Had(_went(river(), 1, 0)[0], "muted", stage=Stage.OVER)], _went(river(), 1, 0)[1], 1),
    "an end that was given out is done when news comes": (
        [Had(_went(rain(), 1, 0)[1], minute=-60)], river().goes(1, 0), 1),
    "but for the interval it makes the next message wait": (
        [Had(_went(rain(), 1, 0)[1], minute=-1)], river().goes(1, 0), 0),
    "a message under way is never done": ([Had(_went(rain(), 1, 0)[1], "sending", -60)], river().goes(1, 0), 0),
}  # fmt: skip


@pytest.mark.parametrize(("had", "change", "done"), DONE.values(), ids=DONE.keys())
def test_from_which_notifications_nothing_follows(had: list[Had], change: AlertChange, done: int) -> None:
    assert len(_grouped(change, HEAD, had).done) == done


# --- a batch


def test_the_second_change_of_a_batch_knows_what_the_first_has_made() -> None:
    routed = route([Arrived(river().goes(1, 0), 1), Arrived(rain().goes(1, 0), 1)], commune(HEAD))
    first, second = group(routed, Known(), AT, INTERVAL_S).news

    assert [told.alert for told in first.decision.shown] == ["river:1"]
    assert (second.decision.absorbs, [told.alert for told in second.decision.shown]) == (
        first.id,
        ["rain:1", "river:1"],
    )


def test_a_change_is_judged_by_what_was_known_when_it_came() -> None:
    """The store has the whole batch already: the raise must not be taken for what the clear behind it says."""
    begun, ended = _went(river(), 1, 0)
    known = Known(changes={"river:1": {1: begun, 2: ended}})
    routed = route([Arrived(begun, 1), Arrived(ended, 1)], commune(HEAD))
    first, second = group(routed, known, AT, INTERVAL_S).news

    assert (first.decision.stage, [told.level for told in first.decision.shown]) == (None, [1])
    assert (second.decision.stage, second.decision.absorbs) == (Stage.OVER, first.id)


STEPS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.booleans()), min_size=1, max_size=14)
RULED = Routing(
    inhibitions=[
        Inhibition([Kind.FLOOD], [Kind.FISH], same=Same.COMMUNE),
        Inhibition([Kind.OUTAGE], [Kind.SILENT], same=Same.COMMUNE),
    ],
    profiles=[DayProfile("phiên chợ", [Kind.RAIN], dates=[AT.date()])],
    hours=[Hours(["vai"], [Kind.FISH], "05:00", "06:00")],
)
HELD = commune(HEAD, ROOM, FARM, SOON, HIGH, routing=RULED)


@pytest.mark.parametrize(
    "own", [ALL, HELD], ids=["nothing is held back", "with rules, a quiet day, hours, a silence"]
)
@given(STEPS, st.lists(st.integers(1, 5), min_size=14, max_size=14))
def test_however_changes_are_cut_into_batches_the_outbox_is_the_same(
    own: Commune, steps: list[tuple[int, int, bool]], sizes: list[int]
) -> None:
    pool = [river(), rain(), flood(), outage(), silent("tram-1"), fish("nh3", "nh3")]
    changes = [pool[which].goes(level, i, over=over) for i, (which, level, over) in enumerate(steps)]
    stages, by_one, cut = Notifying(own, INTERVAL_S, {"sms": "{}"}), MemoryStore(), MemoryStore()
    for store in (by_one, cut):
        if own.routing:
            store.silences.append(Silence(1, clock(-1), clock(60), "thử", "an", contacts=["soon"]))
    for change in changes:
        by_one.write(stages, [change], AT)
    for size in sizes:
        cut.write(stages, changes[:size], AT)
        changes = changes[size:]

    assert by_one.rows == cut.rows
    assert by_one.texts == cut.texts
    assert (by_one.events, by_one.of_alerts, by_one.codes) == (cut.events, cut.of_alerts, cut.codes)


# --- word


def _worded(change: AlertChange, person: Contact, *had: Had) -> Outgoing:
    return word(_grouped(change, person, had), commune(person))


def test_a_message_tells_all_that_it_shows_and_what_waited_goes_into_it() -> None:
    ammonia = fish("nh3", "nh3").goes(1, -1)
    outgoing = _worded(
        fish("oxygen", "dissolved_oxygen", Kind.OXYGEN).goes(2, 0), FARM, Had(ammonia, "pending", 2, 0)
    )
    (row,) = outgoing.rows

    assert (row.state, row.shown, row.seqs, row.stage, row.reason) == (
        "pending",
        ["oxygen:1", "nh3:1"],
        [1, 1],
        None,
        None,
    )
    assert "Cung luc" in row.notification.sms_text
    assert outgoing.merged == [
        Merged(key("nh3:1", 1, "farm"), row.notification.id, "gộp vào tin khác (merged)")
    ]  # fmt: skip


REASONS: dict[str, tuple[AlertChange, Had, str]] = {
    "inhibited": (flood().goes(1, 0), Had(river().goes(1, -60)), "nơi này đã báo ở mức ấy (inhibited by river:1)"),
    "easing": (
        _went(river(), 2, 1)[1], Had(_went(river(), 2, 1)[0]), "nhẹ bớt, chỉ hiện trên màn hình (easing)"),
    "over": (river().goes(1, -60, over=True), Had(rain().goes(1, -60)), "đã qua trước khi báo (over)"),
    "outage": (
        silent("tram-1").goes(1, 0), Had(outage().goes(1, -60)), "nằm trong một sự cố chung (outage outage:bridge)"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "had", "reason"), REASONS.values(), ids=REASONS.keys())
def test_what_is_no_message_says_why_and_what_it_would_have_told(
    change: AlertChange, had: Had, reason: str
) -> None:
    (row,) = _worded(change, ROOM, had).rows

    assert (row.state, row.shown, row.seqs, row.reason) == ("muted", [], [], reason)
    assert row.notification.sms_text
    assert row.next_at == AT


def test_who_is_concerned_by_nothing_gets_no_row() -> None:
    routed = route([Arrived(river().goes(1, 0, station="elsewhere"), 1)], ALL)

    assert word(group(routed, Known(), AT, INTERVAL_S), ALL) == Outgoing()


def test_of_ten_contacts_who_know_the_same_each_gets_the_same_words() -> None:
    people = [contact(f"c{i}", Kind.RIVER) for i in range(10)]
    rows = word(
        group(route([Arrived(river().goes(1, 0), 1)], commune(*people)), Known(), AT, INTERVAL_S),
        commune(*people),
    ).rows

    assert [row.notification.contact for row in rows] == [each.id for each in people]
    assert len({row.notification.sms_text for row in rows}) == 1
    assert {row.next_at for row in rows} == {AT}
    assert {row.notification.kind for row in rows} == {Kind.RIVER}
    assert rows[0].notification.template_id == "river_rise"
