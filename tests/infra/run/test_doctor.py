"""`phusa doctor`: a fact in, a line out; what could not be looked at is unknown, never good."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from connectors import commune as files
from connectors.settings import ROOT, Settings, settings
from connectors.ways import way
from infra.phusa import app
from infra.run.cli.doctor import draw
from infra.run.doctor import judge, machine, people, services
from infra.run.doctor.line import Line, Verdict
from infra.run.doctor.people import Sensor
from models.catalogue.channels import Channel
from tests.gateways import own_settings

NOW = datetime(2026, 11, 26, 6, tzinfo=UTC)
GOOD, BAD, UNKNOWN = Verdict


def port(*, held: bool, ours: bool) -> Line:
    return judge.port("Kafka", 19001, held=held, ours=ours, base=19000)


def disk(free_gb: float, total_gb: float = 100.0, files: float = 0.9) -> Line:
    return judge.disk(free_gb * 1e9, total_gb * 1e9, files, "/x")


def clock(*, synchronised: bool | None, offset_s: float | None = None) -> Line:
    return judge.clock(synchronised=synchronised, offset_s=offset_s)


def server(*, answers: bool, expected: bool) -> Line:
    return people.server("Kafka", answers=answers, expected=expected, setting="PHUSA_KAFKA")


def gateway(*, reached: bool, local: bool, runs: bool = True) -> Line:
    return people.gateway("Zalo", "zalo.example", reached=reached, local=local, runs=runs)


LINES = {
    "a port of ours that listens": (port(held=True, ours=True), GOOD, "đang nghe"),
    "a free port while nothing runs": (port(held=False, ours=False), GOOD, "trống"),
    "a port that another has": (port(held=True, ours=False), BAD, "PHUSA_PORT_BASE=19100"),
    "a program that does not listen": (port(held=False, ours=True), BAD, "không nghe"),
    "room on the disk": (disk(40), GOOD, "còn 40,0 trong 100,0 GB"),
    "less than 2 GB": (disk(1.9, 20), BAD, "sắp đầy"),
    "less than a twentieth": (disk(40, 1000), BAD, "phusa.retention"),
    "no more files": (disk(40, files=0.01), BAD, "tệp"),
    "NTP to the millisecond": (clock(synchronised=True, offset_s=-0.0124), GOOD, "0,012 giây"),
    "NTP, how well is not told": (clock(synchronised=True), GOOD, "theo NTP"),
    "3 s off": (clock(synchronised=True, offset_s=-3.0), BAD, "lệch 3,0 giây"),
    "no NTP": (clock(synchronised=False), BAD, "chrony"),
    "nobody tells": (clock(synchronised=None), UNKNOWN, "không cho biết"),
    "the zone's table is there": (judge.zone("UTC", vietnam=True), GOOD, "luôn dùng giờ Việt Nam"),
    "the zone's table is missing": (judge.zone("UTC", vietnam=False), BAD, "tzdata"),
    "the database's clock agrees": (judge.apart(-0.5), GOOD, "khớp"),
    "the database's clock is an hour ahead": (judge.apart(3600), BAD, "3.600,0 giây"),
    "Python 3.11": (judge.python((3, 11)), GOOD, "3.11"),
    "Python 3.13": (judge.python((3, 13)), BAD, "bootstrap"),
    "Java 17": (judge.java(17, needed=True), GOOD, "17"),
    "Java 11": (judge.java(11, needed=True), BAD, "cần 17"),
    "no Java": (judge.java(None, needed=True), BAD, "default-jre"),
    "no Java and none needed": (judge.java(None, needed=False), GOOD, "không cần"),
    "PostgreSQL 17": (judge.postgres(17, "community"), GOOD, "17"),
    "PostgreSQL 14": (judge.postgres(14, "postgresql"), BAD, "cần 15"),
    "the newest schema": (judge.schema("0010", "0010"), GOOD, "mới nhất"),
    "an older schema": (judge.schema("0009", "0010"), BAD, "phusa up"),
    "no schema": (judge.schema(None, "0010"), BAD, "chưa có"),
    "Kafka answers": (server(answers=True, expected=False), GOOD, "trả lời"),
    "Kafka is away and should not be": (server(answers=False, expected=True), BAD, "PHUSA_KAFKA"),
    "Kafka was not started": (server(answers=False, expected=False), UNKNOWN, "phusa up"),
    "all topics": (people.topics([]), GOOD, "đủ"),
    "a topic is missing": (people.topics(["frames"]), BAD, "frames"),
    "a real gateway": (gateway(reached=True, local=False), GOOD, "zalo.example"),
    "a real gateway that is away": (gateway(reached=False, local=False), BAD, "tường lửa"),
    "the local gateway": (gateway(reached=True, local=True), GOOD, "không ra ngoài"),
    "the local gateway is away": (gateway(reached=False, local=True), BAD, "phusa logs gateway"),
    "the local gateway was not started": (
        gateway(reached=False, local=True, runs=False),
        UNKNOWN,
        "phusa up",
    ),
    "all contacts": (people.contacts([], {"An": "84912"}, real=True), GOOD, "1 người nhận"),
    "a contact without a number": (people.contacts(["An"], {}, real=False), BAD, "An"),
    "made-up numbers at a real gateway": (
        people.contacts([], {"An": "84000000001"}, real=True),
        BAD,
        "Số giả",
    ),
    "made-up numbers at our own": (
        people.contacts([], {"An": "84000000001"}, real=False),
        GOOD,
        "1 người nhận",
    ),
}


@pytest.mark.parametrize(("line", "verdict", "told"), LINES.values(), ids=LINES.keys())
def test_a_fact_is_judged(line: Line, verdict: Verdict, told: str) -> None:
    assert line.verdict is verdict
    assert told in f"{line.vi} {line.next_vi}"


def test_every_line_that_is_bad_names_the_next_step_in_both_languages() -> None:
    bad = [line for line, verdict, _ in LINES.values() if verdict is BAD]

    assert bad
    assert all(line.next_vi and line.next_en and line.en for line in bad)


SILENT = timedelta(seconds=600)
SENSORS = {
    "in time": ([Sensor("a", NOW - SILENT, 600)], GOOD, "10 phút trước"),
    "overdue": (
        [Sensor("Phú Ốc, mực nước", NOW - SILENT - timedelta(seconds=1), 600)],
        BAD,
        "Phú Ốc, mực nước",
    ),
    "one of two has never told": ([Sensor("a", NOW, 600), Sensor("b", None, 600)], BAD, "1 trong 2"),
    "no reading yet": ([Sensor("a", None, 600)], UNKNOWN, "chưa có bản tin"),
    "no sensor": ([], UNKNOWN, "không có cảm biến"),
    "of the future": ([Sensor("a", NOW + timedelta(hours=7), 600)], BAD, "tương lai"),
    "seven silent ones": (
        [Sensor(str(one), NOW - timedelta(days=1), 60) for one in range(7)],
        BAD,
        "và 2 nữa",
    ),
}


@pytest.mark.parametrize(("sensors", "verdict", "told"), SENSORS.values(), ids=SENSORS.keys())
def test_readings_are_as_old_as_their_sensor_may_be(
    sensors: list[Sensor], verdict: Verdict, told: str
) -> None:
    (line,) = people.ages(sensors, NOW)

    assert line.verdict is verdict
    assert told in line.vi


TOKENS = {
    "valid": (NOW + timedelta(hours=1), GOOD),
    "expired": (NOW - timedelta(hours=1), BAD),
    "none": (None, BAD),
}


@pytest.mark.parametrize(("expires", "verdict"), TOKENS.values(), ids=TOKENS.keys())
def test_a_channels_token_is_looked_at(expires: datetime | None, verdict: Verdict) -> None:
    held = way(Channel.ZALO).credential
    line = people.token("Zalo", held, expires, NOW)

    assert line.verdict == verdict


@pytest.mark.parametrize(
    ("gateways", "looked_at"),
    [({}, False), ({"sms": "https://sms.example"}, False), ({"zalo": "https://zalo.example"}, True)],
    ids=["no real service", "only SMS is real", "Zalo is real"],
)
def test_zalos_token_is_looked_at_where_zalo_is_used(
    tmp_path: Path, gateways: dict[str, str], looked_at: bool
) -> None:
    settings = own_settings(tmp_path).model_copy(update={"gateways": gateways})
    found = services.tokens(settings, files.load(settings.commune))

    assert any(line.vi.startswith("Mã Zalo") for line in found) is looked_at


RIGHTS = {
    "for the owner only": (0o40700, {"a": 0o100600}, (), [GOOD]),
    "an older file that only its owner reads": (0o40700, {"a": 0o100400}, (), [GOOD]),
    "a file that the group reads": (0o40700, {"a": 0o100640, "b": 0o100600}, (), [BAD]),
    "a folder that all may enter, and a file": (0o40755, {"a": 0o100644}, (), [BAD, BAD]),
    "of another user": (0o40700, {"a": 0o100600}, ("a",), [BAD]),
    "no folder yet": (None, {}, (), [UNKNOWN]),
}


@pytest.mark.parametrize(("mode", "files", "foreign", "verdicts"), RIGHTS.values(), ids=RIGHTS.keys())
def test_secrets_are_for_their_owner_only(
    mode: int | None, files: dict[str, int], foreign: tuple[str, ...], verdicts: list[Verdict]
) -> None:
    found = judge.secrets("/s", mode, files, foreign)

    assert [secret.verdict for secret in found] == verdicts
    assert all(secret.next_vi for secret in found if secret.verdict is BAD)


CAMERAS = {
    "both there": ({"a": True, "b": True}, ["good"]),
    "one is away": ({"Chợ": True, "Đường": False}, ["bad", "good"]),
    "none configured": ({}, []),
}


@pytest.mark.parametrize(("reached", "verdicts"), CAMERAS.values(), ids=CAMERAS.keys())
def test_cameras_that_are_away_are_named(reached: dict[str, bool], verdicts: list[str]) -> None:
    found = people.cameras(reached)

    assert [str(camera.verdict) for camera in found] == verdicts
    assert all("Đường" in camera.vi for camera in found if camera.verdict is BAD)


LOG = """\
2026-11-25 05:00:00,123 WARN exited: telemetry (terminated by SIGKILL; not expected)
2026-11-26 05:00:00,123 WARN exited: telemetry (terminated by SIGKILL; not expected)
2026-11-26 05:00:01,123 INFO spawned: 'telemetry' with pid 7
2026-11-26 05:10:00,123 INFO exited: bridge (exit status 0; expected)
2026-11-26 05:11:00,123 WARN exited: alerts (exit status 1; not expected)
not a line of the supervisor
"""


def test_deaths_are_counted_from_the_supervisors_log_since_yesterday() -> None:
    since = datetime(2026, 11, 25, 6)  # noqa: DTZ001 (the log has the machine's own time)
    assert services.died(LOG.splitlines(), since) == {"telemetry": 1, "alerts": 1}


RESTARTS = {"none": ({}, [GOOD]), "once": ({"a": 1}, [GOOD]), "three times": ({"a": 3, "b": 1}, [BAD, GOOD])}


@pytest.mark.parametrize(("counts", "verdicts"), RESTARTS.values(), ids=RESTARTS.keys())
def test_a_program_that_dies_again_and_again_is_named(
    counts: dict[str, int], verdicts: list[Verdict]
) -> None:
    assert [restart.verdict for restart in people.restarts(counts)] == verdicts


def test_what_programs_say_of_themselves_is_read() -> None:
    chrony = "A29FC87B,192.0.2.1,3,1764137000.1,-0.000123,0.0001,0.0002,1,0,0,0.01,0.001,64.3,Normal\n"

    assert machine.chrony(chrony) == machine.NtpSeen(synchronised=True, offset_s=-0.000123)
    assert machine.chrony("506 Cannot talk to daemon") is None
    assert machine.java('openjdk version "17.0.12" 2026-07-16') == 17
    assert machine.java('java version "1.8.0_402"') == 8
    assert machine.java("command not found") is None


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A copy of which nothing was ever started, on ports that are free."""
    monkeypatch.setenv("PHUSA_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("PHUSA_PORT_BASE", "64000")
    settings.cache_clear()
    yield settings()
    monkeypatch.undo()
    settings.cache_clear()


def test_it_works_where_nothing_runs_and_says_what_to_do(copy: Settings) -> None:
    told = CliRunner().invoke(app, ["doctor", "--json"])
    lines = [Line(**load) for load in json.loads(told.output)]

    assert told.exit_code == 1
    assert any(
        line.verdict == "bad" and line.vi == "Không có gì đang chạy" and line.next_vi == "phusa up"
        for line in lines
    )
    assert any(
        "Cơ sở dữ liệu: chưa từng khởi động" in line.vi and line.verdict == "unknown" for line in lines
    )
    assert any(line.vi.startswith("Đĩa") for line in lines)
    assert any(line.vi.startswith("Python 3.1") and line.verdict == "good" for line in lines)
    assert not copy.var.exists()


# The interpreter may lie in root's own folder: the first look loads all that it needs, the second is made as `nobody`.
AS_NOBODY = """
import os
from infra.run.cli.doctor import examine
from infra.phusa import app
examine()
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
app(["doctor", "--json"])
"""
FOLDERS = {"his own": (0o755, "Không có gì đang chạy"), "another's": (0o700, "là của người dùng khác")}


@pytest.mark.skipif(os.geteuid() != 0, reason="not root: every other test here is run as such a user")
@pytest.mark.usefixtures("copy")
@pytest.mark.parametrize(("mode", "told"), FOLDERS.values(), ids=FOLDERS.keys())
def test_it_works_for_a_user_who_is_not_root(mode: int, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(mode)
        monkeypatch.setenv("PHUSA_VAR", f"{folder}/var")
        command = [sys.executable, "-c", AS_NOBODY]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.returncode == 1, done.stderr
    assert any(told in load["vi"] for load in json.loads(done.stdout))


def test_the_rights_of_real_files_are_seen(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for name, mode in (("mine", 0o600), ("everybodys", 0o644)):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(mode)

    (line,) = machine.secrets(tmp_path)
    assert line.next_vi == f"chmod 600 {tmp_path / 'everybodys'}"


def test_a_foreign_program_on_our_port_is_seen(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        own = Settings(var=tmp_path, port_base=busy.getsockname()[1] - 7)
        found = machine.ports_of(own, [])

    assert any(f"Cổng {own.grafana_port} (Grafana): chương trình khác giữ" == line.vi for line in found)


def test_an_address_is_reached_or_not_and_nothing_is_sent() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        address = f"rtsp://user:secret@127.0.0.1:{server.getsockname()[1]}/live"
        assert services.reached(address)
        connection, _ = server.accept()
        assert connection.recv(1) == b""
        connection.close()

    assert not services.reached(address)
    assert services.reached(__file__)


def test_it_reads_at_80_columns() -> None:
    console = Console(width=80, record=True, highlight=False, file=io.StringIO())
    draw(console, [line for line, _, _ in LINES.values()])
    lines = console.export_text().splitlines()

    assert max(len(line.rstrip()) for line in lines) <= 80
    assert lines[0].startswith("✗ HỎNG")


@pytest.mark.integration
def test_a_platform_that_runs_is_seen_with_its_schema_and_topics(running: Settings) -> None:
    from infra.run import stack
    from infra.run.status.clock import platform_now

    states = stack.state(running)
    found = services.look(running, states, platform_now(running), None)
    told = {one.vi: one.verdict for one in found}

    assert told[f"{len(states)} chương trình đang chạy"] is GOOD
    assert told["Kafka đủ chủ đề"] is GOOD
    assert told["MQTT trả lời"] is GOOD
    assert told[f"Lược đồ cơ sở dữ liệu {services.head()}: mới nhất"] is GOOD
    assert any(one.startswith("PostgreSQL") for one in told)
    held = machine.ports_of(running, [state.program for state in states])
    assert not [line for line in held if line.verdict is BAD and "Grafana" not in line.vi]
