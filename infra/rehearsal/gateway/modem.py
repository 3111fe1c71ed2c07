"""A modem on a pseudo-terminal: as much of 3GPP TS 27.005 and 27.007 as a library asks of one, messages in PDU mode."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import tty
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import gammu
import httpx

from connectors.modem.sender import simulated
from infra.rehearsal.gateway.service import Intake, Written, new
from models.catalogue.channels import Channel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.routing import Route

    from connectors.settings import Settings
    from infra.rehearsal.gateway.archive import Taken

END_OF_TEXT, ESCAPE = b"\x1a", b"\x1b"
CENTRE = "+84000000000"
ROOM = 30
"""Messages that fit onto the SIM card."""
CONGESTION = 42
"""+CMS ERROR: the network is busy (3GPP TS 24.011)."""
SAID = {
    "AT+CGMI": "PhuSa",
    "AT+CGMM": "Modem",
    "AT+CGMR": "1",
    "AT+CPIN?": "+CPIN: READY",
    "AT+CSCA?": f'+CSCA: "{CENTRE}",145',
    "AT+CSCS=?": '+CSCS: ("GSM","UCS2")',
    "AT+CSCS?": '+CSCS: "GSM"',
    "AT+CMGF=?": "+CMGF: (0,1)",
    "AT+CPMS=?": '+CPMS: ("SM"),("SM"),("SM")',
}
"""What is answered to a question, before OK."""


class Service:
    """One SIM card."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._intake, self._link = intake, simulated(settings.var)
        self._sim: dict[int, bytes] = {}
        self._work: set[asyncio.Task[None]] = set()

    @staticmethod
    def secrets(_settings: Settings, _contacts: Sequence[str]) -> dict[str, dict[str, Any]]:
        """A SIM card without a PIN has none."""
        return {}

    def routes(self) -> list[Route]:
        """Nothing over HTTP."""
        return []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Plugged in as long as the context is open."""
        self._plug_in()
        yield
        self._plug_out()
        self._link.unlink(missing_ok=True)

    def _plug_in(self) -> None:
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._ours)
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self._held, self._awaits_text = b"", False
        new_link = self._link.with_suffix(".new")
        new_link.unlink(missing_ok=True)
        new_link.symlink_to(os.ttyname(self._theirs))
        new_link.replace(self._link)
        asyncio.get_running_loop().add_reader(self._ours, self._read)

    def _plug_out(self) -> None:
        asyncio.get_running_loop().remove_reader(self._ours)
        os.close(self._ours)
        os.close(self._theirs)

    def _read(self) -> None:
        try:
            self._held += os.read(self._ours, 4096)
        except OSError:
            return
        while (end := END_OF_TEXT if self._awaits_text else b"\r") in self._held:
            asked, _, self._held = self._held.partition(end)
            if self._awaits_text:
                self._awaits_text = False
                task = asyncio.create_task(self._take(asked))
                self._work.add(task)
                task.add_done_callback(self._work.discard)
            else:
                self._answer(asked.strip(b"\n" + ESCAPE).decode("ascii", "replace"))

    def _answer(self, asked: str) -> None:
        self._write(f"{asked}\r")
        if asked.startswith("AT+CMGS="):
            self._awaits_text = True
            self._write("\r\n> ")
        elif asked.startswith("AT+CPMS") and asked != "AT+CPMS=?":
            used = f"{len(self._sim)},{ROOM}"
            named = ",".join(f'"SM",{used}' if asked.endswith("?") else used for _ in range(3))
            self._say(f"+CPMS: {named}")
        elif asked.startswith("AT+CMGL"):
            listed = [f"+CMGL: {i},0,,{_length(pdu)}\r\n{pdu.hex().upper()}" for i, pdu in self._sim.items()]
            self._say("\r\n".join(listed))
        elif found := re.fullmatch(r"AT\+CMG([RD])=(\d+)", asked):
            self._stored(found[1], int(found[2]))
        elif asked:
            self._say(SAID.get(asked, ""))

    def _stored(self, what: str, place: int) -> None:
        pdu = self._sim.get(place)
        if pdu is None:
            self._write("\r\n+CMS ERROR: 321\r\n")
        elif what == "R":
            self._say(f"+CMGR: 0,,{_length(pdu)}\r\n{pdu.hex().upper()}")
        else:
            del self._sim[place]
            self._say("")

    async def _take(self, text: bytes) -> None:
        """A message is given to the network, as the faults say."""
        told = gammu.DecodePDU(bytes.fromhex(text.decode("ascii")), True)
        await self._intake.wait()
        phone = str(told["Number"]).removeprefix("+")
        if self._intake.busy or phone not in self._intake.phones:
            self._write(f"\r\n+CMS ERROR: {CONGESTION}\r\n")
            return
        message = self._intake.keep(new(Channel.MODEM, "", phone, str(told["Text"])))
        if self._intake.loses_answer:
            # The cable comes out, and in again.
            self._plug_out()
            self._plug_in()
            return
        self._say(f"+CMGS: {message % 256}")

    async def hear(self, _client: httpx.AsyncClient, written: Written) -> httpx.Response:
        """A message comes: it lies on the SIM card until it is taken off."""
        place = next(i for i in range(1, ROOM + 1) if i not in self._sim)
        self._sim[place] = _delivered(written)
        self._write(f'\r\n+CMTI: "SM",{place}\r\n')
        return httpx.Response(200, text="ok")

    async def tell(self, _client: httpx.AsyncClient, _taken: Taken, *, failed: bool) -> None:
        """Nothing is told: reports of the network are not asked for."""
        del failed

    def _say(self, answer: str) -> None:
        self._write(f"\r\n{answer}\r\n\r\nOK\r\n" if answer else "\r\nOK\r\n")

    def _write(self, text: str) -> None:
        os.write(self._ours, text.encode("ascii"))


def _length(pdu: bytes) -> int:
    """Octets without the message centre, as the commands count them."""
    return len(pdu) - 1 - pdu[0]


def _delivered(written: Written) -> bytes:
    at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    header = {"Type": "NoUDH", "Text": b"", "ID8bit": 0, "ID16bit": 0, "PartNumber": -1, "AllParts": 0}
    centre = {"Location": 0, "Name": "", "Format": "Text", "Validity": "Max", "Number": CENTRE, "DefaultNumber": ""}  # fmt: skip
    message = {
        "SMSC": centre, "UDH": header, "Folder": 1, "InboxFolder": 1, "Memory": "SM", "Location": 0, "Name": "",
        "Number": f"+{written.phone}", "Text": written.text, "Type": "Deliver", "Coding": "Default_No_Compression",
        "DateTime": at, "SMSCDateTime": at, "DeliveryStatus": 0, "ReplyViaSameSMSC": 0, "State": "UnRead", "Class": -1,
        "MessageReference": 0, "ReplaceMessage": 0, "RejectDuplicates": 0, "Length": len(written.text),
    }  # fmt: skip
    return bytes(gammu.EncodePDU(message, "Deliver"))
