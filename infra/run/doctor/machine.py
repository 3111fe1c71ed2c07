"""Look at this machine: ports, disk, clock, versions, rights of secrets. Needs no root and nothing that runs."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors import clock
from infra.run.doctor import certificates, judge
from infra.run.doctor.line import Line, good
from infra.run.processes import TABLE
from infra.run.stack import packages, ports
from infra.run.stack.place import place

if TYPE_CHECKING:
    from collections.abc import Collection

    from connectors.settings import Settings

ASK_S = 10.0
_UNSYNCHRONISED = 0x40
"""STA_UNSYNC of adjtimex(2)."""
_STATUS_AT = 40
"""Where `status` stands in the kernel's struct timex on 64 bits: after modes, offset, freq, maxerror, esterror."""
_TIMEX_BYTES = 208


class NtpSeen(NamedTuple):
    """What the machine knows of NTP; None: nobody tells."""

    synchronised: bool | None
    offset_s: float | None


def look(own: Settings, running: Collection[str]) -> list[Line]:
    """All of it; `running` are the programs of this copy that run now."""
    return [
        *ports_of(own, running),
        *outside(own),
        *secrets(own.secrets_dir),
        *certificates.look(own, clock.system()),
    ]


def outside(own: Settings) -> list[Line]:
    """What needs nothing of the copy: disk, clock, versions."""
    return [disk(own.var), *clocks(), *versions(own)]


def ports_of(own: Settings, running: Collection[str]) -> list[Line]:
    """Every port of this copy: free, ours, or another program's."""
    servers = {
        "kafka": (("Kafka", own.kafka_port), ("Kafka controller", own.controller_port)),
        "timescaledb": (("TimescaleDB", own.database_port),),
        "mosquitto": (
            ("MQTT", own.mqtt_port),
            *((("MQTT, TLS", own.mqtt_outside.port),) if own.mqtt_outside else ()),
        ),
        "grafana": (("Grafana", own.grafana_port),),
    }
    # Of servers in containers no program of the supervisor tells.
    contained = (place(own).run / "compose.env").exists()
    wanted = [(name, title, port, contained) for name, each in servers.items() for title, port in each]
    wanted += [
        (name, one.port_title, port, False)
        for name, one in TABLE.items()
        if (port := one.listens_on(own)) is not None
    ]
    return judge.ports(
        [
            judge.port(
                title,
                port,
                held=ports.answers(ports.LOOPBACK, port, 1.0) or not ports.is_free(port),
                ours=name in running or inside,
                base=own.port_base,
            )
            for name, title, port, inside in wanted
        ]
    )


def disk(var: Path) -> Line:
    """The disk of VAR, or of where it will be."""
    folder = next(parent for parent in (var, *var.parents) if os.access(parent, os.F_OK))
    seen, files = shutil.disk_usage(folder), os.statvfs(folder)
    share = files.f_favail / files.f_files if files.f_files else 1.0
    return judge.disk(float(seen.free), float(seen.total), share, str(folder))


def clocks() -> list[Line]:
    """NTP and the time zone."""
    seen = ntp()
    try:
        ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        vietnam = False
    else:
        vietnam = True
    return [
        judge.clock(synchronised=seen.synchronised, offset_s=seen.offset_s),
        judge.zone(time.tzname[0], vietnam=vietnam),
    ]


def ntp() -> NtpSeen:
    """By chrony, which knows the offset; else by systemd; else by the kernel."""
    told = _asked("chronyc", "-c", "tracking")
    if told is not None:
        seen = chrony(told)
        if seen is not None:
            return seen
    told = _asked("timedatectl", "show", "-p", "NTPSynchronized", "--value")
    if told is not None and told.strip() in ("yes", "no"):
        return NtpSeen(told.strip() == "yes", None)
    return NtpSeen(_kernel(), None)


def chrony(text: str) -> NtpSeen | None:
    """The one line of `chronyc -c tracking`: the source's name stands second, the offset in seconds fifth."""
    words = text.strip().split(",")
    try:
        offset = float(words[4])
    except (IndexError, ValueError):
        return None
    return NtpSeen(words[-1].strip() != "Not synchronised", offset)


def _kernel() -> bool | None:
    """Whether the kernel's clock is steered; None where it may not be asked (some containers)."""
    asked = ctypes.create_string_buffer(_TIMEX_BYTES)
    call = getattr(ctypes.CDLL(None), "adjtimex", None)
    if call is None or sys.maxsize < 2**32 or call(asked) < 0:
        return None
    return not int.from_bytes(asked.raw[_STATUS_AT : _STATUS_AT + 4], sys.byteorder) & _UNSYNCHRONISED


def versions(own: Settings) -> list[Line]:
    """Python, Java and Kafka; the database tells its own when it answers."""
    from infra.run.stack import kafka

    told = _asked("java", "-version")
    lines = [
        judge.python(sys.version_info[:2]),
        judge.java(None if told is None else java(told), needed=own.kafka is None),
    ]
    if own.kafka is None:
        lines.append(good(f"Kafka {kafka.version()} (bản ghim)", f"Kafka {kafka.version()} (pinned)"))
    return lines


def java(text: str) -> int | None:
    """The major version in what `java -version` says: 17 of "17.0.12", 8 of "1.8.0_402"."""
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found[1]) if found else None


def secrets(folder: Path) -> list[Line]:
    """Rights of the folder of secrets and of each file in it."""
    if not folder.is_dir():
        return judge.secrets(str(folder), None, {}, ())
    try:
        seen = {path.name: path.stat() for path in folder.iterdir() if path.is_file()}
    except PermissionError:
        return judge.secrets(str(folder.parent), folder.stat().st_mode, {}, (folder.name,))
    foreign = [name for name, one in seen.items() if one.st_uid != os.geteuid()]
    return judge.secrets(
        str(folder), folder.stat().st_mode, {name: one.st_mode for name, one in seen.items()}, foreign
    )


def _asked(name: str, *arguments: str) -> str | None:
    """What a program says on both of its outputs; None where it is not there, fails or does not answer."""
    path = packages.program(name)
    if path is None:
        return None
    try:
        done = subprocess.run(
            [path, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=ASK_S,
            env=os.environ | {"LC_ALL": "C"},
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout + done.stderr if done.returncode == 0 else None
