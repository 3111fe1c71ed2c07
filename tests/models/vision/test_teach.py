"""Teaching a camera its place: what is learned, and what cannot be learned from, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.catalogue.analytics import ZoneKind
from models.vision.camera import Camera, Zone, ZoneLevel
from models.vision.lesson import Label, Shot, State
from models.vision.taught import ANY_HOUR, Light, Taught
from models.vision.teach import NotTaught, Teaching, teach
from tests.builders import START_MS
from tests.water import camera, labels, road, shot, shots, taught

if TYPE_CHECKING:
    from collections.abc import Callable

BY = Teaching("thử", START_MS, "blue")


def test_a_camera_learns_its_dry_road_and_what_is_water_on_it() -> None:
    knows = taught()
    zone = knows.zones["duong"]

    assert (knows.camera, knows.view, knows.by, knows.net) == ("cho", 0, "thử", "blue")
    assert (zone.dry[0].light, zone.dry[0].hour, zone.dry[0].pictures) == (Light.DAY, ANY_HOUR, 8)
    # An hour of its own where it has pictures enough.
    assert len(zone.dry) == 2
    assert zone.labels == {"dry": 8, "flooded": 2}
    assert 0.2 < zone.water_from <= 0.6
    assert 2 / zone.slope <= zone.water_from


def test_the_same_pictures_teach_the_same_in_whatever_order_they_are_labelled() -> None:
    assert teach(camera(), shots(), labels()[::-1], BY) == taught()


def test_a_wet_road_is_no_flood() -> None:
    damp = [shot(f"uot-{i}") for i in range(2)]
    damp = [each._replace(grid=np.clip(each.grid + 0.3, 0, 1)) for each in damp]
    said = [*labels(), *(Label(each.name, "duong", State.WET) for each in damp)]

    found = teach(camera(), [*shots(), *damp], said, BY)

    assert isinstance(found, Taught)
    assert found.zones["duong"].water_from > 0.3
    assert found.zones["duong"].wet_from < 0.3


def test_a_puddle_beside_the_zone_stands_for_water() -> None:
    upper = msgspec.structs.replace(
        road(marks=False), polygon=[(0.1, 0.5), (0.9, 0.5), (0.9, 0.55), (0.1, 0.55)]
    )
    found = teach(camera(upper), shots(), labels(), BY)

    assert isinstance(found, Taught)
    assert 0.2 < found.zones["duong"].water_from <= 0.6


def test_without_a_flood_the_wettest_crop_sets_the_limit() -> None:
    said = [each for each in labels() if each.state is State.DRY]
    said += [Label("ngap-0", "duong", State.WET, (0.1, 0.85, 0.9, 1.0))]

    found = teach(camera(), shots(), said, BY)

    assert isinstance(found, Taught)
    assert found.zones["duong"].water_from == 0.6


def test_a_new_teaching_of_the_same_view_takes_the_place_of_the_old() -> None:
    assert isinstance(teach(camera(), shots(), labels(), BY._replace(before=taught())), Taught)


def other_size(several: list[Shot]) -> list[Shot]:
    return [*several[:-1], several[-1]._replace(width=160, height=90)]


def other_view(several: list[Shot]) -> list[Shot]:
    return [*several[:-1], shot("ngap-1", 0.8, view=7)]


def only(*states: State) -> Callable[[list[Label]], list[Label]]:
    return lambda said: [each for each in said if each.state in states]


REFUSED: dict[str, tuple[Any, Any, str]] = {
    "too few pictures": (lambda several: several[:5], None, "too few pictures: 5, expected at least 6"),
    "only dry crops": (None, only(State.DRY), "only dry crops"),
    "only flooded crops": (None, only(State.FLOODED), "only wet or flooded crops, none is dry"),
    "no labels": (None, lambda _: [], "no crop is labelled"),
    "a sub-stream of another size": (other_size, None, "another size than the reference kho-0 (320x180), a sub-stream?: ngap-1 (160x90)"),
    "a picture of another view": (other_view, None, "another view than the reference kho-0: ngap-1"),
    "a label of no picture": (None, lambda said: [*said, Label("la", "duong", State.DRY)], "no such picture: la"),
    "a label of no zone": (None, lambda said: [*said, Label("kho-0", "san", State.DRY)], "no such zone of kind water: san"),
    "a crop without an area": (
        None, lambda said: [*said, Label("kho-0", "duong", State.WET, (0.5, 0.5, 0.5, 0.9))], "has no area",
    ),
    "too few dry pictures": (None, lambda said: said[5:], "zone duong: too few dry pictures with light: 3, expected at least 4"),
    "all in the dark": (
        lambda several: [shot(each.name, light=0.1) for each in several], None, "all pictures are too dark",
    ),
    "dry and flooded mixed up": (
        None, lambda said: [msgspec.structs.replace(each, crop=(0.1, 0.5, 0.9, 0.52)) if each.state is State.FLOODED else each for each in said],
        "not to be told apart",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change_shots", "change_labels", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_learned_from_is_named(change_shots: Any, change_labels: Any, why: str) -> None:
    several, said = shots(), labels()
    found = teach(
        camera(),
        change_shots(several) if change_shots else several,
        change_labels(said) if change_labels else said,
        BY,
    )

    assert isinstance(found, NotTaught)
    assert why in "; ".join(reason.en for reason in found.reasons)


def test_a_camera_that_was_turned_is_not_taught_under_its_old_number() -> None:
    turned = [shot(each.name, 0.6 if "ngap" in each.name else 0.0, view=7) for each in shots()]

    found = teach(camera(), turned, labels(), BY._replace(before=taught()))
    assert isinstance(found, NotTaught)
    assert "raise `view`" in found.reasons[0].en
    # Under a new number it is a new view.
    assert isinstance(teach(camera(view=1), turned, labels(), BY._replace(before=taught())), Taught)


def test_another_ratio_than_was_taught_before_is_named() -> None:
    found = teach(
        camera(), [each._replace(width=240) for each in shots()], labels(), BY._replace(before=taught())
    )

    assert isinstance(found, NotTaught)
    assert "240x180, another than taught before (320x180)" in found.reasons[0].en


def test_a_camera_without_a_zone_of_water_has_nothing_to_learn() -> None:
    yard = Zone("san", "Sân", ZoneKind.CROWD, road().polygon, levels=[ZoneLevel(1, "đông", 9, 5)])
    found = teach(Camera("cho", "Chợ", ["a"], "x", [yard]), shots(), [], BY)

    assert isinstance(found, NotTaught)
    assert "no zone of kind water" in found.reasons[0].en


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=15)
def test_noise_of_the_net_makes_no_water_of_a_dry_road(seed: int) -> None:
    random = np.random.default_rng(seed)
    noisy = [
        each._replace(
            grid=np.clip(each.grid + random.normal(0, 0.03, each.grid.shape), 0, 1).astype(np.float32)
        )
        for each in shots()
    ]
    found = teach(camera(), noisy, labels(), BY)

    assert isinstance(found, Taught)
    assert found.zones["duong"].water_from > 0.2
