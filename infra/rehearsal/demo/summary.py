"""The outcome of a play as one value: `var/demo/summary.json`, the report and the terminal read it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from infra.rehearsal.demo.accounting import ChangeRow, Counted, Gap, Lead
from infra.rehearsal.demo.database import MessageRow
from infra.rehearsal.demo.eyes import Eyed
from infra.rehearsal.demo.market import Money
from infra.rehearsal.demo.streams import Ends
from infra.rehearsal.recordings.films import FilmRow
from infra.rehearsal.recordings.signed import SignedRow


class FileRow(msgspec.Struct, frozen=True):
    """A recording and what became of it; `alerts` are raises and worsenings by rule and level."""

    file: str
    vi: str
    en: str
    first: datetime | None
    last: datetime | None
    """None of a file of which nothing could be read."""
    stations: int
    lines: int
    gaps: int
    """Values that the file does not have; they were not sent."""
    readings: int
    stored: int
    flagged: int
    """Of the stored ones: suspect or failed in a test of quality."""
    duplicates: int
    rejected: dict[str, int]
    alerts: dict[str, int]
    lost: int = 0
    """Values that could not be read."""
    notes: list[str] = []
    """What was not read, assumed or left out, with its place."""


class Told(msgspec.Struct, frozen=True):
    """A message, the person it went to, and how fast: seconds of the wall clock after the alert."""

    row: MessageRow
    name: str
    role: str
    after_s: float | None
    text: str


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a play has to say."""

    kind: str
    """`storm` or `recordings`."""
    played_at: datetime
    start: datetime
    end: datetime
    """Event time of the play."""
    speed: float | None
    play_s: float
    settle_s: float
    """From the last message sent until everything was accounted for."""
    sent: int
    counted: Counted
    faults: dict[str, int]
    leads: list[Lead]
    changes: list[ChangeRow]
    messages: list[Told]
    files: list[FileRow]
    gaps: list[Gap]
    streams: list[Ends]
    money: Money | None
    """The ledger; None where no payments were played."""
    films: list[FilmRow]
    signed: list[SignedRow]
    inbox: str
    attended: dict[str, int] = {}
    """Steps of events by their kind: who was told, called, answered."""
    eyes: list[Eyed] = []
    """What the cameras said of the flood and of themselves, beside the truth."""

    @property
    def ok(self) -> bool:
        """Nothing is unaccounted for."""
        return not self.gaps

    @property
    def adds_up(self) -> bool:
        """Is every record that was sent accounted for, though a file could not be read?"""
        return len(self.gaps) == sum(not file.readings for file in self.files)
