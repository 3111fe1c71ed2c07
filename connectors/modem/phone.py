"""The modem itself, by the library Gammu, which knows what hundreds of modems understand. It blocks: for one thread of its own."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

import gammu

from connectors import clock

NOT_SENT = (
    gammu.ERR_UNKNOWN,
    gammu.ERR_FULL,
    gammu.ERR_EMPTYSMSC,
    gammu.ERR_NOTSUPPORTED,
    gammu.ERR_INVALIDDATA,
    gammu.ERR_NETWORK_ERROR,
)
"""The modem has answered that it did not send; Gammu keeps its code to itself."""


class Heard(NamedTuple):
    """A message on the SIM card; `name` is the same however often it is read, and nothing leads back from it to the number."""

    place: int
    name: str
    number: str
    text: str
    at: datetime


class Phone:
    """A modem at a device such as /dev/ttyUSB0. Every method may raise gammu.GSMError."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._modem: Any = None

    def open(self) -> None:
        """Speak to it, if that is not so already; takes some seconds."""
        if self._modem is not None:
            return
        modem = gammu.StateMachine()
        modem.SetConfig(0, {"Device": self._device, "Connection": "at", "UseGlobalDebugFile": 0})
        modem.Init()
        self._modem = modem

    def send(self, number: str, text: str) -> str:
        """Send a text of the GSM alphabet in as many parts as it needs; the network's reference of the last."""
        whole = {
            "Class": -1,
            "Unicode": False,
            "Entries": [{"ID": "ConcatenatedTextLong", "Buffer": text}],
        }
        reference = 0
        for part in gammu.EncodeSMS(whole):
            # Location 1: the message centre as it stands on the SIM card.
            reference = self._modem.SendSMS(part | {"Number": number, "SMSC": {"Location": 1}})
        return str(reference)

    def heard(self) -> list[Heard]:
        """All messages on the SIM card."""
        found: list[Heard] = []
        try:
            while True:
                last = {"Start": True} if not found else {"Location": found[-1].place}
                found += [_heard(one) for one in self._modem.GetNextSMS(Folder=0, **last)]
        except gammu.ERR_EMPTY:
            return found

    def forget(self, place: int) -> None:
        """Take a message off the SIM card, which holds some dozens."""
        self._modem.DeleteSMS(Folder=0, Location=place)

    def close(self) -> None:
        """Let the device go; the next call opens it anew."""
        modem, self._modem = self._modem, None
        if modem is not None:
            modem.Terminate()


def _heard(one: dict[str, Any]) -> Heard:
    at = one["DateTime"] or clock.system()
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    mark = hashlib.sha256(f"{one['Number']}|{one['Text']}|{at.isoformat()}".encode()).hexdigest()[:20]
    return Heard(int(one["Location"]), mark, str(one["Number"]), str(one["Text"]), at)
