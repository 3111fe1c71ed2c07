"""The loudspeakers with the real store and the simulated players: approval, once after a restart, again after an outage, heard."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import psycopg
import pytest
from psycopg.errors import CheckViolation

from connectors.clock import system
from connectors.loudspeaker.player import open_players
from connectors.timescale import announcements as queue
from models.commune.loudspeakers import Player, Unasked
from tests.gateways import faults
from tests.loudspeakers import EACH, EVENT, RISE, House
from tests.messages import AT
from tests.models.cap.story import later

pytestmark = pytest.mark.integration


def test_nothing_is_played_before_somebody_approves(house: House) -> None:
    house.rises(RISE)
    house.do("make", "play")

    assert house.states() == ["waiting"]
    assert house.heard() == []
    assert "ĐỢI DUYỆT" in house.phusa("list").output


def test_what_is_approved_is_played_once_at_each_loudspeaker_that_the_hamlets_hear(house: House) -> None:
    house.rises(RISE)
    house.do("make", "make")
    approved = house.phusa("approve", "1", "--by", "control-room")
    faults(house.address, play_share=0.0)
    house.do("play", "play", "look", "look")

    assert approved.exit_code == 0, approved.output
    assert house.heard() == EACH
    assert set(house.plays().values()) == {"heard"}
    ((approved_by, seconds, key),) = house.rows("select approved_by, seconds, key from announcement")
    assert (approved_by, key) == ("control-room", f"{EVENT}|{round(AT.timestamp() * 1000)}")
    assert 5 < seconds <= 20
    assert house.rows("select what, contact, event from audit") == [("approved", "control-room", EVENT)]


def test_who_asked_may_not_approve_and_another_may(house: House) -> None:
    said = house.phusa("say", "Chiều nay họp dân 14:05.", "--hamlet", "la-van-ha", "--by", "control-room")
    same = house.phusa("approve", "1", "--by", "Phòng điều hành")
    stranger = house.phusa("approve", "1", "--by", "nobody")
    head = house.phusa("approve", "1", "--by", "head-la-van-ha")
    other = house.phusa("approve", "1", "--by", "chairman")
    again = house.phusa("approve", "1", "--by", "control-room")
    house.do("play")

    assert said.exit_code == 0, said.output
    assert "mười bốn giờ năm" in said.output
    assert [one.exit_code for one in (same, stranger, head, other, again)] == [2, 2, 2, 0, 2]
    assert "somebody else" in same.output
    assert "may not approve" in head.output
    assert "approved already" in again.output
    assert house.heard() == [("loa-la-van-ha", 1, 1)]


def test_the_store_itself_refuses_that_somebody_approves_his_own(house: House) -> None:
    house.phusa("say", "Thử loa.", "--by", "control-room")
    with psycopg.connect(house.admin) as db, pytest.raises(CheckViolation):
        db.execute(
            "update phusa.announcement set state = 'approved', approved_by = asked_by, approved_at = now()"
        )


def test_what_is_refused_is_not_played_and_not_made_again(house: House) -> None:
    house.rises(RISE)
    house.do("make")
    refused = house.phusa("refuse", "1", "--by", "control-room")
    house.do("make", "play")

    assert refused.exit_code == 0
    assert house.states() == ["refused"]
    assert house.heard() == []
    assert house.phusa("approve", "1", "--by", "chairman").exit_code == 2


def test_newer_news_takes_the_place_of_what_waits(house: House) -> None:
    house.rises(RISE)
    house.do("make")
    house.rises(later(0.5, 2, 3, 2, value=4.8))
    house.do("make")

    assert house.states() == ["overtaken", "waiting"]
    assert "newer news" in house.phusa("approve", "1", "--by", "control-room").output


def test_the_end_is_told_to_those_who_heard_of_the_rise(house: House) -> None:
    house.rises(RISE)
    house.do("make")
    house.phusa("approve", "1", "--by", "control-room")
    house.ends(later(0, 2, 0, 2, value=1.2))
    house.do("make")

    assert house.states() == ["approved", "waiting"]
    assert house.rows("select text from announcement where level = 0")[0][0].startswith(
        "Bà con chú ý. Hết cảnh báo lũ."
    )


def test_what_nobody_approved_in_an_hour_is_too_old(house: House) -> None:
    house.rises(RISE)
    house.do("make")
    house.do("make", later_by=timedelta(hours=1, seconds=1))

    assert house.states() == ["expired"]


def test_where_the_configuration_says_so_a_flood_of_level_3_waits_for_nobody(house: House) -> None:
    house.commune = msgspec.structs.replace(house.commune, unasked=[Unasked([RISE.kind], 3)])
    house.rises(later(0, 1, 3, 0, value=4.8))
    house.do("make", "play")

    assert house.rows("select state, approved_by from announcement") == [("approved", "phusa")]
    assert house.heard() == EACH


def test_a_drill_by_the_real_gateways_says_so_and_waits_for_a_person_all_the_same(house: House) -> None:
    house.commune = msgspec.structs.replace(house.commune, unasked=[Unasked([RISE.kind], 3)])
    house.drills(later(0, 1, 3, 0, value=4.8), [], real=True)
    house.do("make", "play")

    ((text, state),) = house.rows("select text, state from announcement")
    assert text.startswith("Diễn tập")
    assert state == "waiting"


@pytest.mark.parametrize(
    ("contacts", "real"),
    [
        pytest.param([], False, id="its messages stay on this machine"),
        pytest.param(["head-la-van-ha"], True, id="some contacts alone"),
    ],
)
def test_of_a_drill_that_is_not_for_all_the_public_hears_nothing(
    house: House, contacts: list[str], real: bool
) -> None:
    house.drills(later(0, 1, 3, 0, value=4.8), contacts, real=real)
    house.do("make", "play")

    assert house.states() == []
    assert house.heard() == []


def test_after_the_end_of_a_process_that_had_asked_it_is_asked_again_and_played_once(house: House) -> None:
    house.rises(RISE)
    house.do("make")
    house.phusa("approve", "1", "--by", "control-room")
    with psycopg.connect(house.admin) as db:
        db.execute("set search_path = phusa, public")
        held = queue.claim(db, system(), 8)

    async def cut_off() -> None:
        """The players get the sound; nobody notes their answers."""
        players = open_players(house.settings, house.commune.loudspeakers)
        from connectors.loudspeaker.voice import voice

        for one in held:
            await players[one.loudspeaker].play(one.key, voice().speak(one.text))
        for player in players.values():
            await player.close()

    asyncio.run(cut_off())
    house.do("recover")
    house.do("play", later_by=timedelta(seconds=2))
    faults(house.address, play_share=0.0)
    house.do("look", later_by=timedelta(seconds=2))

    assert house.heard() == [(name, 2, 1) for name, _, _ in EACH]
    assert set(house.plays().values()) == {"heard"}


def test_of_a_player_that_knows_no_key_a_doubt_stays_a_doubt(house: House) -> None:
    plain = [msgspec.structs.replace(one, player=Player.PLAIN) for one in house.commune.loudspeakers]
    house.commune = msgspec.structs.replace(house.commune, loudspeakers=plain)
    house.rises(RISE)
    house.do("make")
    house.phusa("approve", "1", "--by", "control-room")
    with psycopg.connect(house.admin) as db:
        db.execute("set search_path = phusa, public")
        queue.claim(db, system(), 8)
    house.do("recover", "play")

    assert set(house.plays().values()) == {"doubt"}


def test_a_player_that_is_down_is_asked_again_until_it_is_back(house: House) -> None:
    house.rises(RISE)
    house.do("make")
    house.phusa("approve", "1", "--by", "control-room")
    down = house.settings
    house.settings = down.model_copy(update={"loudspeaker_server": "http://127.0.0.1:1"})
    house.do("play")
    between = house.plays()
    house.settings = down
    house.do("play", later_by=timedelta(seconds=2))

    assert set(between.values()) == {"pending"}
    assert house.heard() == EACH
    assert set(house.plays().values()) == {"sent"}


def test_what_is_an_hour_late_is_not_played(house: House) -> None:
    house.rises(RISE)
    house.do("make")
    house.phusa("approve", "1", "--by", "control-room")
    house.do("play", later_by=timedelta(hours=1, minutes=1))

    assert set(house.plays().values()) == {"expired"}
    assert house.heard() == []


WRONG = {
    "nobody of that name": (["say", "Thử loa.", "--by", "nobody"], "nobody of that name"),
    "no such hamlet": (["say", "Thử loa.", "--hamlet", "x", "--by", "control-room"], "no such hamlet"),
    "too long": (["say", "Nước lên nhanh, bà con chú ý. " * 20, "--by", "control-room"], "at most 20"),
    "nothing to say": (["say", " ", "--by", "control-room"], "nothing can be heard"),
    "no such announcement": (["approve", "9", "--by", "control-room"], "no announcement 9"),
    "refuse no such announcement": (["refuse", "9", "--by", "control-room"], "no announcement 9"),
}


def test_what_the_command_cannot_do_it_says(house: House) -> None:
    for name, (words, told) in WRONG.items():
        done = house.phusa(*words)
        assert done.exit_code == 2, name
        assert told in done.output, name
    assert house.states() == []
