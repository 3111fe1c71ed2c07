"""The other two streams' accounts: every frame and every payment has an end too. Pure, but for `ends`."""

from __future__ import annotations

from typing import Any

import msgspec
import psycopg

from infra.rehearsal.demo.accounting import Gap

STREAMS = (
    ("cameras", "frames", "khung hình", "frames"),
    ("payments", "payments", "khoản tiền", "payments"),
)
"""Flow, topic, and what travels, in Vietnamese and English."""


class Ends(msgspec.Struct, frozen=True):
    """What became of the records of a topic; `dropped` were skipped unread, the others were read."""

    flow: str
    topic: str
    vi: str
    en: str
    in_kafka: int
    read: int
    stored: int
    still: int
    dropped: int
    duplicates: int
    rejected: dict[str, int]
    """By reason."""

    @property
    def ended(self) -> int:
        """Records that were read and have an end."""
        return self.stored + self.still + self.duplicates + sum(self.rejected.values())

    @property
    def complete(self) -> bool:
        """Every record has an end."""
        return self.in_kafka == self.read + self.dropped and self.ended == self.read


def gaps(ends: Ends) -> list[Gap]:
    """What does not add up."""
    found = []
    if ends.in_kafka != ends.read + ends.dropped:
        reached = ends.read + ends.dropped
        found.append(Gap(f"{ends.vi}: Kafka có {ends.in_kafka}, luồng đã qua {reached}",
                         f"{ends.en}: {ends.in_kafka} in Kafka, the flow has passed {reached}"))  # fmt: skip
    if ends.ended != ends.read:
        found.append(Gap(f"{ends.vi}: đọc {ends.read}, rõ kết cục {ends.ended}",
                         f"{ends.en}: {ends.read} read, {ends.ended} have an end"))  # fmt: skip
    return found


def sent_gap(ends: Ends, sent: int) -> list[Gap]:
    """What was sent must have reached Kafka; a call that was repeated for want of an answer may add one."""
    if ends.in_kafka >= sent:
        return []
    return [Gap(f"{ends.vi}: gửi {sent}, tới Kafka {ends.in_kafka}",
                f"{ends.en}: {sent} sent, {ends.in_kafka} reached Kafka")]  # fmt: skip


def ends(
    db: psycopg.Connection[dict[str, Any]], flow: str, topic: str, words: tuple[str, str], in_kafka: int
) -> Ends:
    """Ask the store; `in_kafka` are the topic's records."""
    row = db.execute(
        "SELECT coalesce(sum(read), 0)::bigint AS read, coalesce(sum(stored), 0)::bigint AS stored,"
        " coalesce(sum(still), 0)::bigint AS still, coalesce(sum(dropped), 0)::bigint AS dropped,"
        " coalesce(sum(duplicates), 0)::bigint AS duplicates"
        " FROM source_offset WHERE flow = %s AND topic = %s",
        (flow, topic),
    ).fetchone()
    reasons = db.execute(
        "SELECT reason, count(*) AS n FROM rejected WHERE topic = %s GROUP BY 1 ORDER BY 1", (topic,)
    ).fetchall()
    counts = row or {}
    return Ends(
        flow, topic, *words, in_kafka, **counts, rejected={reason["reason"]: reason["n"] for reason in reasons}
    )  # fmt: skip
