"""Events as the phone page shows them, without any service: a store that knows one, and the page of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from connectors.page.phone.answering import PageAnswer
from connectors.page.phone.application import Phone
from connectors.page.phone.situation import Announced, OpenAlert, Person, Photograph, Play, Situation
from connectors.page.phone.store import Remark, StoreAwayError
from connectors.page.phone.views import Facts
from connectors.page.views import Commune
from connectors.timescale.approvals import Decided, Decision
from models.alerting.announcement import PLATFORM
from models.alerting.approval import Standing, objection, repeated
from models.alerting.event import Answer, AnswerKind, Event
from models.alerting.link import Links, token
from models.commune.configuration import Commune as Configured
from models.commune.routing import Office
from models.envelope.bilingual import Bilingual
from tests.connectors.page.moments import MINUTE, NOON, place
from tests.connectors.page.test_application import COMMUNE, EXAMPLE

KEY = b"a key of the tests, long enough"
AN, NUMBER = "head-la-van-ha", 12
CHAIR, ROOM = "chairman", "control-room"
NAMES = {AN: "Trưởng thôn La Vân Hạ", CHAIR: "Chủ tịch xã"}
RING = [Office("Cứu hoả và cứu nạn", "114"), Office("Tìm kiếm cứu nạn", "112")]
WALL = datetime(2026, 11, 25, 5, tzinfo=UTC)
"""The wall clock; the platform's is moments.NOON."""
ADVICE = "Rời vùng trũng ngay, nghe lệnh sơ tán; cần cứu gọi 112."
BROWSER = {
    "user-agent": "Mozilla/5.0 (Linux; Android 4.4.2; SM-G313HZ) AppleWebKit/537.36 Chrome/30.0.0.0 Mobile Safari/537.36",
    "accept": "text/html,application/xhtml+xml,*/*;q=0.8",
}


def event(**changed: Any) -> Event:
    fields = {
        "id": "water:ven-song@1", "place": "water:ven-song", "opened_at": NOON - 90 * MINUTE, "risen_at": NOON - 40 * MINUTE,
        "level": 3, "peak_level": 3,
    } | changed  # fmt: skip
    return Event(**fields)


def alert(**changed: Any) -> OpenAlert:
    fields = {
        "alert": "river:1", "kind": "river", "kind_vi": "mực nước", "place": "phu-oc", "name": "Phú Ốc", "parameter_vi": "mực nước sông", "level": 3,
        "level_vi": "BĐ3", "state": "danger", "since": NOON - 40 * MINUTE, "value_vi": "4,87 m", "datum_at": NOON - 4 * MINUTE,
    } | changed  # fmt: skip
    return OpenAlert(**fields)


def answer(kind: str = "taken", *, ago: timedelta = 5 * MINUTE) -> Answer:
    return Answer("water:ven-song@1", AN, AnswerKind(kind), NOON - ago, 3, "page")


def own(**changed: Any) -> Person:
    return Person(NAMES[AN], own=True, arrived=True, read=False, failed=False, **changed)


PEOPLE = [
    own(),
    Person("Phòng điều hành", own=False, arrived=True, read=True, failed=False, answer="taken", answered_at=NOON - 20 * MINUTE),
    Person("Hợp tác xã nuôi cá lồng", own=False, arrived=False, read=False, failed=False),
    Person("Trưởng thôn Phước Yên", own=False, arrived=False, read=False, failed=True),
]  # fmt: skip


def situation(**changed: Any) -> Situation:
    """The river above BĐ3, with a picture of a road, rain beside it, and four who were told."""
    beside = alert(alert="rain:1", kind="rain", kind_vi="mưa", name="Trạm mưa Cổ Bi", parameter_vi="mưa 1 giờ", level=2, level_vi="mưa rất to", state="warning", value_vi="62 mm")  # fmt: skip
    here = msgspec.structs.replace(place(state="danger"), latitude=16.53, longitude=107.52)
    fields = {
        "at": NOON, "number": NUMBER, "contact": AN, "event": event(), "alerts": [alert(), beside], "advice": ADVICE, "people": PEOPLE, "answers": [],
        "photograph": Photograph("water:1", 0, NOON - 3 * MINUTE, "Camera đường La Vân"), "places": [here], "named": ("river", 3, "Phú Ốc"),
    } | changed  # fmt: skip
    return Situation(**fields)


SPEECH = "Bà con chú ý. Cảnh báo lũ, báo động ba. Thôn La Vân Hạ. Rời vùng trũng ngay, nghe lệnh sơ tán; cần cứu gọi một một hai."
NUMBER_OF_SPEECH = 7


def announced(**changed: Any) -> Announced:
    """What the loudspeakers are to say of the event; it waits for 40 minutes more."""
    fields = {
        "id": NUMBER_OF_SPEECH, "state": Standing.WAITING, "asked_by": PLATFORM, "expires_at": WALL + 40 * MINUTE, "hamlets": ["la-van-ha", "niem-pho"],
        "event": NUMBER, "text": SPEECH, "seconds": 13.2, "exercise": False, "plays": [],
    } | changed  # fmt: skip
    return Announced(**fields)


def approved(*states: tuple[str, str], **changed: Any) -> Announced:
    """The same, approved; what became of it at each of the loudspeakers, in the order of the file."""
    plays = [Play(one.id, *state) for one, state in zip(EXAMPLE.loudspeakers, states, strict=False)]
    fields = {"state": Standing.APPROVED, "decided_by": ROOM, "decided_at": WALL - 5 * MINUTE, "plays": plays}
    return announced(**(fields | changed))


class Kept:
    """A store that knows one event; what is written stands in its lists. `gone`: it cannot be reached."""

    def __init__(self, known: Situation | None) -> None:
        self.known, self.gone, self.jpeg = known, False, b"\xff\xd8jpeg"
        self.opened_by: list[str] = []
        self.answers: dict[str, PageAnswer] = {}
        self.remarks: list[Remark] = []
        self.decisions: list[Decision] = []

    def _there(self) -> None:
        if self.gone:
            msg = "connection refused"
            raise StoreAwayError(msg)

    async def situation(self, number: int, contact: str, _at: datetime) -> Situation | None:
        self._there()
        if self.known is None or number != NUMBER:
            return None
        stored = [
            Answer(one.event, one.contact, one.kind, one.at, one.level, "page")
            for one in self.answers.values()
        ]
        return msgspec.structs.replace(self.known, contact=contact, answers=[*self.known.answers, *stored])

    async def picture(self, _number: int) -> bytes | None:
        self._there()
        return None if self.known is None or self.known.photograph is None else self.jpeg

    async def opened(self, _event: str, contact: str) -> None:
        self._there()
        self.opened_by.append(contact)

    async def answer(self, number: int, made: Callable[[Event], PageAnswer | None]) -> Event | None:
        self._there()
        if self.known is None or number != NUMBER:
            return None
        one = made(self.known.event)
        if one is not None:
            self.answers.setdefault(one.key, one)
        return self.known.event

    async def decide(self, one: Decision, commune: Configured, now: datetime) -> Decided:
        self._there()
        assert self.known is not None
        for at, found in enumerate(self.known.announced):
            if found.id == one.announcement:
                if repeated(found, one.who, one.verdict):
                    return Decided(repeated=True)
                why = objection(found, one.who, commune, now)
                if why is None:
                    self.decisions.append(one)
                    self.known.announced[at] = msgspec.structs.replace(
                        found, state=one.verdict, decided_by=one.who.id, decided_at=now
                    )
                return Decided(why=why)
        return Decided(why=Bilingual("Không có lời phát", "no announcement"))

    async def remark(self, one: Remark) -> None:
        self._there()
        self.remarks.append(one)

    async def close(self) -> None:
        pass


def link(number: int = NUMBER, contact: str = AN, ends_at: datetime = WALL + timedelta(hours=1)) -> str:
    """The path of a link."""
    return f"/e/{token(KEY, number, contact, ends_at)}"


def phone(store: Kept, folder: Path = Path("no folder"), commune: Commune = COMMUNE) -> Phone:
    return Phone(
        Links(KEY, NAMES), store, Facts(commune, NAMES, RING, folder, EXAMPLE), lambda: NOON, wall=lambda: WALL  # type: ignore[arg-type]
    )  # fmt: skip
