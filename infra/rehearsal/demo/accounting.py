"""Does every message have an end, and how early were the alerts? Pure: numbers in, sentences out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from infra.rehearsal.simulator.truth import Crossing, Truth
from models.alerting.alert import Change


class Counted(msgspec.Struct, frozen=True):
    """What the pipeline says: records in the topic, and what the telemetry flow made of them."""

    in_kafka: int
    read: int
    stored: int
    duplicates: int
    rejected: dict[str, int]
    """By reason."""

    @property
    def ended(self) -> int:
        """Records that were stored, rejected or known before."""
        return self.stored + self.duplicates + sum(self.rejected.values())


class Gap(msgspec.Struct, frozen=True):
    """Something does not add up."""

    vi: str
    en: str


class ChangeRow(msgspec.Struct, frozen=True):
    """A row of alert_change with its alert; `recorded_at` is the wall clock."""

    alert: str
    seq: int
    at: datetime
    change: Change
    level: int
    previous: int
    value: float
    limit: float
    rule: str
    kind: str
    station: str
    parameter: str
    unit: str
    recorded_at: datetime


class Lead(msgspec.Struct, frozen=True):
    """A true crossing and its alert; minutes of event time. None where there was none."""

    crossing: Crossing
    alert_at: datetime | None
    delay_min: float | None
    """After the true crossing; negative where noise or a coarse step was earlier."""
    before_next_min: float | None
    """Before the water (or oxygen, or air) truly reached the next level."""
    before_peak_min: float | None


def sums(sent: int, counted: Counted) -> list[Gap]:
    """Sent = stored + rejected + duplicate; a record that the way repeated is a duplicate more.

    A repetition between station and Kafka (QoS 1, acks=all after a crash) makes `in_kafka`
    greater than `sent` by as many: these must be among the duplicates too.
    """
    gaps = []
    if counted.in_kafka < sent:
        gaps.append(
            _gap("Kafka", sent, counted.in_kafka, "bản tin không tới Kafka", "messages did not reach Kafka")
        )
    if counted.read != counted.in_kafka:
        gaps.append(
            _gap("flow", counted.in_kafka, counted.read, "bản ghi chưa được đọc", "records were not read")
        )
    if counted.ended != counted.read:
        text_vi, text_en = "bản ghi không rõ kết cục", "records have no known end"
        gaps.append(_gap("flow", counted.read, counted.ended, text_vi, text_en))
    repeated = max(0, counted.in_kafka - sent)
    if counted.ended - repeated != sent and not gaps:
        gaps.append(
            _gap("sum", sent, counted.ended - repeated, "bản tin thất lạc", "messages are unaccounted for")
        )
    return gaps


def against(truth: Truth, counted: Counted) -> list[Gap]:
    """The simulator knows the end of each message: the counts must be those.

    Only a record that the way repeated may add one, to the duplicates or (garbage) to the rejected.
    """
    repeated = max(0, counted.in_kafka - truth.sent)
    gaps = _differ("lưu", "stored", truth.stored, counted.stored, 0)
    gaps += _differ("trùng", "duplicates", truth.duplicates, counted.duplicates, repeated)
    for reason in sorted(set(truth.rejected) | set(counted.rejected)):
        expected = {str(key): value for key, value in truth.rejected.items()}.get(reason, 0)
        found = counted.rejected.get(reason, 0)
        gaps += _differ(f"loại ({reason})", f"rejected ({reason})", expected, found, repeated)
    return gaps


def leads(truth: Truth, changes: Sequence[ChangeRow]) -> list[Lead]:
    """For each true crossing, the first alert at or above its level at that station."""
    return [_lead(crossing, truth.crossings, changes) for crossing in truth.crossings]


def missed(found: Sequence[Lead]) -> list[Gap]:
    """True crossings that nobody was told of."""
    return [
        Gap(
            f"Không có báo động: {lead.crossing.rule} cấp {lead.crossing.level} tại {lead.crossing.station}",
            f"no alert: {lead.crossing.rule} level {lead.crossing.level} at {lead.crossing.station}",
        )
        for lead in found
        if lead.alert_at is None
    ]


def _lead(crossing: Crossing, crossings: Sequence[Crossing], changes: Sequence[ChangeRow]) -> Lead:
    rises = [
        c.at
        for c in changes
        if (c.rule, c.station) == (crossing.rule, crossing.station) and c.level >= crossing.level > c.previous
    ]
    if not rises:
        return Lead(crossing, None, None, None, None)
    at = min(rises)
    following = [
        c.at
        for c in crossings
        if (c.rule, c.station, c.level) == (crossing.rule, crossing.station, crossing.level + 1)
    ]
    return Lead(
        crossing,
        at,
        minutes(at - crossing.at),
        minutes(following[0] - at) if following else None,
        minutes(crossing.peak_at - at),
    )


def minutes(span: timedelta) -> float:
    """A span in minutes, to one decimal."""
    return round(span.total_seconds() / 60, 1)


def _differ(vi: str, en: str, expected: int, found: int, more: int) -> list[Gap]:
    if expected <= found <= expected + more:
        return []
    return [Gap(f"{vi}: đúng ra {expected}, thấy {found}", f"{en}: expected {expected}, found {found}")]


def _gap(where: str, expected: int, found: int, vi: str, en: str) -> Gap:
    count = expected - found
    return Gap(
        f"{where}: {count} {vi} (cần {expected}, có {found})",
        f"{where}: {count} {en} (expected {expected}, found {found})",
    )
