"""What a reader has to say of a file: place, what was found, what was expected; the like of it once, with how many."""

from __future__ import annotations

from dataclasses import dataclass, field

SHOWN = 60
"""Characters of a cell that are shown."""


class FileError(ValueError):
    """Nothing of a file can be read; `notes` say why, each with its place. `foreign`: it is no table of readings at all."""

    def __init__(self, notes: list[Note], *, foreign: bool = False) -> None:
        super().__init__("; ".join(note.text for note in notes))
        self.notes = notes
        self.foreign = foreign


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence on a file; `place` is `dòng 12` or empty, `lost` the values that were not read for it."""

    place: str
    vi: str
    en: str
    count: int = 1
    lost: int = 0

    @property
    def text(self) -> str:
        """Vietnamese, then English, with place and number."""
        more = f"; {self.count} chỗ như vậy ({self.count} such)" if self.count > 1 else ""
        return f"{self.place + ': ' if self.place else ''}{self.vi} ({self.en}){more}"


@dataclass(slots=True)
class Notes:
    """Collects notes of one file; those of one kind are told once, at the first place, and counted."""

    sheet: str = ""
    found: dict[tuple[str, ...], Note] = field(default_factory=dict)

    def place(self, line: int | None) -> str:
        """Sheet and line as people read them."""
        parts = [f"tờ {self.sheet}"] if self.sheet else []
        return ", ".join([*parts, *([f"dòng {line}"] if line is not None else [])])

    def add(self, kind: tuple[str, ...], line: int | None, words: tuple[str, str], lost: int = 0) -> None:
        """One more of `kind`; the words (Vietnamese, English) of the first stay."""
        key = (self.sheet, *kind)
        old = self.found.get(key)
        if old is None:
            self.found[key] = Note(self.place(line), *words, 1, lost)
        else:
            self.found[key] = Note(old.place, old.vi, old.en, old.count + 1, old.lost + lost)

    def all(self) -> list[Note]:
        """In the order in which they were met, what lost something first."""
        return sorted(self.found.values(), key=lambda one: one.lost == 0)


def shown(text: str) -> str:
    """A cell in quotation marks, cut where it is long."""
    return f"«{text if len(text) <= SHOWN else text[:SHOWN] + '…'}»"
