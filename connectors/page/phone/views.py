"""What the phone page shows: every choice is made here, the template only writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from connectors.page import map, words  # noqa: A004 (the map of the commune)
from connectors.page.phone.loudspeakers import loud
from connectors.page.views import templates
from connectors.page.words import Words
from models.alerting.approval import who_may
from models.alerting.event import AnswerKind
from models.alerting.offering import episode, offer
from models.alerting.words import beside
from models.catalogue.kinds import KINDS, Kind
from models.catalogue.states import STATES, State
from models.places.kinds import state_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from connectors.page.phone.refusals import Told
    from connectors.page.phone.situation import OpenAlert, Situation
    from connectors.page.views import Commune
    from models.catalogue.states import StateRow
    from models.commune.configuration import Commune as Configured
    from models.commune.configuration import Contact
    from models.commune.routing import Office

ANSWERS = {
    AnswerKind.TAKEN: Words("Đã nhận, tôi đi", "I have it, I am going"),
    AnswerKind.FALSE: Words("Báo nhầm", "False alarm"),
    AnswerKind.HELP: Words("Cần giúp", "I need help"),
}
OVER = Words("ĐÃ QUA", "over")
UNWATCHED = Words("KHÔNG CÒN THEO DÕI", "no longer watched; not known whether it is over")
UNKNOWN = Words("KHÔNG RÕ", "not known: the event is open, and none of its alerts can be read")
MAP, MAP_TEXT = (340, 250), 15
CLOSED_LOOK = "closed"
"""Of the CSS: what is over is neither green nor a danger."""


class Facts(NamedTuple):
    """What the page knows besides the store: the commune, names of contacts by id, numbers to ring, the commune's folder, its files."""

    commune: Commune
    names: Mapping[str, str]
    ring: Sequence[Office]
    folder: Path
    configured: Configured

    def contact(self, contact: str) -> Contact:
        """The contact of this id, whose link was read."""
        return next(one for one in self.configured.contacts if one.id == contact)


def told(one: Told, facts: Facts, back: str = "") -> str:
    """A page of words; `back` is an address to try again."""
    return templates().get_template("phone_words.html.j2").render(told=one, facts=facts, back=back)


def guide(title: Words, text: Markup, facts: Facts, back: str) -> str:
    """A page of the playbook."""
    return (
        templates().get_template("phone_guide.html.j2").render(title=title, text=text, facts=facts, back=back)
    )


def page(
    situation: Situation,
    facts: Facts,
    here: str,
    *,
    wall: datetime,
    risen: bool,
    guided: bool,
    refresh_s: int,
) -> str:
    """The page of an event. `here` is its path, `wall` wall time; `risen`: an answer was not taken because it rose meanwhile.

    `guided`: the playbook has a page.
    """
    event, at, who = situation.event, situation.at, facts.contact(situation.contact)
    offered = offer(event, situation.answers)
    worst = situation.alerts[0] if situation.alerts else None
    big, look = _state(situation)
    return templates().get_template("phone.html.j2").render(
        facts=facts, here=here, at=at, situation=situation, event=event, refresh_s=refresh_s, moment=words.moment(at),
        word=big, look=look, css=CLOSED_LOOK if look is None else look.code.value, place=_place(situation),
        measured=None if worst is None else _measured(worst), details=[] if worst is None else _details(worst, at),
        span=_span(situation), puzzling=big is UNKNOWN, unknown=_unknown(situation), others=[_other(one, at) for one in situation.alerts[1:]],
        offer=offered, answers=ANSWERS, episode=episode(event.risen_at), since=lambda when: words.since(when, at),
        anew=bool(offered.kinds) and offered.given is None and (offered.before is not None or risen), guided=guided,
        photograph=situation.photograph, age=None if situation.photograph is None else words.age(at - situation.photograph.at),
        loud=loud(situation.announced, who, facts.configured, wall), approver=who in who_may(facts.configured),
        map=_map(situation, facts), people=[_person(one, at) for one in situation.people],
    )  # fmt: skip


def subject(situation: Situation) -> tuple[str, int] | None:
    """Kind and level that the playbook is asked for: of the worst open alert, else of the worst there was."""
    if situation.alerts:
        return situation.alerts[0].kind, situation.alerts[0].level
    return None if situation.named is None else situation.named[:2]


def _state(situation: Situation) -> tuple[Words, StateRow | None]:
    """The big word, and how it looks; None: over. What is not known is never a good state."""
    event = situation.event
    if event.closed_at is not None:
        return (UNWATCHED, STATES[State.SILENT]) if situation.unwatched else (OVER, None)
    if situation.alerts:
        look = min((one.look for one in situation.alerts), key=lambda one: one.rank)
    elif event.level > 0:
        look = STATES[state_of(event.level)]
    else:
        return UNKNOWN, STATES[State.UNTRUSTED]
    return Words(look.vi.upper(), look.en), look


def _place(situation: Situation) -> str:
    if situation.alerts:
        return situation.alerts[0].name
    return situation.event.place if situation.named is None else situation.named[2]


def _measured(alert: OpenAlert) -> tuple[str, str]:
    """What, and how much: Mực nước sông, 4,87 m; of what is not known, for how long it has been."""
    what = alert.parameter_vi or alert.kind_vi
    return what[:1].upper() + what[1:], alert.value_vi or "không có số đo"


def _details(alert: OpenAlert, at: datetime) -> list[Words]:
    """The level and since when; how old the value is."""
    level = (
        alert.level_vi
        if not alert.look.known or alert.level_vi.casefold().startswith(alert.kind_vi.casefold())
        else f"{alert.kind_vi} {alert.level_vi}"
    )
    found = [
        Words(
            f"{level[:1].upper()}{level[1:]}, từ {words.since(alert.since, at)}",
            f"level {alert.level}, since {words.since(alert.since, at)}",
        )
    ]
    if alert.datum_at is not None:
        span = words.age(at - alert.datum_at)
        future = alert.datum_at > at
        found.append(
            Words(
                f"Số đo: {span}" if future else f"Đo {span} trước, lúc {words.since(alert.datum_at, at)}",
                f"measured {words.since(alert.datum_at, at)}",
            )
        )
    return found


def _span(situation: Situation) -> Words | None:
    """Of what is over: from when to when, and how high it was."""
    event, at = situation.event, situation.at
    if event.closed_at is None:
        return None
    begun, ended = words.since(event.opened_at, at), words.since(event.closed_at, at)
    return Words(
        f"Từ {begun} đến {ended}, cao nhất mức {event.peak_level}",
        f"from {begun} to {ended}, level {event.peak_level} at most",
    )


def _unknown(situation: Situation) -> list[Words]:
    """Places of the event of which nothing is known now, in their own sentences: the big word is then of before."""
    if situation.event.closed_at is not None:
        return []
    own = {alert.place for alert in situation.alerts}
    return [
        Words(place.vi, place.en)
        for place in situation.places
        if not place.look.known and (place.place in own or place.camera in own)
    ][:2]


def _other(alert: OpenAlert, at: datetime) -> dict[str, Any]:
    return {
        "look": alert.look,
        "name": alert.name,
        "value": beside(*_measured(alert)),
        "detail": _details(alert, at)[0].vi,
    }


def _map(situation: Situation, facts: Facts) -> Markup | None:
    """The commune's own sketch with the event's places; None where none of them has a position."""
    here, _ = map.positions(situation.places)
    if not here or situation.event.closed_at is not None:
        return None
    sketch, hamlets = facts.commune.sketch, facts.commune.hamlets
    return Markup(map.svg(situation.places, sketch, hamlets, size=MAP, text=MAP_TEXT))  # noqa: S704 (escaped where it is made)


def _person(one: Any, at: datetime) -> dict[str, Any]:
    """Who was told, and the furthest that is known of them."""
    if one.answer is not None:
        answer = ANSWERS[AnswerKind(one.answer)]
        return {
            "name": one.name,
            "own": one.own,
            "answered": True,
            "vi": f"{answer.vi}, lúc {words.since(one.answered_at, at)}",
            "en": answer.en,
        }
    vi, en = (
        ("chưa gửi được", "could not be sent") if one.failed
        else ("đã mở, chưa trả lời", "opened, no answer yet") if one.read
        else ("máy đã nhận, chưa trả lời", "delivered, no answer yet") if one.arrived
        else ("đã gửi, chưa trả lời", "sent, no answer yet")
    )  # fmt: skip
    return {"name": one.name, "own": one.own, "answered": False, "vi": vi, "en": en}


def guide_title(kind: str) -> Words:
    """What a page of the playbook is of."""
    row = KINDS[Kind(kind)]
    return Words(f"Cần làm gì: {row.vi}", f"What to do: {row.en}")
