"""The mistakes of all rooms together: in the order of the sections, and what the rooms may know of the commune."""

from __future__ import annotations

from datetime import date

import msgspec

from connectors.commune import load
from connectors.settings import ROOT
from models.commune.configuration import Commune, Hamlet, Unit
from models.commune.mistakes import known_of, mistakes
from models.envelope.known import Known, KnownStation, Measured
from tests.builders import commune as built

EXAMPLE = load(ROOT / "infra" / "commune")


def test_the_rooms_know_what_the_commune_has_by_name() -> None:
    known = known_of(EXAMPLE)

    assert known.hamlets == tuple(hamlet.code for hamlet in EXAMPLE.hamlets)
    assert [station.id for station in known.stations] == [station.id for station in EXAMPLE.stations]
    assert known.cameras == tuple(camera.id for camera in EXAMPLE.cameras)
    assert "phu-oc" in known.ruled["river_level"]
    assert Measured("river_level", "m", -1, 10) in known.stations[0].measures
    assert "river_level" in known.stations[0].codes


def test_an_empty_commune_has_nothing_by_name_and_no_mistake() -> None:
    empty = Commune([], [], [], [], [])

    assert known_of(empty) == Known()
    assert mistakes(empty) == []


def test_two_rules_on_one_parameter_watch_the_stations_of_both() -> None:
    (rule,) = built().rules[:1]
    own = Commune([], [], [], [msgspec.structs.replace(rule, stations=[code]) for code in ("a", "b")], [])

    assert known_of(own).ruled == {rule.parameter: frozenset({"a", "b"})}


def test_a_station_that_stands_twice_is_known_twice() -> None:
    (station,) = EXAMPLE.stations[:1]
    known = known_of(Commune([], [], [station, station], [], []))

    assert [each.id for each in known.stations] == [station.id, station.id]
    assert isinstance(known.stations[0], KnownStation)


def test_names_come_first_and_every_section_is_judged_in_its_turn() -> None:
    """One mistake a section, as the sections stand in `mistakes`."""
    change = msgspec.structs.replace
    first = {
        section: [change(getattr(EXAMPLE, section)[0], **fields), *getattr(EXAMPLE, section)[1:]]
        for section, fields in {
            "stations": {"latitude": 165.0},
            "rules": {"id": "silent"},
            "contacts": {"name": " ", "kinds": []},
            "cameras": {"address": ""},
            "merchants": {"hamlet": "hue"},
            "devices": {"dev_eui": "0"},
            "quality": {"parameter": "turbidty"},
            "marks": {"source": ""},
            "cages": {"species": ["ca-me"]},
        }.items()
    }

    told = [(mistake.path[0], mistake.path[2]) for mistake in mistakes(change(EXAMPLE, **first))]

    assert list(dict.fromkeys(told)) == [
        ("contacts", "name"),
        ("rules", "id"),
        ("contacts", "kinds"),
        ("cameras", "address"),
        ("stations", "latitude"),
        ("merchants", "hamlet"),
        ("devices", "dev_eui"),
        ("quality", "parameter"),
        ("marks", "source"),
        ("cages", "species"),
    ]


def test_a_hamlet_is_not_blamed_for_a_unit_that_ends_before_it_begins() -> None:
    unit = Unit("xa", "Xã", date(2025, 7, 1), date(2025, 6, 30))
    hamlet = Hamlet("la-van", "La Vân", "xa", date(1975, 5, 1))

    told = [mistake.path for mistake in mistakes(Commune([unit], [hamlet], [], [], []))]

    assert told == [("units", 0, "valid_to")]
