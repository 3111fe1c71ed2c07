"""`python -m dashboards` checks the generated JSON; `--write` makes it anew."""

from __future__ import annotations

import sys
from pathlib import Path

from dashboards import air, cages, cameras, messages, payments, platform, river, wall

FOLDER = Path(__file__).resolve().parent / "json"
SCREENS = {
    "wall": wall.to_json,
    "river": river.to_json,
    "messages": messages.to_json,
    "cages": cages.to_json,
    "air": air.to_json,
    "cameras": cameras.to_json,
    "payments": payments.to_json,
    "platform": platform.to_json,
}


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
