"""People who answer during the fault test: they read their phones and write back, and their service tells us until we have taken it.

    phone (gateway) ── read ──> a person decides ──> POST /_answer ── refused, dead, in doubt ──> the same id again
                                                          └─ taken ── every second one is told once more, at once or later

What was taken is what must stand in the store, once.
"""

from __future__ import annotations

import random
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from infra.rehearsal.gateway.sms import KEYWORD
from models.alerting.event import AnswerKind

if TYPE_CHECKING:
    from concurrent.futures import Future

LOOK_S = 1.0
"""Between two looks at the phones."""
AGAIN_S = 0.3
"""A service whose call failed waits so long, and calls again with the same id."""
CALLS_S = 15.0
PATIENCE_S = 180.0
"""So long after the last kill everything said must be taken; before it, a service calls as often as it takes."""
WORKERS = 8
ANSWERED = 0.35
"""Share of the messages that are answered: enough that some ladders are stopped, few enough that others are climbed."""
TWICE = 0.5
"""Share of the answers that their service tells twice."""
LATER_S = (0.0, 6.0)
WORDS = {"{} 1": 12, "{} 2": 2, "{} 3": 4, "Nghe khong ro": 2}
"""What people write, by how often."""
KINDS = {"1": AnswerKind.TAKEN, "2": AnswerKind.FALSE, "3": AnswerKind.HELP}
_CODE = re.compile(rf"Tra loi {KEYWORD} (\d\d) 1")


class Spoken(NamedTuple):
    """What a person said: the key that the store must have, who, and what it means while the event is open."""

    key: str
    contact: str
    kind: AnswerKind


class People:
    """They answer from `start` to `stop`."""

    def __init__(self, gateway: str, seed: int) -> None:
        """`gateway`: the address of the simulated services."""
        self._gateway = gateway
        self._chance = random.Random(seed)  # noqa: S311 (a plan, no secret)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="people", daemon=True)
        self._error: Exception | None = None
        self._until: float | None = None
        self._seen: set[str] = set()
        self._calls: list[Future[None]] = []
        self.accepted: list[Spoken] = []
        """Told to us and taken, each once, whatever it was told again."""
        self.refused = 0
        """Calls that were not taken at first: somebody was dead."""
        self.again = 0
        """Answers told a second time by their service."""

    def start(self) -> None:
        """Begin to read the phones."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more, and wait until everything said is taken; raises TimeoutError when it is not."""
        self._until = time.monotonic() + PATIENCE_S
        self._stop.set()
        self._thread.join()
        if self._error is not None:
            raise self._error
        for call in self._calls:
            call.result()

    def _run(self) -> None:
        try:
            self._read()
        except Exception as error:  # noqa: BLE001 # raised by `stop`, in the main thread
            self._error = error

    def _read(self) -> None:
        with ThreadPoolExecutor(WORKERS, "service") as services:
            while not self._stop.wait(LOOK_S):
                for message in self._unread():
                    if self._chance.random() < ANSWERED:
                        self._answer(services, message)

    def _unread(self) -> list[dict[str, Any]]:
        """Messages that can be answered and were not looked at before; none while the gateway is dead."""
        try:
            found = httpx.get(f"{self._gateway}/_messages", timeout=CALLS_S).raise_for_status().json()
        except httpx.HTTPError:
            return []
        new = [one for one in found if one["key"] not in self._seen and code_of(one)]
        self._seen |= {one["key"] for one in new}
        return new

    def _answer(self, services: ThreadPoolExecutor, message: dict[str, Any]) -> None:
        words = self._chance.choices(list(WORDS), list(WORDS.values()))[0].format(code_of(message))
        told = {
            "contact": message["contact"],
            "channel": message["channel"],
            "text": words,
            "id": f"a{len(self.accepted)}x{self._chance.getrandbits(48):x}",
        }
        spoken = Spoken(
            f"{told['channel']}:{told['id']}", told["contact"], KINDS.get(words[-1], AnswerKind.UNREAD)
        )
        self.accepted.append(spoken)
        self._calls.append(services.submit(self._tell, told, 0.0))
        if self._chance.random() < TWICE:
            self.again += 1
            # At once: two calls of one answer are then under way together.
            later_s = self._chance.choice(LATER_S)
            self._calls.append(services.submit(self._tell, told, later_s))

    def _tell(self, told: dict[str, str], later_s: float) -> None:
        """Call until it is taken, as a service does."""
        time.sleep(later_s)
        while not self._taken(told):
            self.refused += 1
            if self._until is not None and time.monotonic() > self._until:
                msg = f"answer {told['id']} was not taken in {PATIENCE_S:.0f} s after the last kill: phusa status"
                raise TimeoutError(msg)
            time.sleep(AGAIN_S)

    def _taken(self, told: dict[str, str]) -> bool:
        try:
            return httpx.post(f"{self._gateway}/_answer", json=told, timeout=CALLS_S).is_success
        except httpx.HTTPError:
            return False


def code_of(message: dict[str, Any]) -> str:
    """The code by which a message is answered, as its phone shows it: behind a button of Zalo, in the line of an SMS; empty: none."""
    found = _CODE.search(message["text"])
    return str(message["code"] or "") if found is None else found[1]
