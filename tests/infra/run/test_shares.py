"""How many processes a flow has: one setting, which the supervisor, status, compose and the commands follow alike."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from connectors import readiness
from connectors.kafka import topics
from connectors.recovery.place import Claim, folder, in_force, put_in_force
from connectors.recovery.store import Snapshot, read, write
from connectors.settings import ROOT, Settings, SettingsError, settings
from infra.phusa import app
from infra.run import log_files
from infra.run.doctor import shares
from infra.run.processes import PROCESSES, SHARED, owners, process_of, program_name, ready_file, state_folder
from infra.run.stack import compose, processes
from infra.run.stack.supervisor import ProgramState
from infra.run.stack.voice import StackError
from infra.run.status import gather, words
from models.envelope import partition
from models.envelope.ownership import WHOLE, Ownership, everyone
from models.telemetry.ways import beats
from tests.builders import START_MS, at

TWO = ("telemetry-1-of-2", "telemetry-2-of-2")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy with two processes for the readings."""
    monkeypatch.setenv("PHUSA_VAR", str(tmp_path))
    monkeypatch.setenv("PHUSA_TELEMETRY_SHARDS", "2")
    settings.cache_clear()
    yield settings()
    monkeypatch.undo()
    settings.cache_clear()
    settings()


def phusa(*words: str) -> tuple[int, str]:
    """Exit code, and all that was said."""
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


def test_the_supervisor_gets_each_share_with_a_name_a_log_and_a_readiness_of_its_own(copy: Settings) -> None:
    made = processes.programs(copy, ("telemetry", "cameras", "alerts"), {})

    assert [program.name for program in made] == [*TWO, "cameras", "alerts"]
    assert [program.command[3:] for program in made] == [
        ("telemetry", "--shard", "1/2"), ("telemetry", "--shard", "2/2"), ("cameras",), ("alerts",)
    ]  # fmt: skip
    assert [program.ready for program in made] == [
        copy.var / "run" / f"{program.name}.ready" for program in made
    ]


def test_one_process_is_called_as_ever(tmp_path: Path) -> None:
    own = Settings(var=tmp_path)
    for name in PROCESSES:
        assert [program_name(name, owner) for owner in owners(own, name)] == [name]
        assert process_of(name) == name


@pytest.mark.parametrize("name", SHARED)
def test_the_name_of_a_share_leads_back_to_its_process_and_says_what_it_is_for(name: str) -> None:
    for owner in everyone(12):
        assert process_of(program_name(name, owner)) == name
        assert words.program(program_name(name, owner)) == words.PROGRAMS[name]


def test_status_tells_what_a_share_waits_for(copy: Settings) -> None:
    readiness.begin(ready_file(copy, TWO[0]), [readiness.PARTITIONS])
    (told,) = gather._waits(copy, [ProgramState(TWO[0], "RUNNING", os.getpid())])
    assert TWO[0] in told


def test_the_log_of_a_share_is_found_by_its_name(copy: Settings) -> None:
    logs = copy.var / "logs"
    logs.mkdir()
    (logs / f"{TWO[1]}.log").write_text("x\n")
    assert TWO[1] in log_files.names(logs)


REFUSED = [
    ("more processes than partitions", {"PHUSA_TELEMETRY_SHARDS": "5"}, "PHUSA_TELEMETRY_SHARDS"),
    ("more than the partitions that are set", {"PHUSA_PARTITIONS": "2", "PHUSA_CAMERAS_SHARDS": "3"}, "PHUSA_CAMERAS_SHARDS"),
    ("no process", {"PHUSA_PAYMENTS_SHARDS": "0"}, "PHUSA_PAYMENTS_SHARDS"),
    ("no partition", {"PHUSA_PARTITIONS": "0"}, "PHUSA_PARTITIONS"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "named"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_a_number_that_cannot_be_is_refused_by_its_name(
    told: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    with pytest.raises(SettingsError, match=named):
        settings()
    settings.cache_clear()


def test_the_number_of_partitions_is_one_for_topics_stations_and_beats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PHUSA_PARTITIONS", "12")
    settings.cache_clear()
    try:
        settings()
        names = [f"tram-{i}" for i in range(200)]
        keyed = {topic.name: topic.partitions for topic in topics.TOPICS if topic.fixed is None}
        assert set(keyed.values()) == {12}
        assert {partition.partition_of(name) for name in names} == set(range(12))
        assert [p for p, _ in beats("bridge", 1, at(START_MS), 120.0)] == list(range(12))
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        settings()
    assert partition.chosen() == partition.PARTITIONS


def test_compose_is_told_the_same_numbers_and_each_container_takes_a_free_share() -> None:
    found = yaml.safe_load(compose.FILE.read_text(encoding="utf-8"))["services"]
    for name in SHARED:
        assert found[name]["command"] == ["run", name, "--shard", "free"]
        assert found[name]["deploy"]["replicas"] == f"${{PHUSA_{name.upper()}_SHARDS:-1}}"
        assert f"PHUSA_{name.upper()}_SHARDS" in found[name]["environment"]
    assert not any("deploy" in one for name, one in found.items() if name not in SHARED)


def test_up_refuses_another_number_than_the_state_is_for_and_names_the_command(copy: Settings) -> None:
    put_in_force_of(copy, 1)
    with pytest.raises(StackError, match="phusa reshard telemetry 2"):
        processes.require_state(copy, ("telemetry", "alerts"))
    put_in_force_of(copy, 2)
    processes.require_state(copy, ("telemetry", "alerts"))


EXAMINED = [
    ("all run", 2, TWO, ("good", "shared by 2")),
    ("one is away", 2, TWO[:1], ("bad", "telemetry-2-of-2 does not run")),
    ("nothing runs, which another line says", 2, (), ("good", "shared by 2")),
    ("the state is for another number", 4, TWO, ("bad", "phusa reshard telemetry 2")),
]


@pytest.mark.parametrize(
    ("kept", "running", "told"), [one[1:] for one in EXAMINED], ids=[one[0] for one in EXAMINED]
)
def test_the_doctor_tells_of_a_shared_flow_whether_all_of_it_runs(
    copy: Settings, kept: int, running: tuple[str, ...], told: tuple[str, str]
) -> None:
    put_in_force_of(copy, kept)
    (line,) = shares.look(copy, running)
    assert line.verdict == told[0]
    assert told[1] in f"{line.en} {line.next_en}"


def test_of_flows_that_are_one_process_each_the_doctor_has_nothing_to_tell(tmp_path: Path) -> None:
    assert shares.look(Settings(var=tmp_path), PROCESSES) == []


def put_in_force_of(copy: Settings, number: int) -> None:
    root = state_folder(copy, "telemetry")
    root.mkdir(parents=True, exist_ok=True)
    put_in_force(root, number)


def kept(root: Path) -> None:
    """A store as the version before left it."""
    write(root, [Snapshot("telemetry.judge", f"{p}/phu-oc", pickle.dumps(b"x")) for p in range(4)])


def test_reshard_moves_tells_what_went_where_and_which_setting_is_left_to_set(copy: Settings) -> None:
    root = state_folder(copy, "telemetry")
    kept(root)

    code, said = phusa("reshard", "telemetry", "4")

    assert code == 0
    assert in_force(root) == 4
    assert [len(read(folder(root, ownership))) for ownership in everyone(4)] == [1, 1, 1, 1]
    assert "1 → 4" in said
    assert "PHUSA_TELEMETRY_SHARDS=4" in said
    assert "PHUSA_TELEMETRY_SHARDS" not in phusa("reshard", "telemetry", "2")[1]


WRONG = [
    ("a flow that cannot be shared", ("alerts", "2"), 2, "telemetry, cameras, payments"),
    ("more than partitions", ("telemetry", "5"), 1, "expected 1 to 4"),
    ("none", ("telemetry", "0"), 1, "expected 1 to 4"),
]


@pytest.mark.parametrize(("typed", "code", "told"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_reshard_refuses_in_words(copy: Settings, typed: tuple[str, str], code: int, told: str) -> None:
    state_folder(copy, typed[0]).mkdir(parents=True)
    found, said = phusa("reshard", *typed)
    assert found == code
    assert told in said


def test_reshard_refuses_while_the_flow_runs(copy: Settings) -> None:
    root = state_folder(copy, "telemetry")
    kept(root)
    with Claim(root, WHOLE):
        done = subprocess.run(
            [sys.executable, "-m", "infra.phusa", "reshard", "telemetry", "2"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "telemetry đang chạy" in done.stderr
    assert in_force(root) == 1


RUNS = [
    ("not a share", ("telemetry", "--shard", "three"), 2, "expected number/of"),
    ("more than partitions", ("telemetry", "--shard", "1/9"), 2, "there are 4 partitions"),
    ("of what cannot be shared", ("alerts", "--shard", "1/2"), 2, "cannot be shared"),
    ("another number than the state is for", ("telemetry", "--shard", "1/4"), 1, "phusa reshard telemetry 4"),
    ("all shares are held", ("payments", "--shard", "free"), 1, "another process"),
]


@pytest.mark.parametrize(("typed", "code", "told"), [run[1:] for run in RUNS], ids=[run[0] for run in RUNS])
def test_run_refuses_a_share_that_cannot_be_before_it_reads_anything(
    copy: Settings, typed: tuple[str, ...], code: int, told: str
) -> None:
    put_in_force_of(copy, 2)
    with Claim(state_folder(copy, "payments"), Ownership(1, 1)):
        done = subprocess.run(
            [sys.executable, "-m", "infra.run.processes", *typed], cwd=ROOT, capture_output=True, text=True, check=False
        )  # fmt: skip
    assert done.returncode == code
    assert told in done.stderr
