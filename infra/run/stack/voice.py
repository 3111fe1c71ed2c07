"""What the stack says while it works: Vietnamese first, English below; to stderr, so that stdout stays for data."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

_console = Console(stderr=True, highlight=False)


class StackError(RuntimeError):
    """The stack cannot stand; says what is wrong and what to do, in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi}\n{en}")
        self.vi = vi
        self.en = en


def tell(vi: str, en: str) -> None:
    """One step, aloud."""
    _console.print(Text(f"• {vi}"))
    _console.print(Text(f"  {en}", style="dim"))
