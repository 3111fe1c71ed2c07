"""Grafana as one process of the machine, where one is: its own port, data and secrets, our data source and screens.

A Grafana is looked for in PHUSA_GRAFANA_HOME, else by `grafana` or `grafana-server` on PATH, else in /usr/share/grafana.
It is provisioned from dashboards/provisioning, as the container is. Passwords are read by Grafana itself from the files
of secrets ($__file{...}): none stands in its configuration or its environment.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict

from connectors.settings import ROOT
from infra.run.stack import packages
from infra.run.stack.passwords import made_once
from infra.run.stack.place import place
from infra.run.stack.program import Program
from infra.run.stack.voice import StackError, tell

if TYPE_CHECKING:
    from connectors.settings import Settings

NAME = "grafana"
BINARIES = ("grafana", "grafana-server")
PACKAGED = Path("/usr/share/grafana")
"""Where the packages of Debian and Fedora put it."""
SCREENS = ROOT / "dashboards" / "json"
PROVISIONING = ROOT / "dashboards" / "provisioning"
FIRST = "wall"
"""The screen that opens at `/`, and in kiosk mode, its panels fitted to the screen (1080p and 4K)."""
ADMIN, KEY = "grafana_admin", "grafana_secret_key"
PRIORITY = 90
GET = "https://grafana.com/grafana/download?edition=oss"


@dataclass(frozen=True, slots=True)
class Installed:
    """A Grafana of this machine: its program, and the folder with `conf` and `public`."""

    binary: Path
    home: Path

    def command(self, config: Path) -> tuple[str, ...]:
        """How its server is started: since version 9.4 it is a command of `grafana`."""
        verb = ("server",) if self.binary.name == "grafana" else ()
        return (str(self.binary), *verb, "--homepath", str(self.home), "--config", str(config))


def find(settings: Settings) -> Installed | None:
    """The Grafana of this machine; None where there is none. Raises StackError when PHUSA_GRAFANA_HOME is none."""
    if settings.grafana_home is not None:
        found = _in(settings.grafana_home.resolve(), None)
        if found is None:
            where = settings.grafana_home
            raise StackError(
                f"PHUSA_GRAFANA_HOME: {where} không phải thư mục của Grafana (cần bin/grafana hoặc bin/grafana-server, "
                "conf/defaults.ini, public)",
                f"PHUSA_GRAFANA_HOME: {where} is no folder of Grafana (expected bin/grafana or bin/grafana-server, "
                "conf/defaults.ini, public)",
            )
        return found
    for name in BINARIES:
        path = packages.program(name)
        if path is not None:
            binary = Path(path).resolve()
            for home in (*binary.parents[1:3], PACKAGED):
                found = _in(home, binary)
                if found is not None:
                    return found
    return _in(PACKAGED, None)


def _in(home: Path, binary: Path | None) -> Installed | None:
    """The Grafana with its files in `home`: its own program before `binary`, which may be a script around it."""
    if not (home / "conf" / "defaults.ini").is_file() or not (home / "public").is_dir():
        return None
    own = [home / "bin" / name for name in BINARIES] + sorted(home.glob("bin/*/grafana-server"))
    usable = [
        one for one in [*own, *([binary] if binary else [])] if one.is_file() and os.access(one, os.X_OK)
    ]
    return Installed(usable[0], home) if usable else None


def address(settings: Settings) -> str:
    """Where its screens are: the Grafana that the settings name, else that of this copy."""
    return (settings.grafana or f"http://127.0.0.1:{settings.grafana_port}").rstrip("/")


def screens(folder: Path = SCREENS) -> list[tuple[str, str, str]]:
    """Each screen as (file's name, uid, title), the wall first."""
    found = []
    for path in sorted(folder.glob("*.json"), key=lambda path: (path.stem != FIRST, path.stem)):
        one = json.loads(path.read_text(encoding="utf-8"))
        found.append((path.stem, str(one["uid"]), str(one["title"])))
    return found


def links(settings: Settings, folder: Path = SCREENS) -> list[tuple[str, str]]:
    """The title and address of each screen; the wall's without Grafana's own menus."""
    base = address(settings)
    return [
        (title, f"{base}/d/{uid}{'?kiosk&autofitpanels' if name == FIRST else ''}")
        for name, uid, title in screens(folder)
    ]


def configuration(settings: Settings, first: Path | None) -> str:
    """Grafana's ini file; `first` is the screen that opens at `/`."""
    own, secrets = place(settings), settings.secrets_dir.resolve()
    sections: dict[str, dict[str, object]] = {
        "paths": {
            "data": own.stack(NAME),
            "plugins": own.stack(NAME) / "plugins",
            "provisioning": PROVISIONING,
        },
        "server": {
            "http_addr": "127.0.0.1",
            "http_port": settings.grafana_port,
            "root_url": address(settings.model_copy(update={"grafana": None})) + "/",
        },
        "security": {
            "admin_user": "admin",
            "admin_password": f"$__file{{{secrets / ADMIN}}}",
            # The one that it ships is known to everybody, and the data source's password is sealed with it.
            "secret_key": f"$__file{{{secrets / KEY}}}",
            "disable_gravatar": "true",
        },
        # A browser sends cookies to every port of a host: two copies would sign each other out.
        "auth": {"login_cookie_name": f"phusa_grafana_{settings.grafana_port}"},
        "auth.anonymous": {"enabled": str(settings.grafana_anonymous).lower(), "org_role": "Viewer"},
        "users": {"allow_sign_up": "false", "default_theme": "dark", "default_language": "detect"},
        "analytics": {
            "reporting_enabled": "false",
            "check_for_updates": "false",
            "check_for_plugin_updates": "false",
            "feedback_links_enabled": "false",
        },
        "news": {"news_feed_enabled": "false"},
        "snapshots": {"external_enabled": "false"},
        "plugins": {"plugin_admin_enabled": "false", "preinstall_disabled": "true"},
        # Who is told what is our own work; its engine would only take time.
        "alerting": {"enabled": "false"},
        "unified_alerting": {"enabled": "false"},
        "log": {"mode": "console", "level": "warn"},
        "log.console": {"format": "json"},
        "date_formats": {
            "full_date": "DD/MM/YYYY HH:mm:ss",
            "interval_minute": "HH:mm",
            "interval_hour": "HH:mm DD/MM",
            "interval_day": "DD/MM",
            "default_timezone": "Asia/Ho_Chi_Minh",
        },
    }
    if first is not None:
        sections["dashboards"] = {"default_home_dashboard_path": first}
    return "; written by `phusa up`\n" + "\n".join(
        f"[{section}]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())
        for section, values in sections.items()
    )


def environment(settings: Settings) -> dict[str, str]:
    """What dashboards/provisioning asks for; the password is the name of its file, which Grafana reads."""
    store = conninfo_to_dict(settings.dsn("reader"))
    return {
        "PHUSA_GRAFANA_DB_HOST": str(store.get("host", "127.0.0.1")),
        "PHUSA_GRAFANA_DB_PORT": str(store.get("port", 5432)),
        "PHUSA_GRAFANA_DB_SSLMODE": str(store.get("sslmode", "disable")),
        "PHUSA_GRAFANA_DB_CA": str(store.get("sslrootcert", "")),
        "PHUSA_GRAFANA_DB_PASSWORD": f"$__file{{{settings.secrets_dir.resolve() / 'database_reader'}}}",
        "PHUSA_GRAFANA_DASHBOARDS": str(SCREENS),
    }


def programs(settings: Settings) -> list[Program]:
    """This copy's Grafana as a program of the supervisor; none where none is, or another one is named or none is wanted."""
    if settings.grafana is not None or not settings.grafana_native:
        return []
    installed = find(settings)
    if installed is None:
        return []
    own = place(settings)
    data = own.stack(NAME)
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    for name in (ADMIN, KEY):
        made_once(settings.secrets_dir / name)
    config = own.run / "grafana.ini"
    known = screens()
    text = configuration(settings, SCREENS / f"{known[0][0]}.json" if known else None)
    config.write_text(text, encoding="utf-8")
    return [
        Program(
            name=NAME,
            command=installed.command(config),
            priority=PRIORITY,
            folder=own.var,
            # Who changes a setting finds it obeyed: the supervisor begins anew what is described otherwise.
            environment=environment(settings)
            | {"PHUSA_GRAFANA_MARK": hashlib.sha256(text.encode()).hexdigest()[:12]},
            ports={"Grafana": settings.grafana_port},
        )
    ]


def announce(settings: Settings, *, starts: bool) -> None:
    """Where Grafana will be; where there is none, how to get it, and what shows the same meanwhile."""
    if starts:
        tell(f"Grafana: {address(settings)}, {who(settings)[0]}", f"Grafana starts there, {who(settings)[1]}")
    elif settings.grafana is None and settings.grafana_native:
        vi, en = instead(settings)
        tell(
            f"Máy này không có Grafana: tải bản OSS ở {GET}, giải nén, đặt PHUSA_GRAFANA_HOME rồi phusa up; hoặc dùng Docker. {vi}",
            f"No Grafana here: unpack the OSS edition, set PHUSA_GRAFANA_HOME, phusa up; or use Docker. {en}",
        )


def who(settings: Settings) -> tuple[str, str]:
    """Who may look, in both languages."""
    if settings.grafana_anonymous:
        return "xem không cần mật khẩu", "anybody at this machine may look"
    path = settings.secrets_dir / ADMIN
    return f"đăng nhập admin, mật khẩu trong {path}", "sign in as admin, the password is in that file"


def instead(settings: Settings) -> tuple[str, str]:
    """What shows the same without Grafana: the page, where this version has one."""
    port = getattr(settings, "page_port", None)
    if port is None:
        return "Trong lúc đó: phusa status --watch.", "Meanwhile: phusa status --watch."
    wall = f"http://127.0.0.1:{port}/wall"
    return f"Trong lúc đó xem {wall} (cùng nội dung).", f"Meanwhile {wall} shows the same."
