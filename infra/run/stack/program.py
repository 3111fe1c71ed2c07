"""A program as the supervisor sees it, and the supervisor's configuration as text."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from infra.run.stack.place import Place

LOG_BYTES = "10MB"
LOG_BACKUPS = 3


@dataclass(frozen=True, slots=True)
class Program:
    """One supervised process."""

    name: str
    command: tuple[str, ...]
    priority: int
    """Lower starts first and stops last."""
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    stop_wait_s: int = 20
    user: str | None = None
    ports: dict[str, int] = field(default_factory=dict)
    """What it listens on: a name for people -> port."""
    ready: Path | None = None
    """Where it tells whether it is ready; None for a server, which is asked itself."""


def configuration(place: Place, programs: list[Program], *, root: bool) -> str:
    """supervisord.conf for `programs`; the same programs always give the same text."""
    head = [
        "; written by `phusa up`",
        "[unix_http_server]",
        f"file={_plain(str(place.socket))}",
        "chmod=0700",
        "",
        "[supervisord]",
        f"logfile={_plain(str(place.logs / 'supervisord.log'))}",
        f"logfile_maxbytes={LOG_BYTES}",
        f"logfile_backups={LOG_BACKUPS}",
        f"pidfile={_plain(str(place.pidfile))}",
        f"childlogdir={_plain(str(place.logs))}",
        "strip_ansi=true",
        # supervisord complains when root leaves this unsaid; Postgres has its own user below.
        *(["user=root"] if root else []),
        "",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
    ]
    return "\n".join(head + [line for program in programs for line in _section(place, program)]) + "\n"


def _section(place: Place, program: Program) -> list[str]:
    return [
        "",
        f"[program:{program.name}]",
        f"command={_plain(shlex.join(program.command))}",
        f"directory={_plain(str(program.folder))}",
        f"priority={program.priority}",
        # `phusa up` starts them one after the other, each when what it needs answers.
        "autostart=false",
        "autorestart=true",
        "startsecs=2",
        # A second more after each failure: half an hour of tries before it is given up as FATAL.
        "startretries=60",
        f"stopsignal={program.stop_signal}",
        f"stopwaitsecs={program.stop_wait_s}",
        "killasgroup=true",
        *([f"user={program.user}"] if program.user else []),
        *([f"environment={_environment(program.environment)}"] if program.environment else []),
        "redirect_stderr=true",
        f"stdout_logfile={_plain(str(place.logs / program.name))}.log",
        f"stdout_logfile_maxbytes={LOG_BYTES}",
        f"stdout_logfile_backups={LOG_BACKUPS}",
    ]


def _environment(values: dict[str, str]) -> str:
    for name, value in values.items():
        if '"' in value or "\n" in value:
            msg = f"{name}: a value with a quote or a line break cannot be handed to a program: {value!r}"
            raise ValueError(msg)
    return ",".join(f'{name}="{_plain(value)}"' for name, value in sorted(values.items()))


def _plain(text: str) -> str:
    """Supervisord expands %(name)s, so a percent sign of ours is doubled."""
    return text.replace("%", "%%")
