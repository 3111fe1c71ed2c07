"""PostgreSQL with TimescaleDB as one process, from wherever this machine can have it.

1. packages of Debian 13 and later (root): installed;
2. Debian before 13 (root): the packages of Debian 13 in a root of their own (debootstrap), shared
   by all copies in the cache, entered with chroot;
3. a PostgreSQL that is there: plain level, without TimescaleDB (the migrations probe and say so).
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infra.run.stack import packages, postgres_tls
from infra.run.stack.passwords import passwords
from infra.run.stack.place import Place, building, cache, place
from infra.run.stack.program import Program
from infra.run.stack.voice import StackError, tell

if TYPE_CHECKING:
    from connectors.settings import Settings

SUITE = "trixie"
TRIXIE_VERSION = 13
PACKAGE = "postgresql-17-timescaledb"
OLDEST = 15
"""The oldest PostgreSQL that the migrations are written for."""
ADMIN = "phusa_admin"
CREATE_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


@dataclass(frozen=True, slots=True)
class Edition:
    """An installed PostgreSQL: its programs and how they are run."""

    binaries: Path
    """As seen from within `root`."""
    root: Path
    """/ or the root made by debootstrap."""
    timescale: bool

    @property
    def own_root(self) -> bool:
        return self.root != Path("/")

    def command(self, name: str, *arguments: str) -> tuple[str, ...]:
        """A program of this edition, as the user postgres where we are root (it refuses to run as root)."""
        inner = (str(self.binaries / name), *arguments)
        if not packages.is_root():
            return inner
        return (
            packages.program("chroot") or "chroot",
            "--userspec=postgres:postgres",
            str(self.root),
            *inner,
        )


def needed() -> dict[str, str]:
    """Programs that must be there before `find`: {program: package}."""
    if packages.is_root() and _debian_version() and _debian_version() < TRIXIE_VERSION:
        return {"debootstrap": "debootstrap"}
    return {}


def find() -> Edition:
    """The best edition that this machine has or, as root, can get."""
    here = _installed(Path("/"))
    if here and here.timescale:
        return here
    version = _debian_version()
    if packages.is_root() and version >= TRIXIE_VERSION:
        _no_default_cluster()
        packages.install([PACKAGE])
        here = _installed(Path("/"))
    elif packages.is_root() and version:
        here = _installed(_debootstrap()) or here
    if here is None:
        how = f"sudo apt-get install -y {PACKAGE if version >= TRIXIE_VERSION else 'postgresql'}"
        raise StackError(
            f"Không có PostgreSQL {OLDEST} trở lên. Hãy chạy với quyền root, hoặc: {how}, hoặc đặt PHUSA_DATABASE",
            f"No PostgreSQL {OLDEST} or later. Run as root, or: {how}, or name a server in PHUSA_DATABASE",
        )
    if not here.timescale:
        tell(
            "Không có TimescaleDB: dùng PostgreSQL thường (chậm hơn với dữ liệu nhiều năm)",
            "No TimescaleDB here: plain PostgreSQL serves (slower on years of data)",
        )
    return here


def _installed(root: Path) -> Edition | None:
    """The newest PostgreSQL under `root`, one with TimescaleDB before one without."""
    found = []
    for postgres in root.glob("usr/lib/postgresql/*/bin/postgres"):
        version = int(postgres.parts[-3])
        timescale = (root / f"usr/share/postgresql/{version}/extension/timescaledb.control").exists()
        if version >= OLDEST:
            found.append((timescale, version, Path("/") / postgres.parent.relative_to(root)))
    if not found:
        return None
    timescale, _, binaries = max(found)
    return Edition(binaries, root, timescale)


def _debian_version() -> int:
    """12 for bookworm; 0 elsewhere."""
    release = packages.release()
    return int(release.get("VERSION_ID", "0")) if release.get("ID") == "debian" else 0


def _no_default_cluster() -> None:
    """Debian's package would make and start a server of its own."""
    if not CREATE_CLUSTER.exists():
        CREATE_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
        CREATE_CLUSTER.write_text("create_main_cluster = false\n", encoding="utf-8")


def _debootstrap() -> Path:
    root = cache() / f"{SUITE}-timescaledb"
    with building(root) as part:
        if part is not None:
            mirror = _mirror()
            tell(
                f"Tải TimescaleDB từ gói của Debian 13 vào {root} (một lần, khoảng một phút, 2 GB)",
                f"Fetching TimescaleDB from the packages of Debian 13 into {root} (once, about a minute, 2 GB)",
            )
            include = f"--include={PACKAGE},locales-all"
            packages.quiet(["debootstrap", "--variant=minbase", include, SUITE, str(part), mirror])
    return root


def _mirror() -> str:
    """The mirror that the machine itself uses for Debian's main archive."""
    folder = Path("/etc/apt")
    for path in [*sorted(folder.glob("sources.list.d/*")), folder / "sources.list"]:
        found = mirror_in(path.read_text(encoding="utf-8")) if path.is_file() else None
        if found:
            return found
    raise StackError(
        "Không tìm thấy máy chủ gói Debian trong /etc/apt",
        "No mirror of Debian is named in the sources of apt",
    )


def mirror_in(sources: str) -> str | None:
    """The first mirror of the archive `debian` in a sources file of either format; comments do not count."""
    for line in sources.splitlines():
        found = re.match(r"(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+)", line)
        if found and found[1].rstrip("/").endswith("/debian"):
            return found[1]
    return None


def prepare(settings: Settings) -> Program:
    """Find an edition, make the cluster once, and describe the process."""
    edition, own = find(), place(settings)
    data = _data(edition, own)
    if not (data / "PG_VERSION").exists():
        _init(edition, data, passwords(settings.secrets_dir)["admin"])
    inside = _inside(edition, data)
    values: dict[str, object] = {
        "port": settings.database_port,
        "listen_addresses": "127.0.0.1",
        # TCP only: the folder of a unix socket would lie inside the other root.
        "unix_socket_directories": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "shared_buffers": "256MB",
        "max_wal_size": "2GB",
        "max_worker_processes": 16,
        "jit": "off",
    }
    if edition.timescale:
        values |= {
            "shared_preload_libraries": "timescaledb",
            "timescaledb.telemetry_level": "off",
            "timescaledb.max_background_workers": 4,
        }
    mark = ""
    if settings.database_certificate is not None and settings.database_key is not None:
        owner = _user_id(edition) if packages.is_root() else None
        mark = postgres_tls.put(data, owner, settings.database_certificate, settings.database_key)
        values |= postgres_tls.OPTIONS | {"hba_file": inside / postgres_tls.HBA}
    options = [word for name, value in values.items() for word in ("-c", f"{name}={value}")]
    return Program(
        name="timescaledb",
        command=edition.command("postgres", "-D", str(inside), *options),
        priority=11,
        folder=Path("/"),
        # INT is the fast stop; TERM would wait for every client to leave.
        stop_signal="INT",
        stop_wait_s=60,
        # Another certificate is another description: the supervisor begins it anew.
        environment={"PHUSA_DATABASE_MARK": mark} if mark else {},
        ports={"TimescaleDB": settings.database_port},
    )


def _data(edition: Edition, own: Place) -> Path:
    """The cluster's folder; var/stack/postgres leads there.

    As root it lies outside var/: inside the other root, and where the user postgres may enter.
    """
    link = own.stack("postgres")
    if not packages.is_root():
        link.mkdir(parents=True, exist_ok=True)
        link.chmod(0o700)
        return link
    parent = edition.root / ("srv" if edition.own_root else "var/lib/postgresql")
    folder = parent / f"phusa-{own.mark}"
    if link.is_symlink() and link.readlink() == folder:
        return folder
    if link.is_symlink():
        link.unlink()
    if folder.exists():
        # var/ was removed and with it the passwords: this is the database of a state that is gone.
        aside = folder.with_name(f"{folder.name}.aside")
        tell(
            f"var/ đã bị xoá trước đó: cất cơ sở dữ liệu cũ vào {aside}",
            f"var/ was removed before: the old database is put aside in {aside}",
        )
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    folder.mkdir(mode=0o700)
    link.symlink_to(folder)
    return folder


def _inside(edition: Edition, data: Path) -> Path:
    return Path("/") / data.relative_to(edition.root) if edition.own_root else data


def _init(edition: Edition, data: Path, password: str) -> None:
    """initdb; the password goes through a file beside the data that is removed at once."""
    tell("Khởi tạo cơ sở dữ liệu", "Initialising the database cluster")
    note = data.with_name(f"{data.name}.password")
    shutil.rmtree(data)
    data.mkdir(mode=0o700)
    try:
        note.touch(mode=0o600)
        note.write_text(password, encoding="utf-8")
        if packages.is_root():
            user = _user_id(edition)
            for path in (data, note):
                os.chown(path, *user)
        packages.quiet(
            [
                *edition.command("initdb", "-D", str(_inside(edition, data))),
                *("--username", ADMIN, "--pwfile", str(_inside(edition, note)), "--auth=scram-sha-256"),
                *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            ]
        )
    except StackError:
        # A half-made cluster would look whole the next time.
        shutil.rmtree(data)
        data.mkdir(mode=0o700)
        raise
    finally:
        note.unlink(missing_ok=True)


def _user_id(edition: Edition) -> tuple[int, int]:
    """User and group of `postgres` inside the edition's root; they differ from the machine's."""
    for line in (edition.root / "etc/passwd").read_text(encoding="utf-8").splitlines():
        name, _, user, group, *_ = line.split(":")
        if name == "postgres":
            return int(user), int(group)
    raise StackError("Không có người dùng postgres", f"{edition.root}: no user postgres in etc/passwd")


def remove_data(settings: Settings) -> None:
    """Remove the cluster, wherever var/stack/postgres leads."""
    link = place(settings).stack("postgres")
    if link.is_symlink():
        shutil.rmtree(link.readlink(), ignore_errors=True)
        link.unlink()
    shutil.rmtree(link, ignore_errors=True)
