"""The loudspeakers with the real store and the simulated players: approval, once after a restart, again after an outage, heard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
import pytest
from psycopg.errors import CheckViolation
from typer.testing import CliRunner, Result

from connectors import commune as files
from connectors.clock import system
from connectors.loudspeaker.player import open_players
from connectors.settings import Settings
from connectors.timescale import announcements as queue
from connectors.timescale import drills
from connectors.timescale.alerts import insert_changes
from flows.announcing import Announcing
from infra.run.cli import announce
from models.alerting.alert import AlertChange
from models.alerting.drill import marked
from models.commune.configuration import Commune
from models.commune.loudspeakers import Player, Unasked
from tests.gateways import HANG_S, faults, gateway, own_settings
from tests.messages import AT
from tests.models.cap.story import later
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
EVENT = "water:ven-song@1"
NOW = AT + timedelta(minutes=1)


@dataclass
class House:
    """A store of its own, the simulated players, and the command line on both."""

    settings: Settings
    admin: str
    address: str
    commune: Commune

    def rises(self, *changes: AlertChange) -> None:
        """The event goes on with these changes; its last is when it rose."""
        with psycopg.connect(self.admin) as db:
            db.execute("set search_path = phusa, public")
            insert_changes(db, changes)
            query = """
                insert into event (id, place, opened_at, risen_at, level, peak_level) values (%s, 'water:ven-song', %s, %s, 2, 2)
                on conflict (id) do update set risen_at = excluded.risen_at
                """
            db.execute(query, [EVENT, AT, changes[-1].at])
            db.execute("update alert set event = %s", [EVENT])

    def drills(self, change: AlertChange, contacts: Sequence[str], *, real: bool) -> None:
        """A drill goes on and its event rises with this change."""
        with psycopg.connect(self.admin) as db:
            db.execute("set search_path = phusa, public")
            drill = drills.begin(db, "flood", "Lũ", contacts, real=real, by="admin", at=AT)
            event = marked(drill.id, EVENT)
            insert_changes(db, [change])
            query = "insert into event (id, place, opened_at, risen_at, level, peak_level, exercise) values (%s, %s, %s, %s, 3, 3, true)"
            db.execute(query, [event, marked(drill.id, "water:ven-song"), AT, change.at])
            db.execute("update alert set event = %s, exercise = true", [event])

    def ends(self, change: AlertChange) -> None:
        """The event is over."""
        with psycopg.connect(self.admin) as db:
            db.execute("set search_path = phusa, public")
            insert_changes(db, [change])
            db.execute("update event set closed_at = %s, level = 0 where id = %s", [change.at, EVENT])

    def do(self, *parts: str, later_by: timedelta = timedelta()) -> None:
        """Run these parts of the announcer once, in a process of its own."""

        async def inside() -> None:
            own = Announcing(
                self.settings,
                self.commune,
                open_players(self.settings, self.commune.loudspeakers),
                lambda: NOW,
                lambda: system() + later_by,
            )
            try:
                for part in parts:
                    work: Callable[[], Awaitable[None]] = getattr(own, part)
                    await work()
            finally:
                await own.close()

        asyncio.run(inside())

    def phusa(self, *words: str) -> Result:
        return CliRunner().invoke(announce.app, list(words))

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.admin) as db:
            db.execute("set search_path = phusa, public")
            return db.execute(query).fetchall()

    def states(self) -> list[str]:
        return [row[0] for row in self.rows("select state from announcement order by id")]

    def plays(self) -> dict[str, str]:
        return dict(
            self.rows("select loudspeaker, state from announcement_play order by announcement, loudspeaker")
        )  # type: ignore[arg-type]

    def heard(self) -> list[tuple[str, int, int]]:
        """What the players got: loudspeaker, asked, played."""
        found = httpx.get(f"{self.address}/_players", timeout=HANG_S).json()
        return [(one["loudspeaker"], one["asked"], one["played"]) for one in found]


@pytest.fixture
def house(
    tmp_path: Path, server_dsn: str, secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    own = own_settings(tmp_path)
    with empty_store(server_dsn, secrets, "test_announcing") as admin, gateway(own) as address:
        monkeypatch.setattr(Settings, "dsn", lambda _self, role: as_role(admin, secrets, role))
        monkeypatch.setattr(announce, "settings", lambda: own)
        yield House(own, admin, address, files.load(own.commune))


EACH = [("loa-la-van-ha", 1, 1), ("loa-la-van-thuong", 1, 1), ("loa-phuoc-yen", 1, 1)]
RISE = later(0, 1, 2, 0)


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
