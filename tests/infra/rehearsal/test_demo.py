"""The demo's accounts: every message has an end, every gap is named, every crossing has its alert."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from confluent_kafka import KafkaError, KafkaException
from rich.console import Console

from infra.rehearsal.demo import accounting, database, director, history, pictures, report, stage, streams
from infra.rehearsal.demo.accounting import ChangeRow, Counted, Lead
from infra.rehearsal.demo.database import MessageRow
from infra.rehearsal.demo.eyes import Eyed
from infra.rehearsal.demo.market import Money
from infra.rehearsal.demo.progress import Sent, settle
from infra.rehearsal.demo.say import say, span
from infra.rehearsal.demo.shot import Shot
from infra.rehearsal.demo.stage import Topics
from infra.rehearsal.demo.stillness import Stillness
from infra.rehearsal.demo.storm import yesterday
from infra.rehearsal.demo.streams import Ends
from infra.rehearsal.demo.summary import FileRow, Summary, Told
from infra.rehearsal.recordings.films import FilmRow
from infra.rehearsal.recordings.signed import SignedRow
from infra.rehearsal.simulator.truth import Crossing, Truth
from infra.run.stack.voice import StackError
from models.alerting.alert import Change, Kind
from models.envelope.rejected import Reason

T0 = datetime(2026, 10, 14, 0, tzinfo=UTC)
WHOLE = Counted(in_kafka=100, read=100, stored=90, duplicates=4, rejected={"not_json": 5, "future": 1})


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def crossing(level: int, hours: float) -> Crossing:
    return Crossing(
        "river",
        Kind.RIVER,
        "gauge",
        "river_level",
        level,
        "I" * level,
        1.5 * level,
        "m",
        at(hours),
        at(9),
        5.0,
    )


def change(verb: Change, level: int, previous: int, hours: float) -> ChangeRow:
    return ChangeRow(
        "river:gauge:river_level:x", 1, at(hours), verb, level, previous, 1.6, 1.5, "river", "river", "gauge",
        "river_level", "m", at(hours),
    )  # fmt: skip


def truth(stored: int = 90, duplicates: int = 4, rejected: dict[Reason, int] | None = None) -> Truth:
    refused = {Reason.NOT_JSON: 5, Reason.FUTURE: 1} if rejected is None else rejected
    sent = stored + duplicates + sum(refused.values())
    return Truth(T0, sent, stored, duplicates, refused, {}, [crossing(1, 2), crossing(2, 5)], [], [])


def test_frames_that_add_up_have_no_gap() -> None:
    assert FRAMES.complete
    assert streams.gaps(FRAMES) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param("in_kafka", 51, "51 in Kafka, the flow has passed 50", id="one was never read"),
        pytest.param("still", 9, "45 read, 44 have an end", id="one has no end"),
    ],
)
def test_a_frame_without_an_end_is_named(field: str, value: int, words: str) -> None:
    (gap,) = streams.gaps(msgspec.structs.replace(FRAMES, **{field: value}))
    assert words in gap.en


def test_what_was_sent_and_did_not_reach_kafka_is_named() -> None:
    assert streams.sent_gap(FRAMES, 50) == []
    assert "52 sent, 50 reached Kafka" in streams.sent_gap(FRAMES, 52)[0].en


def test_a_play_that_adds_up_has_no_gap() -> None:
    assert accounting.sums(100, WHOLE) == []
    assert accounting.against(truth(), WHOLE) == []


@pytest.mark.parametrize(
    ("sent", "counted", "said"),
    [
        pytest.param(101, WHOLE, "Kafka: 1 messages did not reach Kafka", id="lost before Kafka"),
        pytest.param(
            100,
            msgspec.structs.replace(WHOLE, read=98, stored=88),
            "2 records were not read",
            id="not read to the end",
        ),
        pytest.param(
            100,
            msgspec.structs.replace(WHOLE, stored=89),
            "1 records have no known end",
            id="lost in the flow",
        ),
    ],
)
def test_a_lost_message_is_named(sent: int, counted: Counted, said: str) -> None:
    (gap,) = accounting.sums(sent, counted)

    assert said in gap.en


def test_a_record_that_the_way_repeated_is_no_loss() -> None:
    repeated = msgspec.structs.replace(WHOLE, in_kafka=102, read=102, duplicates=6)

    assert accounting.sums(100, repeated) == []
    assert accounting.against(truth(), repeated) == []


def test_right_sums_with_wrong_ends_are_named() -> None:
    swapped = msgspec.structs.replace(WHOLE, stored=89, duplicates=5)

    assert accounting.sums(100, swapped) == []
    assert [gap.en for gap in accounting.against(truth(), swapped)] == [
        "stored: expected 90, found 89",
        "duplicates: expected 4, found 5",
    ]


def test_a_reason_that_nobody_planned_is_named() -> None:
    odd = msgspec.structs.replace(WHOLE, rejected={"not_json": 5, "conflict": 1})

    assert [gap.en for gap in accounting.against(truth(), odd)] == [
        "rejected (conflict): expected 0, found 1",
        "rejected (future): expected 1, found 0",
    ]


def test_the_lead_is_counted_to_the_next_level_and_to_the_peak() -> None:
    found = accounting.leads(truth(), [change(Change.RAISE, 1, 0, 2.1), change(Change.WORSE, 2, 1, 5.05)])

    assert [(lead.delay_min, lead.before_next_min, lead.before_peak_min) for lead in found] == [
        (6.0, 174.0, 414.0),
        (3.0, None, 237.0),
    ]


def test_one_alert_that_jumps_two_levels_answers_for_both() -> None:
    found = accounting.leads(truth(), [change(Change.RAISE, 2, 0, 2.5)])

    assert [lead.alert_at for lead in found] == [at(2.5), at(2.5)]


def test_a_crossing_without_alert_is_named() -> None:
    found = accounting.leads(truth(), [change(Change.RAISE, 1, 0, 2.1)])

    assert [gap.en for gap in accounting.missed(found)] == ["no alert: river level 2 at gauge"]


class Watched(director.Director):
    """A play of which one says what stands in Kafka and what was read."""

    kind = "storm"

    def __init__(self) -> None:
        self.topics, self.db, self._whole = NoAlerts(), None, None  # type: ignore[assignment]
        self.frames = FRAMES

    def streams(self) -> list[Ends]:
        return [self.frames]

    def counted(self) -> Counted:
        return WHOLE

    def run(self, started: datetime) -> Summary:
        raise NotImplementedError(started)


class NoAlerts:
    def count(self, _topic: str) -> int:
        return 0


def test_a_frame_that_comes_after_all_was_settled_is_no_lost_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "read", lambda *_args: 0)
    monkeypatch.setattr(database, "waiting", lambda _db: 0)
    play = Watched()
    assert play.settled()

    play.frames = msgspec.structs.replace(FRAMES, in_kafka=FRAMES.in_kafka + 2)

    counted, ends = play.final()
    assert accounting.sums(100, counted) == []
    assert [streams.gaps(end) for end in ends] == [[]]


def test_a_frame_that_is_not_read_keeps_the_play_unsettled_and_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "read", lambda *_args: 0)
    monkeypatch.setattr(database, "waiting", lambda _db: 0)
    play = Watched()
    assert play.settled()
    play.frames = msgspec.structs.replace(FRAMES, in_kafka=FRAMES.in_kafka + 2)

    assert not play.settled()

    _, (ends,) = play.final()
    assert len(streams.gaps(ends)) == 1


def test_the_storm_lies_in_the_past_by_a_whole_local_day() -> None:
    # 18:30 UTC is already the next day in Vietnam.
    assert yesterday(datetime(2026, 11, 23, 18, 30, tzinfo=UTC)).isoformat() == "2026-11-23T00:00:00+07:00"


def test_what_stops_the_sender_reaches_the_caller() -> None:
    sent = Sent(1)

    def broken() -> None:
        msg = "no broker"
        raise ConnectionError(msg)

    sent.run(broken).join()

    with pytest.raises(ConnectionError, match="no broker"):
        sent.check()


def test_the_wait_ends_when_all_is_settled_at_two_looks_between_which_nothing_moves() -> None:
    # The third look fell on a beat that was on its way.
    answers = iter([False, True, False, True])

    waited = settle(
        Console(quiet=True),
        lambda: next(answers, True),
        Stillness(lambda: 0.0),
        lambda: None,
        lambda: None,
        quiet_s=0.1,
    )

    assert waited > 0
    assert next(answers, None) is None


def test_what_moves_between_two_looks_begins_the_rest_anew() -> None:
    done, answers = iter([1, 1, 2, 2]), iter([False, True, True, True])

    settle(
        Console(quiet=True),
        lambda: next(answers),
        Stillness(lambda: 0.0),
        lambda: next(done),
        lambda: None,
        quiet_s=0.1,
    )

    assert (next(done, None), next(answers, None)) == (None, None)


def test_the_wait_ends_when_nothing_moves_although_the_stack_works() -> None:
    work = iter(range(0, 1000, 10))

    waited = settle(
        Console(quiet=True),
        lambda: False,
        Stillness(lambda: float(next(work)), still_s=0, at_least_s=20),
        lambda: "the same",
        lambda: None,
    )

    assert waited > 0


def test_the_wait_ends_with_the_name_of_who_will_not_come_back() -> None:
    def gone() -> None:
        raise StackError("telemetry đã dừng", "telemetry has died")

    with pytest.raises(StackError, match="telemetry has died"):
        settle(Console(quiet=True), lambda: False, Stillness(lambda: 0.0), lambda: None, gone)


class Broker:
    """A consumer whose broker does not answer the first questions."""

    def __init__(self, *answers: int | KafkaError) -> None:
        self._answers = iter(answers)

    def get_watermark_offsets(self, _place: object, timeout: float) -> tuple[int, int]:
        answer = next(self._answers)
        if isinstance(answer, KafkaError):
            raise KafkaException(answer)
        return 0, answer


def topics(alive: Callable[[], None], *answers: int | KafkaError) -> Topics:
    found = Topics("127.0.0.1:1", alive)
    found.close()
    found._consumer = Broker(*answers)  # type: ignore[assignment]
    return found


TIMED_OUT = KafkaError(KafkaError._TIMED_OUT)


def test_a_broker_that_answers_late_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "PARTS", {"alerts": 2})

    assert topics(lambda: None, TIMED_OUT, 5, TIMED_OUT, 7).count("alerts") == 12


def test_a_broker_that_has_gone_is_not_asked_for_ever() -> None:
    def gone() -> None:
        raise StackError("kafka đã dừng", "kafka has died")

    with pytest.raises(StackError, match="kafka has died"):
        topics(gone, TIMED_OUT, TIMED_OUT).count("alerts")


def test_spans_are_said_as_people_say_them() -> None:
    assert [span(m) for m in (None, 7.4, 95, -12)] == ["-", "7 min", "1 h 35", "-12 min"]


MONEY = Money(
    3,
    1,
    {"ve-sinh": 54_000},
    {7: 27_000, 8: 27_000},
    {"la-van-ha": 54_000},
    [("Hộ", "Households", 2, 1959, 1.0)],
)
FILM = FilmRow("crowd/vtest.avi", "Sân", 795, 700, 95, 5.4, 5.5, 0.98, 360)
SIGNED = SignedRow("sepay", 401, '{"success":false}')
FRAMES = Ends("cameras", "frames", "khung hình", "frames", 50, 45, 30, 10, 5, 2, {"not_a_picture": 3})


def summary(**changed: object) -> Summary:
    row = MessageRow(
        "k", "river:gauge:river_level:x", 1, at(2.1), "gauge", "truong-thon", "river", 1, "sms", "delivered",
        "BAO DONG <1> song Bo", 1, at(2.1), at(2.2), at(2.3), 350, None,
    )  # fmt: skip
    whole = Summary(
        kind="storm", played_at=T0, start=T0, end=at(24), speed=785.0, play_s=110.0, settle_s=4.2, sent=100,
        counted=WHOLE, faults={"spike": 3}, leads=[Lead(crossing(1, 2), at(2.1), 6.0, None, 414.0)],
        changes=[change(Change.RAISE, 1, 0, 2.1)], messages=[Told(row, "Nguyễn Văn A", "trưởng thôn", 0.4, row.text)],
        files=[], gaps=[], streams=[FRAMES], money=MONEY, films=[FILM], signed=[SIGNED], inbox="http://127.0.0.1:19105/",
    )  # fmt: skip
    return msgspec.structs.replace(whole, **changed)


FILE = FileRow(
    "river/x.csv", "Sông", "River", T0, at(24), 1, 10, 2, 100, 90, 3, 4, {"not_json": 6}, {"river 1": 1}
)  # fmt: skip


@pytest.mark.parametrize("kind", ["storm", "recordings"])
def test_the_report_stands_alone_and_escapes_what_it_was_told(kind: str) -> None:
    page = report.html(summary(kind=kind, files=[FILE]), [report.Picture(("Sông", "River", "<svg></svg>"))])

    assert "BAO DONG &lt;1&gt; song Bo" in page
    assert "Không mất bản tin nào" in page
    assert "<svg></svg>" in page
    assert "src=" not in page
    assert "href=" not in page


def test_the_report_names_what_is_missing() -> None:
    page = report.html(summary(gaps=[accounting.Gap("thiếu 1", "1 is missing")]), [])

    assert "Có chỗ không khớp" in page
    assert "1 is missing" in page


UNREAD = msgspec.structs.replace(FILE, file="air/rong.csv", first=None, last=None, readings=0, stored=0, duplicates=0, rejected={}, notes=["tệp trống"])  # fmt: skip


def test_a_file_that_could_not_be_read_is_no_loss_and_no_success() -> None:
    whole = summary(
        kind="recordings", files=[FILE, UNREAD], gaps=history.gaps([FILE, UNREAD], FILE.duplicates)
    )
    page = report.html(whole, [])
    console = Console(width=220, force_terminal=False)
    with console.capture() as captured:
        say(console, whole)

    assert not whole.ok
    assert "có tệp không đọc được" in page
    assert "tệp trống" in page
    assert "khớp (nothing is lost)" in captured.get()
    assert "air/rong.csv: không đọc được số liệu nào: tệp trống" in captured.get()


def test_the_terminal_says_sums_leads_files_and_messages() -> None:
    console = Console(width=200, record=True, quiet=False, file=None, force_terminal=False)
    with console.capture() as captured:
        say(console, summary(files=[FILE], gaps=[accounting.Gap("thiếu 1", "1 is missing")]))
    text = captured.get()

    for words in (
        "Gửi (sent) 100",
        "not_json 5",
        "Nguyễn Văn A",
        "BAO DONG <1> song Bo",
        "THIẾU: thiếu 1",
        "river 1: 1",
    ):
        assert words in text


EYED = Eyed(
    camera="duong-tran", vi="nước sâu từ 10 cm", en="water 10 cm deep", true_at=at(3), said_at=at(3.3), delay_min=18.0,
    lead_min=30.0, over_said=at(17), said_vi="camera: nước phủ <72> %", said_en="camera: water on <72> %",
)  # fmt: skip
"""Hours are of UTC: seven later in Vietnam."""


def test_what_a_camera_said_stands_in_terminal_and_report_with_its_picture() -> None:
    whole = summary(eyes=[EYED])
    console = Console(width=300, force_terminal=False)
    with console.capture() as captured:
        say(console, whole)
    shot = Shot(at(3.3), "Đường tràn", 0, "data:image/jpeg;base64,AA==", "water_seen", 21.0, "cm")
    page = report.html(whole, [], [shot], {"duong-tran": "Đường tràn Phước Yên"})

    for words in (
        "thật (true) 10:00",
        "camera nói (said) 10:18",
        "trễ (delay) 18 min",
        "(before the gauge) 30 min",
    ):
        assert words in captured.get()
    assert "nói hết (said over) 00:00" in captured.get()
    assert "Đường tràn Phước Yên" in page
    assert "nước phủ &lt;72&gt; %" in page
    assert "nước 21" in page


def test_the_summary_survives_json() -> None:
    whole = summary(files=[FILE], eyes=[EYED])

    assert msgspec.json.decode(msgspec.json.encode(whole), type=Summary) == whole


def test_a_picture_is_svg_with_its_levels_and_alerts() -> None:
    points = [(at(h / 4), 1.0 + h / 10, 1 if h else 4) for h in range(40)]
    drawing = pictures.Drawing(
        "river", "m", {"gauge": points}, [pictures.Limit(1.5, 1, "BĐ I")], [change(Change.RAISE, 1, 0, 2.1)],
        {"gauge": [(at(h), 1.0 + h * 0.4) for h in range(10)]}, [(at(1), at(2), 1.4)], [(at(3), at(4))],
    )  # fmt: skip
    svg = pictures.draw([drawing], "river")

    assert svg.startswith("<svg")
    assert "BĐ I 1,5" in svg
    assert pictures.draw([drawing], "river") == svg


def test_a_time_line_has_a_row_for_each_person() -> None:
    svg = pictures.timeline([summary().messages[0].row], {"truong-thon": "Nguyễn Văn A"})

    assert "Nguyễn Văn A" in svg
