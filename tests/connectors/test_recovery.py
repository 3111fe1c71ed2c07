"""What a flow remembers: whose it is, and that moving it to another number of processes loses and doubles nothing."""

from __future__ import annotations

import pickle
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import TestingSink, run_main

from connectors.recovery import store
from connectors.recovery.move import divide, move
from connectors.recovery.place import Claim, StateError, first_free, folder, in_force, put_in_force
from connectors.recovery.store import Snapshot, make, read, remove, write
from flows.telemetry import Item, build
from models.envelope.ownership import WHOLE, Ownership, everyone, owner_of
from models.envelope.partition import PARTITIONS
from models.telemetry.memory import Kept
from models.telemetry.plan import plan
from tests.flows.test_resume import Mortal, lived_through, run, story, three

FLOW, TOPIC = "telemetry", "readings"
SOURCE = f"{FLOW}.{TOPIC}"
MOVES = [(1, 2), (1, 4), (2, 4), (2, 3), (3, 2), (4, 1), (2, 1), (3, 4)]
STEPS = ("clear", "write", "in force", "clear old")


def made(partitions: int = PARTITIONS) -> list[Snapshot]:
    """What the flow remembers of every partition and two stations in each; the part of a sink remembers nothing."""
    kept = [
        Snapshot(f"{FLOW}.judge", key, pickle.dumps(f"state of {key}".encode()))
        for p in range(partitions)
        for key in (str(p), f"{p}/phu-oc", f"{p}/trạm 2/a")
    ]
    return [*kept, Snapshot(f"{FLOW}.store", "store", pickle.dumps(None))]


def offsets(owner: Ownership, partitions: int = PARTITIONS) -> Snapshot:
    """Where the source of one process stands: a hundred and the partition."""
    return Snapshot(SOURCE, TOPIC, pickle.dumps({p: 100 + p for p in range(partitions) if owner.owns(p)}))


def fill(root: Path, number: int) -> None:
    """The stores of `number` processes, as they leave them."""
    for owner in everyone(number):
        own = [one for one in made() if one.key == "store" or owner.owns(int(one.key.partition("/")[0]))]
        write(folder(root, owner), [*own, offsets(owner)])
    if number > 1:
        (root / "in-force").write_text(f"{number}\n")


def content(root: Path) -> dict[Ownership, list[Snapshot]]:
    """All that is in force."""
    return {ownership: read(folder(root, ownership)) for ownership in everyone(in_force(root) or 1)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = tmp_path / "state" / FLOW
    found.mkdir(parents=True)
    return found


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_every_snapshot_is_in_exactly_one_new_store_its_partitions_owner(
    root: Path, before: int, after: int
) -> None:
    fill(root, before)

    moved = move([root], TOPIC, after, PARTITIONS)

    found = content(root)
    kept = [(owner, one) for owner, each in found.items() for one in each if one.step == f"{FLOW}.judge"]
    assert in_force(root) == after
    assert sorted(one for _, one in kept) == sorted(one for one in made() if one.key != "store")
    assert all(owner == owner_of(int(one.key.partition("/")[0]), after) for owner, one in kept)
    assert {owner: len(each) for owner, each in found.items()} == moved.snapshots


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_every_partition_goes_on_at_its_own_offset(root: Path, before: int, after: int) -> None:
    fill(root, before)

    move([root], TOPIC, after, PARTITIONS)

    for owner, each in content(root).items():
        (found,) = [pickle.loads(one.change) for one in each if one.step == SOURCE]
        assert found == {p: 100 + p for p in range(PARTITIONS) if owner.owns(p)}


def test_there_and_back_it_is_as_it_was(root: Path) -> None:
    fill(root, 1)
    before = content(root)
    for number in (2, 4, 3, 1):
        move([root], TOPIC, number, PARTITIONS)

    assert [one for one in before[WHOLE] if one.key != "store"] == content(root)[WHOLE]
    assert sorted(path.name for path in root.iterdir()) == ["in-force", "part-0.sqlite3", "running.lock"]


def test_nothing_is_moved_where_the_number_is_the_same(root: Path) -> None:
    fill(root, 2)
    before = {path: path.read_bytes() for path in root.glob("*/part-*")}

    assert move([root], TOPIC, 2, PARTITIONS).before == 2
    assert {path: path.read_bytes() for path in root.glob("*/part-*")} == before


def test_a_flow_that_never_ran_has_nothing_to_move_and_begins_with_the_new_number(root: Path) -> None:
    assert move([root], TOPIC, 3, PARTITIONS).before is None
    assert in_force(root) == 3
    assert content(root) == {ownership: [] for ownership in everyone(3)}


@pytest.mark.parametrize("number", [0, -1, PARTITIONS + 1])
def test_a_number_of_processes_without_a_partition_each_is_refused(root: Path, number: int) -> None:
    fill(root, 2)
    with pytest.raises(StateError, match="expected 1 to 4"):
        move([root], TOPIC, number, PARTITIONS)
    assert in_force(root) == 2


class Died(BaseException):
    """As if the power had gone: nothing catches it."""


def test_who_looks_while_a_store_is_made_sees_none_and_after_a_kill_it_is_made_whole(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine makes the file, then its tables: places, which asks what telemetry remembered, started in between and died."""
    seen = []

    def dies_half_way(at: Path, _: int) -> None:
        (at / "part-0.sqlite3").touch()
        seen.append(read(root, ("telemetry.witnesses", "all")))
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(store, "init_db_dir", dies_half_way)
        with pytest.raises(Died):
            make(root)
    make(root)

    assert seen == [[]]
    assert read(root) == []
    assert [path.name for path in root.iterdir() if path.suffix != ".lock"] == ["part-0.sqlite3"]


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 4), (4, 1), (2, 1)])
def test_where_it_dies_the_old_or_the_new_state_holds_and_the_next_move_is_whole(
    root: Path, before: int, after: int
) -> None:
    fill(root, before)
    whole, steps = content(root), list[str]()
    probe = root.with_name("probe") / FLOW
    fill(probe, before)
    move([probe], TOPIC, after, PARTITIONS, steps.append)
    assert [step.partition(" ")[0] for step in steps] == ["clear", *["write"] * after, "in", "clear"]

    for dies_at in steps:

        def note(step: str, dies_at: str = dies_at) -> None:
            if step == dies_at:
                raise Died

        with pytest.raises(Died):
            move([root], TOPIC, after, PARTITIONS, note)
        if dies_at == "clear old":
            assert content(root).keys() == set(everyone(after))
        else:
            assert content(root) == whole
    move([root], TOPIC, after, PARTITIONS)
    assert content(root) == content(probe)
    assert {path.name for path in root.iterdir()} == {path.name for path in probe.iterdir()}


KILLED = """
import os, signal, sys
from pathlib import Path
from connectors.recovery.move import move
move([Path(sys.argv[1])], sys.argv[2], int(sys.argv[3]), 4, lambda step: step == sys.argv[4] and os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.parametrize("step", ["write 2-of-4", "in force", "clear old"])
def test_killed_with_9_it_lets_go_of_the_flow_and_is_repeated(root: Path, step: str) -> None:
    fill(root, 2)
    done = subprocess.run([sys.executable, "-c", KILLED, str(root), TOPIC, "4", step], check=False)
    assert done.returncode == -9

    move([root], TOPIC, 4, PARTITIONS)

    assert Counter(
        one.key for each in content(root).values() for one in each if one.step != SOURCE
    ) == Counter(one.key for one in made() if one.key != "store")


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_with_a_disk_for_each_process_it_is_the_same_on_the_disk_of_each(
    tmp_path: Path, root: Path, before: int, after: int
) -> None:
    fill(root, before)
    disks = [tmp_path / str(i) / FLOW for i in range(max(before, after))]
    for i, disk in enumerate(disks):
        disk.mkdir(parents=True)
        if i < before:
            put_in_force(disk, before)
            write(folder(disk, Ownership(i + 1, before)), read(folder(root, Ownership(i + 1, before))))

    def note(step: str) -> None:
        if step == "in force 2":
            raise Died

    with pytest.raises(Died):
        move(disks, TOPIC, after, PARTITIONS, note)
    move(disks, TOPIC, after, PARTITIONS)

    move([root], TOPIC, after, PARTITIONS)
    assert [in_force(disk) for disk in disks] == [after] * len(disks)
    assert {
        ownership: read(folder(disks[ownership.number - 1], ownership)) for ownership in everyone(after)
    } == content(root)
    assert sum(len(list(disk.rglob("part-*.sqlite3"))) for disk in disks) == after


def test_a_disk_that_is_missing_is_named_before_anything_is_written(root: Path, tmp_path: Path) -> None:
    fill(root, 2)
    with pytest.raises(StateError, match="expected 4 disks, found 2"):
        move([root, tmp_path / "b"], TOPIC, 4, PARTITIONS)
    assert in_force(root) == 2


STRANGE = [
    ("state of no partition in two stores", 2, "commune", pickle.dumps(b"a"), "belongs to no partition"),
    ("offsets with a class", 1, TOPIC, pickle.dumps(Path("a")), "offsets with"),
    ("offsets of another shape", 1, TOPIC, pickle.dumps({"a": 1}), "another shape"),
]


@pytest.mark.parametrize(
    ("number", "key", "change", "why"), [one[1:] for one in STRANGE], ids=[one[0] for one in STRANGE]
)
def test_what_cannot_be_given_to_one_owner_is_refused_and_nothing_is_written(
    root: Path, number: int, key: str, change: bytes, why: str
) -> None:
    for owner in everyone(number):
        write(folder(root, owner), [Snapshot(f"{FLOW}.x", key, change)])
    (root / "in-force").write_text(f"{number}\n")

    with pytest.raises(StateError, match=why):
        move([root], TOPIC, 3, PARTITIONS)
    assert in_force(root) == number
    assert not list(root.glob("*-of-3"))


def test_state_of_another_owners_partition_is_refused() -> None:
    old = {Ownership(1, 2): [Snapshot("telemetry.judge", "1/phu-oc", b"x")]}
    with pytest.raises(StateError, match="holds state of partition 1"):
        divide(FLOW, TOPIC, old, 1)


def test_state_that_belongs_to_no_partition_goes_to_the_first_process() -> None:
    loose = Snapshot("telemetry.witnesses", "commune", pickle.dumps(b"words of a day"))

    found = divide(FLOW, TOPIC, {WHOLE: [loose]}, 4)

    assert {owner: each for owner, each in found.items() if each} == {Ownership(1, 4): [loose]}


def test_a_store_of_another_shape_is_refused(root: Path) -> None:
    fill(root, 1)
    with sqlite3.connect(root / "part-0.sqlite3") as db:
        db.execute("alter table snaps add column compression text")
    with pytest.raises(StateError, match="table snaps"):
        move([root], TOPIC, 2, PARTITIONS)


def test_a_file_that_is_no_store_is_refused(root: Path) -> None:
    (root / "part-0.sqlite3").write_bytes(b"no database at all, though long enough to be looked at" * 100)
    with pytest.raises(StateError, match="cannot be read"):
        move([root], TOPIC, 2, PARTITIONS)


# The engine itself: it resumes from what was written, and what is read is what it would have resumed from.


@pytest.mark.parametrize("seed", range(4))
def test_the_engine_resumes_from_a_moved_store_as_if_it_had_not_been_moved(root: Path, seed: int) -> None:
    batches = story(seed)
    write(root, [])
    told = run_until(batches, 30, root)
    snapshots = read(root)
    remove(root)
    write(root, snapshots)

    told += run(batches, [], root)

    assert set(told) == set(lived_through(batches))


def run_until(batches: list, death: int, state: Path) -> list[bytes]:
    """What the flow told until its death."""
    import msgspec

    told: list[Item] = []
    ends = (*(TestingSink(list[Item]()) for _ in range(3)), TestingSink(told))
    run_main(
        build(Mortal(batches, death), *ends, plan(three())),
        epoch_interval=timedelta(0),
        recovery_config=RecoveryConfig(str(state), backup_interval=timedelta(0)),
    )
    return [msgspec.json.encode(judged) for _key, judged in told]


def test_what_is_read_is_the_newest_of_each_key_before_the_epoch_that_was_not_complete(root: Path) -> None:
    write(root, [])
    with sqlite3.connect(root / "part-0.sqlite3") as db:
        db.execute("insert into exs (ex_num, worker_count, resume_epoch) values (1, 1, 2), (2, 1, 5)")
        db.execute("insert into fronts (ex_num, worker_index, worker_frontier) values (1, 0, 5), (2, 0, 8)")
        db.executemany(
            "insert into snaps (step_id, state_key, snap_epoch, ser_change) values ('s', ?, ?, ?)",
            [
                ("old", 2, b"old"),
                ("twice", 6, b"first"), ("twice", 7, b"second"),
                ("torn", 7, b"whole"), ("torn", 8, b"torn"),
                ("gone", 3, b"gone"), ("gone", 7, None),
            ],
        )  # fmt: skip

    assert read(root) == [
        Snapshot("s", "old", b"old"), Snapshot("s", "torn", b"whole"), Snapshot("s", "twice", b"second")
    ]  # fmt: skip


def test_a_run_that_completed_nothing_resumes_where_it_began(root: Path) -> None:
    write(root, [])
    with sqlite3.connect(root / "part-0.sqlite3") as db:
        db.execute("insert into exs (ex_num, worker_count, resume_epoch) values (1, 1, 2), (2, 1, 5)")
        db.execute("insert into fronts (ex_num, worker_index, worker_frontier) values (1, 0, 9)")
        db.execute(
            "insert into snaps (step_id, state_key, snap_epoch, ser_change) values ('s', 'k', 4, x'31'), ('s', 'k', 5, x'32')"
        )

    assert read(root) == [Snapshot("s", "k", b"1")]


def test_the_state_of_the_version_before_is_one_processs_and_is_used(root: Path) -> None:
    batches = story(0)
    init_db_dir(root, 1)  # as the version before: a store in the flow's own folder, no number in force
    run_until(batches, 30, root)
    kept = read(root)

    with Claim(root, WHOLE) as claim:
        assert claim.folder == root
        assert in_force(root) == 1
        assert read(claim.folder) == kept
    assert any(isinstance(pickle.loads(pickle.loads(one.change)), tuple) for one in kept if "/" in one.key)
    assert all(Kept(*pickle.loads(pickle.loads(one.change))) for one in kept if "/" in one.key)


# Whose it is.


@contextmanager
def another(root: Path, owner: str) -> Iterator[None]:
    """Another process holds the store until the end."""
    held = (
        "import sys; from pathlib import Path; from connectors.recovery.place import Claim;"
        "from models.envelope.ownership import read_ownership;"
        "c = Claim(Path(sys.argv[1]), read_ownership(sys.argv[2])); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", held, str(root), owner], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield
        process.kill()


def test_two_processes_never_have_one_store_and_who_is_killed_lets_go(root: Path) -> None:
    with another(root, "1/2"), pytest.raises(StateError, match="another process"):
        Claim(root, Ownership(1, 2))
    Claim(root, Ownership(1, 2)).release()


def test_the_first_free_share_is_taken_and_beyond_the_last_is_none(root: Path) -> None:
    with another(root, "1/2"), first_free(root, 2) as second:
        assert second.owner == Ownership(2, 2)
        with pytest.raises(StateError, match="another process"):
            first_free(root, 2)


def test_a_flow_that_runs_is_not_moved(root: Path) -> None:
    fill(root, 2)
    with another(root, "2/2"), pytest.raises(StateError, match="telemetry runs"):
        move([root], TOPIC, 4, PARTITIONS)
    assert in_force(root) == 2


WRONG = [("more", 2, Ownership(1, 4)), ("fewer", 2, WHOLE), ("from one", 1, Ownership(2, 2))]


@pytest.mark.parametrize(("before", "owner"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_process_of_another_number_is_refused_with_the_command_that_helps(
    root: Path, before: int, owner: Ownership
) -> None:
    fill(root, before)
    with pytest.raises(StateError, match=f"phusa reshard telemetry {owner.of}"):
        Claim(root, owner)


def test_an_unreadable_number_in_force_is_no_fresh_start(root: Path) -> None:
    (root / "in-force").write_text("two\n")
    with pytest.raises(StateError, match="expected a number"):
        Claim(root, Ownership(1, 2))


def test_all_that_begin_at_once_on_nothing_agree(root: Path) -> None:
    held = [another(root, str(owner)) for owner in everyone(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: one.__enter__(), held))
    assert in_force(root) == 4
    for one in held:
        one.__exit__(None, None, None)
