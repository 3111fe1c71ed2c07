"""What is said of a place: its state and one sentence, from what is known as of a moment. The same for everybody who shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.alert import Kind
from models.alerting.words import PARAMETERS, quantity
from models.catalogue.states import STATES, State
from models.commune.configuration import Average
from models.commune.place import levels_of, place_name
from models.envelope.bilingual import Bilingual
from models.places import cages, gauge, others
from models.places.kinds import KINDS_WORST_FIRST, state_of
from models.places.place import PlaceKind, PlaceState
from models.places.saying import Reached, Scale, Unknown, final, joined, last_said, not_known, scale, worst
from models.places.words import ago, clock

if TYPE_CHECKING:
    from datetime import datetime

    from models.commune.configuration import Commune
    from models.places.facts import Datum, Facts, Raised
    from models.places.listed import Listed

FRESH_S = 600
"""A station tells its parameters within minutes of each other."""
_FORECASTS = ("oxygen_dawn", "street_10min", "street_30min")
"""What is told without its figure where it is a note: the sentence has the newest one."""
_KINDS = {one.kind: one for one in KINDS_WORST_FIRST}


def say(place: Listed, facts: Facts, commune: Commune) -> PlaceState:
    """The state of the place and its sentence as of `facts.now`; of what is not known the sentence says so first."""
    newest = facts.sensor(place.main).newest
    usable = others.people(place, facts) if place.kind is PlaceKind.ZONE else facts.sensor(place.main).usable
    unknown = _blind(place, facts) or not_known(place, facts, silent_after_s(place, commune))
    if unknown is None and usable is None:
        unknown = Unknown(State.UNTRUSTED, None, Bilingual("chưa có số dùng được", "nothing usable yet"))
    danger = worst(facts.alerts)
    shown = danger
    if unknown is None and usable is not None:
        reached = _reached(place, facts, usable, commune)
        shown = reached if reached.level > danger.level else danger
    state, since = final(unknown, shown)
    name = _name(place, commune)
    if unknown is None and usable is not None:
        body = _spoken(name, _figures(place, facts, usable, commune), place)
        if state_of(danger.level) is not State.NORMAL:
            body = joined([body, _held(place, facts, usable, danger, commune)])
    else:
        assert unknown is not None  # noqa: S101 (else there is something usable)
        body = joined(
            [
                Bilingual(f"{name.vi} {unknown.words.vi}", f"{name.en} {unknown.words.en}"),
                _open(facts, danger, commune),
                last_said(facts, place.main),
            ]
        )
    whole = joined([body, *_notes(place, facts, commune), _when(place, newest, facts.now)], "; ")
    spoken = _spoken_of(place, facts, usable) if unknown is None else None
    return PlaceState(
        place.place, place.kind, facts.now, state, danger.level, since, None if newest is None else newest.at,
        others.AQI if spoken is not None and spoken.unit == "AQI" else place.main,
        None if spoken is None else spoken.value,
        spoken.unit if spoken is not None else "" if newest is None else newest.unit,
        whole.vi, whole.en,
    )  # fmt: skip


def aged(state: PlaceState, now: datetime) -> Bilingual:
    """The sentence with the age of its datum, as whoever shows it adds it: "…; đo 02:10, 4 phút trước"."""
    if state.datum_at is None:
        return Bilingual(state.vi, state.en)
    age = ago(state.datum_at, now)
    return Bilingual(f"{state.vi}, {age.vi}", f"{state.en}, {age.en}")


def silent_after_s(place: Listed, commune: Commune) -> int:
    """After how long without a reading the place is not known, by the configuration."""
    if place.kind is PlaceKind.ZONE:
        return next(camera.silent_after_s for camera in commune.cameras if camera.id == place.camera)
    station = next(station for station in commune.stations if station.id == place.station)
    return next(parameter.silent_after_s for parameter in station.parameters if parameter.code == place.main)


def _name(place: Listed, commune: Commune) -> Bilingual:
    return gauge.name(place, commune) if place.kind is PlaceKind.GAUGE else Bilingual(place.name, place.name)


def _spoken(name: Bilingual, figures: Bilingual, place: Listed) -> Bilingual:
    between = " " if place.kind is PlaceKind.GAUGE else ": "
    return joined([name, figures], between)


def _spoken_of(place: Listed, facts: Facts, usable: Datum | None) -> Datum | None:
    index = others.aqi_of(facts) if place.kind is PlaceKind.AIR else None
    return index or usable


def _figures(place: Listed, facts: Facts, usable: Datum, commune: Commune) -> Bilingual:
    if place.kind is PlaceKind.GAUGE:
        return (
            gauge.figures(place, facts, usable, commune)
            if place.main == "river_level"
            else others.measured(place.main, usable)
        )
    if place.kind is PlaceKind.CAGES:
        return cages.figures(place, facts, usable, commune)
    if place.kind is PlaceKind.AIR:
        return others.air(place, facts, usable)
    if place.kind is PlaceKind.STREET:
        return others.street(place, facts, usable, commune)
    return others.zone(place, usable, commune)


def _scale(place: Listed, commune: Commune) -> Scale:
    return (
        others.zone_scale(place, commune)
        if place.kind is PlaceKind.ZONE
        else scale(commune, place.station, place.main)
    )


def _reached(place: Listed, facts: Facts, usable: Datum, commune: Commune) -> Reached:
    """The level that the values themselves are at: no place is green in the minutes before its alert is told."""
    if place.kind is PlaceKind.AIR:
        return Reached(others.aqi_level(facts), usable.at)
    if place.kind is PlaceKind.ZONE:
        one = others.zone_scale(place, commune).reached(usable.value)
        return Reached(0 if one is None else one.level, usable.at)
    known = {place.main: usable} | {code: one for code, one in facts.derived.items() if _fresh(one, usable)}
    found = [(scale(commune, place.station, code).reached(one.value), one.at) for code, one in known.items()]
    return max(
        (Reached(one.level, at) for one, at in found if one is not None),
        default=Reached(0, None),
        key=lambda one: one.level,
    )


def _fresh(datum: Datum, usable: Datum) -> bool:
    """What was reckoned of the reading that is told, or within minutes of it; a forecast of an earlier one is none any more."""
    return abs((usable.at - datum.at).total_seconds()) <= FRESH_S


def _blind(place: Listed, facts: Facts) -> Unknown | None:
    """A camera that cannot see: it is told so, or its counts are unknown."""
    if place.kind is not PlaceKind.ZONE:
        return None
    word = STATES[State.BLIND]
    told = next(
        (alert for alert in facts.alerts if alert.kind == Kind.BLIND and alert.station == place.station), None
    )
    if told is not None:
        since = clock(told.since, facts.now)
        vi, en = (", ".join(one[i] for one in told.why) for i in (0, 1))
        return Unknown(State.BLIND, told.since, Bilingual(
            f"{word.vi} từ {since}" + (f" ({vi})" if vi else ""), f"{word.en} since {since}" + (f" ({en})" if en else "")
        ))  # fmt: skip
    newest = facts.sensor(place.main).newest
    seen = any(one.usable for one in facts.sensor(place.main).recent)
    if newest is not None and not newest.usable and not seen and not _told(facts, place):
        return Unknown(
            State.BLIND,
            newest.at,
            Bilingual(f"{word.vi}: ảnh không đếm được", f"{word.en}: the picture cannot be counted"),
        )
    return None


def _told(facts: Facts, place: Listed) -> bool:
    """Silence and a frozen picture have words of their own."""
    return any(
        alert.kind in (Kind.SILENT, Kind.FROZEN) and alert.station == place.station for alert in facts.alerts
    )


def _held(place: Listed, facts: Facts, usable: Datum, danger: Reached, commune: Commune) -> Bilingual | None:
    """The level that an alert of the same parameter still holds, where the value alone is at a milder one."""
    own = [alert for alert in facts.alerts if alert.parameter == place.main and alert.level == danger.level]
    reached = _scale(place, commune).reached(usable.value)
    if not own or (reached is not None and reached.level >= danger.level):
        return None
    name, since = _level_name(own[0], commune), clock(own[0].since, facts.now)
    if any(rule.id == own[0].rule and rule.average is not Average.NONE for rule in commune.rules):
        return Bilingual(f"trung bình giờ: {name} từ {since}", f"hourly mean: {name} since {since}")
    return Bilingual(f"còn giữ {name} từ {since}", f"{name} still held since {since}")


def _open(facts: Facts, danger: Reached, commune: Commune) -> Bilingual | None:
    """Where nothing is known: the worst alert that was told and not taken back."""
    own = next(
        (
            alert
            for alert in facts.alerts
            if alert.level == danger.level and _KINDS[Kind(alert.kind)].state is None
        ),
        None,
    )
    if danger.level == 0 or own is None:
        return None
    name, since = _level_name(own, commune), clock(own.since, facts.now)
    return Bilingual(f"{name} còn mở từ {since}", f"{name} open since {since}")


def _notes(place: Listed, facts: Facts, commune: Commune) -> list[Bilingual]:
    """What else stands open at the place: rain, pH, a flood that is told of its shore; other sensors that are not known."""
    notes = []
    for alert in facts.alerts:
        if alert.kind == Kind.FLOOD:
            where, level = place_name(alert.station, commune), _level_name(alert, commune)
            notes.append(Bilingual(f"ngập {where}: {level}", f"flood at {where}: level {alert.level}"))
        elif _KINDS[Kind(alert.kind)].state is None and alert.parameter != place.main:
            known = facts.derived.get(alert.parameter) or facts.sensor(alert.parameter).usable
            value, names = (
                alert.value if known is None else known.value,
                PARAMETERS.get(alert.parameter, (alert.parameter,) * 2),
            )
            level = _level_name(alert, commune)
            if alert.parameter in _FORECASTS:
                since = clock(alert.since, facts.now)
                notes.append(Bilingual(f"dự báo {level} từ {since}", f"forecast {level} since {since}"))
                continue
            notes.append(Bilingual(
                f"{names[0]} {quantity(value, alert.unit, 'vi')}: {level}", f"{names[1]} {quantity(value, alert.unit, 'en')}: {level}"
            ))  # fmt: skip
    return [*notes, *_others_unknown(place, facts)]


def _others_unknown(place: Listed, facts: Facts) -> list[Bilingual]:
    found: dict[str, list[str]] = {}
    for alert in facts.alerts:
        if alert.kind in (Kind.SILENT, Kind.UNTRUSTED, Kind.FROZEN) and alert.station == place.station:
            codes = [
                code
                for code in alert.parameters or (alert.parameter,)
                if code in PARAMETERS and code != place.main
            ]
            found.setdefault(alert.kind, []).extend(codes)
    words = {Kind.SILENT: State.SILENT, Kind.UNTRUSTED: State.UNTRUSTED, Kind.FROZEN: State.UNTRUSTED}
    return [
        Bilingual(
            f"{STATES[words[Kind(kind)]].vi.lower()}: {', '.join(PARAMETERS[code][0] for code in codes)}",
            f"{STATES[words[Kind(kind)]].en}: {', '.join(PARAMETERS[code][1] for code in codes)}",
        )
        for kind, codes in found.items()
        if codes
    ]


def _level_name(raised: Raised, commune: Commune) -> str:
    """As the configuration names it, else as its kind does, else by its number."""
    named = next((each.name for each in levels_of(raised.rule, commune) if each.level == raised.level), None)
    kind = _KINDS[Kind(raised.kind)]
    words = (
        kind.level_vi[min(raised.level, len(kind.level_vi)) - 1] if kind.level_vi else f"cấp {raised.level}"
    )
    return named or words


def _when(place: Listed, newest: Datum | None, now: datetime) -> Bilingual | None:
    """The time of the newest datum; its age is added by whoever shows it."""
    if newest is None:
        return None
    verb = ("hình", "picture") if place.kind is PlaceKind.ZONE else ("đo", "measured")
    return Bilingual(f"{verb[0]} {clock(newest.at, now)}", f"{verb[1]} {clock(newest.at, now)}")
