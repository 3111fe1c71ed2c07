"""What becomes of each recording: readings, flags by test, alerts, rejects; the very functions of the flow, without servers.

`python -m infra.lab.measure.files --data ../shared/data` prints the table of figures.md. `make demo DATA=...` sends the same files through the
running system, and its report has the same counts.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from connectors import commune as files
from infra.lab.measure.offline import final, judged
from infra.rehearsal.recordings import configuration, replay
from infra.rehearsal.recordings.catalogue import present
from infra.rehearsal.recordings.notes import FileError
from models.envelope.reading import Flag


def row(loaded: replay.Loaded) -> str:
    """One file's row."""
    base = files.load(configuration.FOLDER)
    hamlet = base.hamlets[0].code
    commune = configuration.with_others(configuration.with_streets(base, [loaded], hamlet), [loaded], hamlet)
    parts = list(judged(loaded.frame, commune))
    flags = final(parts)
    tests = Counter(test for _, found in flags.values() for test in found)
    failed = sum(flag == Flag.FAIL for flag, _ in flags.values())
    suspect = sum(flag == Flag.SUSPECT for flag, _ in flags.values())
    alerts = Counter(change.rule for part in parts for change in part.changes if change.previous == 0)
    refused = Counter(one.reason.value for part in parts for one in part.rejected)
    duplicates = sum(len(part.duplicates) for part in parts)
    said = ", ".join(f"{name} {n:,}" for name, n in tests.most_common()) or "-"
    told = ", ".join(f"{name} {n:,}" for name, n in alerts.most_common()) or "-"
    lost = ", ".join(f"{name} {n:,}" for name, n in refused.most_common()) or "0"
    return (
        f"| {loaded.recording.path} | {loaded.readings:,} | {suspect:,} | {failed:,} | {said} | {told} | {lost} "
        f"| {duplicates:,} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    found = present(data)
    if not found:
        raise SystemExit(f"không có bản ghi nào trong {data} (no recordings)")
    print("| file | readings | suspect | failed | by test | alerts raised | rejected | duplicates |")
    print("|---|---|---|---|---|---|---|---|")
    for one in found:
        try:
            print(row(replay.load(one, data)), flush=True)
        except FileError as error:
            print(f"{one.path}: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
