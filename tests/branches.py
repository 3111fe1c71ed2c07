"""How many branches of the rules the unit tests take, folder by folder; fails where models/ as a whole is below the least share.

    python -m pytest --cov --cov-report= -m "not integration" && python -m tests.branches

A branch is a jump that a line can make: both ways of an `if`, a loop entered and not. Unit tests alone are counted: that real servers
happen to lead through a rule is no test of it, and what starts processes is not slowed down.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

LEAST = 0.9
"""Of the branches of models/ as a whole; a folder below it is marked."""


class Share(NamedTuple):
    """Branches that a test has taken, of all."""

    taken: int
    all: int

    @property
    def part(self) -> float:
        """0 to 1; a folder without branches has nothing to miss."""
        return self.taken / self.all if self.all else 1.0

    def __str__(self) -> str:
        return f"{100 * self.part:5.1f} % ({self.taken} of {self.all})"


def shares(report: dict[str, dict[str, dict[str, dict[str, int]]]]) -> dict[str, Share]:
    """By folder, from the JSON report of coverage; what lies in models/ itself is `models`."""
    found: dict[str, Share] = defaultdict(lambda: Share(0, 0))
    for name, file in report["files"].items():
        folder, summary = Path(name).parent.as_posix(), file["summary"]
        before = found[folder]
        found[folder] = Share(
            before.taken + summary["covered_branches"], before.all + summary["num_branches"]
        )
    return dict(sorted(found.items()))


def told(found: dict[str, Share]) -> tuple[list[str], bool]:
    """The lines for people, and whether all of it suffices."""
    whole = Share(sum(share.taken for share in found.values()), sum(share.all for share in found.values()))
    width = max(map(len, found), default=0)
    lines = [
        f"{folder:{width}} {share}{'' if share.part >= LEAST else f'  < {100 * LEAST:.0f} %'}"
        for folder, share in {**found, "": whole}.items()
    ]
    return lines, bool(whole.all) and whole.part >= LEAST


def main() -> int:
    """Print the shares; 1 where the whole is below the least."""
    done = subprocess.run(
        [sys.executable, "-m", "coverage", "json", "-q", "-o", "-"], check=True, stdout=subprocess.PIPE
    )
    lines, enough = told(shares(json.loads(done.stdout)))
    sys.stdout.write("nhánh đã thử của models/ (branches of models/ that a test takes)\n")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
