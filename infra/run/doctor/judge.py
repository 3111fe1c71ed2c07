"""Facts of the machine as lines: pure, so that each case is a row of a test."""

from __future__ import annotations

import stat
from collections.abc import Collection, Mapping, Sequence

from infra.run.doctor.line import Line, bad, good, number, unknown

GB = 1e9
LEAST_FREE, LEAST_SHARE = 2 * GB, 0.05
"""Kafka keeps a week and Postgres needs room to compress: below either the disk is full before somebody has come."""
LEAST_FILES = 0.02
CLOCK_OFF_S = 2.0
"""A provider's signature bears 5 minutes; 2 s is what a working NTP never reaches."""
PYTHON = ((3, 11), (3, 13))
JAVA, POSTGRES = 17, 15
"""The oldest that Kafka 4 and the migrations take."""
FOLDER_MODE, FILE_MODE = 0o700, 0o600


def port(title: str, number_: int, *, held: bool, ours: bool, base: int) -> Line:
    """A port of this copy. `held`: somebody listens there; `ours`: a running program of this copy should."""
    where = f"Cổng {number_} ({title})", f"Port {number_} ({title})"
    if held and ours:
        return good(f"{where[0]}: đang nghe", f"{where[1]}: listens")
    if not held and not ours:
        return good(f"{where[0]}: trống", f"{where[1]}: free")
    if ours:
        return bad(
            f"{where[0]}: chương trình chạy mà không nghe",
            f"{where[1]}: its program runs and does not listen",
            "phusa logs, rồi phusa up",
            "look at its log, then phusa up",
        )
    return bad(
        f"{where[0]}: chương trình khác giữ",
        f"{where[1]}: another program has it",
        f"dừng chương trình đó, hoặc PHUSA_PORT_BASE={base + 100}",
        f"stop that program, or PHUSA_PORT_BASE={base + 100}",
    )


def ports(lines: Sequence[Line]) -> list[Line]:
    """All ports: those that are wrong each in a line, the others in one."""
    wrong = [line for line in lines if line.next_vi]
    fine = len(lines) - len(wrong)
    return [*wrong, *([good(f"{fine} cổng đúng như cần", f"{fine} ports as they should be")] if fine else [])]


def disk(free: float, total: float, files_free: float, where: str) -> Line:
    """Bytes free and in all on the disk of `where`; `files_free` is the share of its files that may still be made."""
    told = f"còn {number(free / GB)} trong {number(total / GB)} GB ở {where}"
    en = f"{free / GB:.1f} of {total / GB:.1f} GB free at {where}"
    if free < LEAST_FREE or free < LEAST_SHARE * total:
        return bad(f"Đĩa sắp đầy: {told}", f"The disk is nearly full: {en}", *_ROOM)
    if files_free < LEAST_FILES:
        return bad(f"Đĩa sắp hết chỗ cho tệp: {told}", f"The disk takes few more files: {en}", *_ROOM)
    return good(f"Đĩa: {told}", f"Disk: {en}")


_ROOM = (
    "dọn đĩa; thời hạn giữ ở bảng phusa.retention, nhật ký ở var/logs",
    "free some; what is kept how long stands in phusa.retention, logs in var/logs",
)


def clock(*, synchronised: bool | None, offset_s: float | None) -> Line:
    """The machine's clock against NTP; None: nobody on this machine knows."""
    step = "bật chrony hoặc systemd-timesyncd", "run chrony or systemd-timesyncd"
    if offset_s is not None and abs(offset_s) > CLOCK_OFF_S:
        return bad(
            f"Đồng hồ lệch {number(abs(offset_s))} giây", f"The clock is {abs(offset_s):.1f} s wrong", *step
        )
    if synchronised is False:
        return bad("Đồng hồ không theo NTP", "The clock follows no NTP", *step)
    if offset_s is not None:
        return good(
            f"Đồng hồ đúng, lệch {number(abs(offset_s), 3)} giây",
            f"Clock right, {abs(offset_s):.3f} s off NTP",
        )
    if synchronised:
        return good("Đồng hồ theo NTP", "The clock follows NTP")
    return unknown(
        "Đồng hồ: máy này không cho biết có theo NTP không",
        "Clock: this machine does not tell whether it follows NTP",
        "so với đồng hồ khác: date",
        "compare with another clock: date",
    )


def zone(name: str, *, vietnam: bool) -> Line:
    """The machine's time zone; ours is always Vietnam's, for which its table must be there."""
    if not vietnam:
        return bad(
            "Múi giờ: thiếu bảng Asia/Ho_Chi_Minh",
            "Time zone: the table of Asia/Ho_Chi_Minh is missing",
            "sudo apt-get install -y tzdata",
            "sudo apt-get install -y tzdata",
        )
    return good(f"Múi giờ của máy: {name}; Phù Sa luôn dùng giờ Việt Nam", f"Zone {name}; ours is Vietnam's")


def apart(seconds: float) -> Line:
    """How far the database's clock is ahead of this machine's."""
    if abs(seconds) > CLOCK_OFF_S:
        return bad(
            f"Đồng hồ máy cơ sở dữ liệu lệch {number(abs(seconds))} giây so với máy này",
            f"The database's clock is {abs(seconds):.1f} s off ours",
            "chỉnh NTP trên cả hai máy",
            "set NTP on both machines",
        )
    return good("Đồng hồ máy cơ sở dữ liệu khớp máy này", "The database's clock agrees with ours")


def python(version: tuple[int, int]) -> Line:
    """The interpreter."""
    text = ".".join(map(str, version))
    if PYTHON[0] <= version < PYTHON[1]:
        return good(f"Python {text}", f"Python {text}")
    return bad(
        f"Python {text}: cần 3.11 hoặc 3.12",
        f"Python {text}: expected 3.11 or 3.12",
        "cài python3.12, xoá .venv, chạy lại infra/run/bootstrap.sh",
        "install python3.12, remove .venv, run infra/run/bootstrap.sh",
    )


def java(major: int | None, *, needed: bool) -> Line:
    """The machine's Java, which Kafka runs on; not `needed` where Kafka is another's."""
    install = "sudo apt-get install -y default-jre-headless"
    if not needed:
        return good("Java: không cần, Kafka ở nơi khác", "Java: not needed, Kafka is elsewhere")
    if major is None:
        return bad("Không có Java", "No Java", install, install)
    if major < JAVA:
        return bad(
            f"Java {major}: Kafka cần {JAVA} trở lên", f"Java {major}: Kafka needs {JAVA}", install, install
        )
    return good(f"Java {major}", f"Java {major}")


def postgres(version: int, level: str) -> Line:
    """The database server's major version and its level (see infra/run/migrations/runner.py)."""
    if version < POSTGRES:
        return bad(
            f"PostgreSQL {version}: cần {POSTGRES} trở lên",
            f"PostgreSQL {version}: expected {POSTGRES} or later",
            "nâng cấp máy chủ cơ sở dữ liệu",
            "upgrade the database server",
        )
    return good(f"PostgreSQL {version}, mức {level}", f"PostgreSQL {version}, level {level}")


def schema(found: str | None, head: str) -> Line:
    """The database's schema against the newest of this code."""
    if found == head:
        return good(f"Lược đồ cơ sở dữ liệu {head}: mới nhất", f"Schema {head}: the newest")
    vi, en = found or "chưa có", found or "none"
    return bad(
        f"Lược đồ {vi}, mã này cần {head}", f"Schema {en}, this code needs {head}", "phusa up", "phusa up"
    )


def secrets(folder: str, mode: int | None, files: Mapping[str, int], foreign: Collection[str]) -> list[Line]:
    """Rights of the folder of secrets and its files; `foreign` are those of another owner. None: there is no folder."""
    if mode is None:
        return [
            unknown(
                "Bí mật: chưa có thư mục", "Secrets: no folder yet", "phusa up tạo ra", "phusa up makes it"
            )
        ]
    lines = []
    if stat.S_IMODE(mode) & ~FOLDER_MODE:
        lines.append(_open(folder, mode, FOLDER_MODE))
    lines += [
        _open(f"{folder}/{name}", own, FILE_MODE)
        for name, own in sorted(files.items())
        if stat.S_IMODE(own) & ~FILE_MODE
    ]
    lines += [
        bad(
            f"{folder}/{name}: của người dùng khác",
            f"{folder}/{name}: belongs to another user",
            f"sudo chown $(id -un) {folder}/{name}",
            f"sudo chown $(id -un) {folder}/{name}",
        )
        for name in sorted(foreign)
    ]
    return lines or [
        good(f"{len(files)} tệp bí mật, chỉ chủ đọc được", f"{len(files)} secrets, for the owner only")
    ]


def _open(path: str, mode: int, right: int) -> Line:
    command = f"chmod {right:o} {path}"
    seen = stat.S_IMODE(mode)
    return bad(f"{path}: quyền {seen:04o}", f"{path}: mode {seen:04o}", command, command)
