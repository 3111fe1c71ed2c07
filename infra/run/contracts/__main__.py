"""`python -m infra.run.contracts --check` compares the committed contracts; `--write` makes them anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from connectors.payments import openapi
from infra.run.contracts import asyncapi, editor

HERE = Path(__file__).resolve().parent


def contracts() -> dict[Path, str]:
    """Every generated file and what it must hold."""
    made = {HERE / "commune" / f"{name}.schema.json": text for name, text in editor.schemas().items()}
    return made | {
        HERE / "asyncapi.yaml": asyncapi.to_yaml(),
        HERE / "payments.openapi.yaml": asyncapi.as_yaml(openapi.document()),
    }


def drift() -> list[Path]:
    """Files that are not what the types say."""
    return [
        path
        for path, text in contracts().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def write() -> None:
    """Make every file anew."""
    for path, text in contracts().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """0 when every committed file is what the types say."""
    parser = argparse.ArgumentParser(prog="python -m infra.run.contracts", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="so với mã, 1 nếu khác (compare, 1 if different)")
    what.add_argument("--write", action="store_true", help="tạo lại (make anew)")
    if parser.parse_args(arguments).write:
        write()
    changed = drift()
    for path in changed:
        print(
            f"{path.name}: khác với mã; chạy: python -m infra.run.contracts --write\n"
            f"{path.name}: not what the code says; run: python -m infra.run.contracts --write",
            file=sys.stderr,
        )
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
