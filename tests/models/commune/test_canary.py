"""The canary is in every commune and in no configuration."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.commune.canary import CANARY, LEVELS, canary_value, with_canary
from models.commune.configuration import Station
from models.commune.station_mistakes import station_mistakes
from models.places.listed import listed
from models.places.scene import scene
from tests.builders import START_MS, at, commune


def test_its_commune_has_one_station_and_one_rule_more() -> None:
    own = commune()
    marked = with_canary(own)

    assert [station.id for station in marked.stations] == [*(one.id for one in own.stations), CANARY]
    assert [rule.id for rule in marked.rules] == [*(one.id for one in own.rules), CANARY]


def test_it_belongs_to_no_hamlet_so_that_no_contact_is_concerned() -> None:
    assert with_canary(commune()).stations[-1].hamlets == []


def test_places_and_what_judges_several_sources_are_those_of_the_configuration() -> None:
    assert all(place.place != CANARY for place in listed(commune()))
    assert CANARY not in scene(commune()).pace_ms


@pytest.mark.parametrize("lost", range(LEVELS))
def test_each_minute_says_another_level_than_any_of_the_minutes_before_that_may_be_lost(lost: int) -> None:
    begin = at(START_MS)
    minutes = [begin + timedelta(minutes=minute) for minute in range(60)]

    assert all(canary_value(one) != canary_value(one + timedelta(minutes=lost + 1)) for one in minutes)


def test_nobody_may_give_its_name_to_a_station() -> None:
    found = list(station_mistakes([Station(CANARY, "Trạm", ["a"], [])], hamlets=["a"]))

    assert ("stations", 0, "id") in {mistake.path for mistake in found}
