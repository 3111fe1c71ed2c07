"""One or two real messages of each topic; Phú Ốc on a flood day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.incoming import Incoming, incoming
from models.alerting.receipt import Outcome, Receipt
from models.alerting.routing import key
from models.envelope.reading import SCHEMA_VERSION, Flag, Observation, Reading, Status
from models.envelope.rejected import Reason, Rejected
from models.payments.event import PaymentEvent, RefusedRequest, What
from models.places.report import PartitionReport
from models.telemetry.batch import Derived, LevelRow
from models.vision.frame import Frame

if TYPE_CHECKING:
    import msgspec

AT = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
_LATER = datetime(2026, 10, 12, 7, 5, 3, tzinfo=UTC)
_ALERT = "river-phu-oc:phu-oc:river_level:20261012T070500.000Z"
_KEY = key(_ALERT, 1, "head-la-van-ha")

EXAMPLES: dict[str, dict[str, msgspec.Struct]] = {
    "readings": {
        "level": Reading(SCHEMA_VERSION, "phu-oc", 4711, AT, "river_level", 3.43, "m"),
        "calibrating": Reading(
            SCHEMA_VERSION, "bo-la-van", 4712, AT, "ph", 7.01, "pH", int(Status.CALIBRATING)
        ),
    },
    "observations": {
        "level": Observation(
            SCHEMA_VERSION, "phu-oc", 4711, AT, "river_level", 3.43, "m", int(Flag.GOOD), _LATER
        )
    },
    "testimony": {
        "a gauge at level II": PartitionReport(
            v=SCHEMA_VERSION,
            source="telemetry",
            topic="readings",
            partition=1,
            next_offset=4712,
            read=1,
            now_ms=1_791_788_703_000,
            observations=[
                Observation(
                    SCHEMA_VERSION, "phu-oc", 4711, AT, "river_level", 3.43, "m", int(Flag.GOOD), _LATER
                )
            ],
            levels=[LevelRow(AT, "phu-oc", "river_level", "river-phu-oc", 2, 3.43)],
            heard={"phu-oc": 1_791_788_703_000},
        ),
        "an hour of rain": PartitionReport(
            v=SCHEMA_VERSION,
            source="telemetry",
            topic="readings",
            partition=1,
            next_offset=4713,
            read=1,
            now_ms=1_791_788_703_000,
            derived=[Derived(AT, "phu-oc", "rain_1h", 62.4, "mm", int(Flag.GOOD), 100)],
        ),
        "nothing new": PartitionReport(
            v=SCHEMA_VERSION,
            source="telemetry",
            topic="readings",
            partition=1,
            next_offset=4713,
            read=0,
            now_ms=1_791_788_704_000,
            complete_ms=1_791_788_704_000,
        ),
    },
    "alerts": {
        "raised": AlertChange(
            v=SCHEMA_VERSION,
            source="telemetry",
            seq=1,
            at=AT,
            alert=_ALERT,
            rule="river-phu-oc",
            kind=Kind.RIVER,
            station="phu-oc",
            parameter="river_level",
            change=Change.RAISE,
            level=2,
            previous=0,
            value=3.43,
            limit=3.0,
            unit="m",
        ),
        "silent station": AlertChange(
            v=SCHEMA_VERSION,
            source="telemetry",
            seq=1,
            at=AT,
            alert="silent:phu-oc:station:20261012T070500.000Z",
            rule="silent",
            kind=Kind.SILENT,
            station="phu-oc",
            parameter="station",
            change=Change.RAISE,
            level=1,
            previous=0,
            value=1800.0,
            limit=1800.0,
            unit="s",
            parameters=["river_level", "rain"],
        ),
        "late, over": AlertChange(
            v=SCHEMA_VERSION,
            source="telemetry",
            seq=1,
            at=AT,
            alert="rain-24h:phu-oc:rain_24h:20261012T070500.000Z",
            rule="rain-24h",
            kind=Kind.RAIN,
            station="phu-oc",
            parameter="rain_24h",
            change=Change.RAISE,
            level=1,
            previous=0,
            value=104.2,
            limit=100.0,
            unit="mm",
            late_s=36_000,
            over=True,
        ),
    },
    "frames": {"market": Frame(SCHEMA_VERSION, "cho-quang-tho", 812, AT, "image/jpeg", b"sealed")},
    "payments": {
        "waste": PaymentEvent(
            v=SCHEMA_VERSION,
            source="sepay",
            event="92704",
            at=AT,
            received_at=_LATER,
            what=What.PAYMENT,
            amount_vnd=27_000,
            merchant="ve-sinh",
            content="RAC T10 HO0123",
            payer="6b1f0c2e9d7a4853b6e1f0c2e9d7a485",
            original=None,
            sealed=b"sealed",
            told="0b8d2c6f3a914e57a2c40f9be1d37586",
            transfer="c1f7a0e42d6b48939f5e0ab3d8c26174",
        ),
        "forged": RefusedRequest(
            v=SCHEMA_VERSION,
            source="sepay",
            received_at=_LATER,
            reason=Reason.WRONG_SIGNATURE,
            vi="chữ ký không khớp với nội dung",
            en="the signature does not fit the body",
            sealed=b"sealed",
        ),
    },
    "receipts": {
        "delivered": Receipt(SCHEMA_VERSION, "sms", 12, _LATER, _KEY, "esms-81", Outcome.DELIVERED, 850, ""),
        "failed": Receipt(SCHEMA_VERSION, "zalo", 13, _LATER, _KEY, "zns-7", Outcome.FAILED, None, "refused"),
    },
    "replies": {
        "received": incoming("sms", "mo-4711", "head-la-van-ha", "12 1", _LATER),
        "a stranger's": Incoming(SCHEMA_VERSION, "zalo", 0, _LATER, "zalo:cb31dff1", "", ""),
    },
    "rejected": {
        "unit": Rejected(
            v=SCHEMA_VERSION,
            source="telemetry",
            seq=1201,
            at=_LATER,
            topic="readings",
            partition=1,
            offset=1201,
            key=b"phu-oc",
            reason=Reason.WRONG_UNIT,
            vi="đơn vị cm, trạm phải gửi m",
            en="unit cm, the station must send m",
            payload=b'{"v":1,"source":"phu-oc","seq":4712,"at":"2026-10-12T14:10:00+07:00",'
            b'"parameter":"river_level","value":343,"unit":"cm"}',
        )
    },
}
"""topic -> name of the example -> the message."""
