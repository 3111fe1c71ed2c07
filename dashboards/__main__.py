"""`python -m dashboards` checks the generated JSON; `--write` makes it anew."""

from __future__ import annotations

import sys
from pathlib import Path

from dashboards.control_room import to_json

PATH = Path(__file__).resolve().parent / "json" / "control_room.json"


def main(arguments: list[str]) -> int:
    """0 when the file is what the code makes."""
    made = to_json()
    if "--write" in arguments:
        PATH.write_text(made, encoding="utf-8")
    return 0 if PATH.exists() and PATH.read_text(encoding="utf-8") == made else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
