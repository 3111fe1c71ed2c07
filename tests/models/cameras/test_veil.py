"""Behind fog, drops and threads a camera sees, and nothing that it sees is sure: it may raise, and clears nothing."""

from __future__ import annotations

import pytest

from infra.lab.measure.seeing.clips import Clip
from infra.lab.measure.seeing.faults import DOUBTS
from models.alerting.alert import Change, Kind
from models.cameras.memory import Shard
from models.envelope.reading import Flag
from tests.messages import market
from tests.models.cameras.test_blind import FULL_S, SEEN, changes, healthy, news, play

CLIP = Clip("market", lambda i, _: healthy("cho-quang-tho", FULL_S)[i % (2 * SEEN)])


@pytest.mark.parametrize("doubt", ["rain on the lens", "haze"])
def test_what_lies_between_makes_every_value_suspect_and_no_camera_blind(doubt: str) -> None:
    pictures = [*healthy("cho-quang-tho", FULL_S)[:SEEN], *(DOUBTS[doubt](CLIP, SEEN + i) for i in range(16))]
    shard: Shard = {}
    seen = play(pictures, shard)

    assert not news(seen, Kind.BLIND)
    assert {one.flag for each in seen[5:SEEN] for one in each.observations} == {Flag.GOOD}
    assert {one.flag for each in seen[SEEN + 3 :] for one in each.observations} == {Flag.SUSPECT}
    (state,) = shard.values()
    assert state.sight.veil is not None
    assert state.sight.veil.why.vi != state.sight.veil.why.en


def test_thick_fog_is_no_doubt_any_more_and_its_camera_is_blind() -> None:
    pictures = [*healthy("cho-quang-tho", FULL_S)[:SEEN], *(DOUBTS["fog"](CLIP, SEEN + i) for i in range(30))]

    assert [change for change, _ in news(play(pictures, {}), Kind.BLIND)] == [Change.RAISE]


def test_behind_drops_a_crowd_is_told_and_none_ends() -> None:
    shard: Shard = {}
    play(healthy("cho-quang-tho", FULL_S)[:SEEN], shard, people=0)
    drops = [DOUBTS["rain on the lens"](CLIP, SEEN + i) for i in range(24)]
    hold = market().zones[0].hold_s
    first = play([drops[i % 24] for i in range(hold + 20)], shard, SEEN, people=20)
    then = play([drops[i % 24] for i in range(hold + 20)], shard, SEEN + hold + 20, people=0)

    assert [change for change, _ in news(first, Kind.CROWD)] == [Change.RAISE]
    assert not changes(then)
