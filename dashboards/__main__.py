"""`python -m dashboards` checks the generated JSON; `--write` makes it anew."""

from __future__ import annotations

import sys
from pathlib import Path

from dashboards import control_room, river_and_fish

FOLDER = Path(__file__).resolve().parent / "json"
SCREENS = {"control_room": control_room.to_json, "river_and_fish": river_and_fish.to_json}


def main(arguments: list[str]) -> int:
    """0 when the files are what the code makes."""
    right = True
    for name, to_json in SCREENS.items():
        path, made = FOLDER / f"{name}.json", to_json()
        if "--write" in arguments:
            path.write_text(made, encoding="utf-8")
        right &= path.exists() and path.read_text(encoding="utf-8") == made
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
