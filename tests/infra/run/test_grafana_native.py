"""A Grafana of the machine beside our processes: found, told where everything is, with no password in a file or environment."""

from __future__ import annotations

import base64
import configparser
import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connectors.settings import ROOT, Settings, settings
from infra.phusa import app
from infra.run.stack import grafana, patience, ports
from infra.run.stack.passwords import made_once, passwords
from infra.run.stack.place import place
from infra.run.stack.supervisor import Supervisor
from infra.run.stack.voice import StackError


def installation(home: Path, binary: str = "grafana-server") -> Path:
    """A folder that looks like a Grafana; nothing in it is ever run."""
    for name in ("conf", "public", "bin"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / "conf" / "defaults.ini").touch()
    path = home / "bin" / binary
    path.parent.mkdir(exist_ok=True)
    path.touch(0o755)
    return path


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without Grafana, whatever stands in this one's environment."""
    monkeypatch.delenv("PHUSA_GRAFANA_HOME", raising=False)
    monkeypatch.setattr(grafana, "PACKAGED", tmp_path / "none")
    monkeypatch.setattr(grafana.packages, "program", lambda _name: None)


LAYOUTS = {
    "before version 9.4": "grafana-server",
    "since": "grafana",
    "as it is built": "linux-amd64/grafana-server",
}


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("binary", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_it_is_found_in_the_folder_that_the_settings_name(binary: str, tmp_path: Path) -> None:
    path = installation(tmp_path / "g", binary)

    assert grafana.find(Settings(var=tmp_path, grafana_home=tmp_path / "g")) == grafana.Installed(
        path, tmp_path / "g"
    )


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("packaged", [False, True], ids=["unpacked", "a package's script around it"])
def test_it_is_found_on_the_path(packaged: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = installation(tmp_path / "g")
    found = path
    if packaged:
        monkeypatch.setattr(grafana, "PACKAGED", tmp_path / "g")
        found = tmp_path / "sbin" / "grafana-server"
        found.parent.mkdir()
        found.touch(0o755)
    monkeypatch.setattr(grafana.packages, "program", {"grafana-server": str(found)}.get)

    assert grafana.find(Settings(var=tmp_path)) == grafana.Installed(path, tmp_path / "g")


@pytest.mark.usefixtures("nowhere")
def test_a_folder_that_is_none_is_named_with_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"PHUSA_GRAFANA_HOME: .*conf/defaults\.ini"):
        grafana.find(Settings(var=tmp_path, grafana_home=tmp_path))


@pytest.mark.usefixtures("nowhere")
def test_where_there_is_none_it_says_how_to_get_it_and_what_shows_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Settings(var=tmp_path)

    assert grafana.programs(own) == []
    grafana.announce(own, starts=False)
    told = " ".join(capsys.readouterr().err.split())
    assert "PHUSA_GRAFANA_HOME" in told
    assert grafana.GET in told
    page = getattr(own, "page_port", None)
    assert ("phusa status --watch" if page is None else f"http://127.0.0.1:{page}/wall") in told


def own_of(tmp_path: Path, **changed: Any) -> Settings:
    """A copy with its secrets and a Grafana that nobody starts."""
    installation(tmp_path / "g")
    own = Settings(var=tmp_path / "var", port_base=23_000, grafana_home=tmp_path / "g", **changed)
    place(own).make(own.secrets_dir)
    passwords(own.secrets_dir)
    return own


def ini(own: Settings) -> configparser.RawConfigParser:
    made = configparser.RawConfigParser()
    made.read_string(grafana.configuration(own, None))
    return made


def test_it_listens_on_the_loopback_of_its_copy_and_keeps_its_data_there(tmp_path: Path) -> None:
    own = own_of(tmp_path)
    made = ini(own)

    assert (made["server"]["http_addr"], made["server"]["http_port"]) == ("127.0.0.1", "23007")
    assert made["paths"]["data"] == str(own.var.resolve() / "stack" / "grafana")
    assert made["paths"]["provisioning"] == str(ROOT / "dashboards" / "provisioning")


@pytest.mark.parametrize("wanted", [False, True])
def test_who_has_no_password_looks_only_when_the_settings_say_so(wanted: bool, tmp_path: Path) -> None:
    made = ini(own_of(tmp_path, grafana_anonymous=wanted))

    assert made["auth.anonymous"]["enabled"] == str(wanted).lower()
    assert made["auth.anonymous"]["org_role"] == "Viewer"
    assert not Settings(var=tmp_path).grafana_anonymous


def test_a_setting_that_changed_begins_it_anew_and_nothing_else_does(tmp_path: Path) -> None:
    own = own_of(tmp_path)
    first = grafana.programs(own)

    assert grafana.programs(own) == first
    assert grafana.programs(own.model_copy(update={"grafana_anonymous": True})) != first


def test_no_secret_stands_in_what_is_written_or_handed_over(tmp_path: Path) -> None:
    own = own_of(tmp_path)
    (program,) = grafana.programs(own)
    known = [path.read_text(encoding="utf-8") for path in own.secrets_dir.iterdir()]
    written = [grafana.configuration(own, None), str(program)]
    written += [path.read_text(encoding="utf-8") for path in place(own).run.iterdir()]

    assert {"database_reader", grafana.ADMIN, grafana.KEY} <= {
        path.name for path in own.secrets_dir.iterdir()
    }
    assert all(path.stat().st_mode & 0o077 == 0 for path in own.secrets_dir.iterdir())
    assert not [one for one in known for text in written if one in text]
    assert (
        program.environment["PHUSA_GRAFANA_DB_PASSWORD"]
        == f"$__file{{{own.secrets_dir.resolve() / 'database_reader'}}}"
    )


def test_it_is_told_all_that_its_provisioning_asks_for(tmp_path: Path) -> None:
    files = (ROOT / "dashboards" / "provisioning").rglob("*.yaml")
    asked = {
        word.partition("}")[0] for path in files for word in path.read_text(encoding="utf-8").split("${")[1:]
    }

    assert asked == set(grafana.environment(own_of(tmp_path)))


def test_two_copies_share_neither_port_nor_cookie_nor_data(tmp_path: Path) -> None:
    first, second = own_of(tmp_path / "a"), own_of(tmp_path / "b").model_copy(update={"port_base": 23_100})
    both = [
        (made["server"]["http_port"], made["auth"]["login_cookie_name"], made["paths"]["data"])
        for made in map(ini, (first, second))
    ]

    assert all(one != other for one, other in zip(*both, strict=True))


@pytest.mark.parametrize(
    "changed",
    [{"grafana": "http://127.0.0.1:3000"}, {"grafana_native": False}],
    ids=["another is named", "not wanted"],
)
def test_none_is_started_where_another_serves_or_none_is_wanted(
    changed: dict[str, Any], tmp_path: Path
) -> None:
    assert grafana.programs(own_of(tmp_path, **changed)) == []


def test_each_screen_has_an_address_and_the_wall_comes_first_without_menus(tmp_path: Path) -> None:
    for name in ("air", "wall"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"uid": f"phusa-{name}", "title": name.upper()}))

    own = Settings(var=tmp_path, port_base=23_000)
    assert grafana.links(own, tmp_path) == [
        ("WALL", "http://127.0.0.1:23007/d/phusa-wall?kiosk&autofitpanels"),
        ("AIR", "http://127.0.0.1:23007/d/phusa-air"),
    ]
    other = Settings(var=tmp_path, grafana="https://g.example/")
    assert grafana.links(other, tmp_path)[1] == ("AIR", "https://g.example/d/phusa-air")


def test_the_command_prints_every_screen_and_says_when_none_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PHUSA_VAR", str(tmp_path))
    monkeypatch.setenv("PHUSA_PORT_BASE", "64000")
    settings.cache_clear()
    told = CliRunner().invoke(app, ["grafana", "open"])
    monkeypatch.undo()
    settings.cache_clear()

    assert told.exit_code == 1
    assert all(f"http://127.0.0.1:64007/d/{uid}" in told.output for _, uid, _ in grafana.screens())
    assert "phusa up" in told.output


@pytest.fixture
def started(stack: Settings, tmp_path: Path) -> Iterator[tuple[Settings, Supervisor]]:
    """This machine's own Grafana under a supervisor of its own, on the tests' database; not anonymous."""
    own = stack.model_copy(
        update={
            "var": tmp_path / "var",
            "secrets": stack.secrets_dir,
            "grafana_native": True,
            "grafana_home": settings().grafana_home,
        }
    )
    if grafana.find(own) is None:
        pytest.skip("no Grafana on this machine: set PHUSA_GRAFANA_HOME")
    place(own).make(own.secrets_dir)
    supervisor = Supervisor(place(own))
    begin(own, supervisor)
    yield own, supervisor
    supervisor.end()


def begin(own: Settings, supervisor: Supervisor) -> None:
    supervisor.apply(grafana.programs(own))
    supervisor.start(grafana.NAME, wait=False)
    wait(own, supervisor)


def wait(own: Settings, supervisor: Supervisor, *, again: bool = False) -> None:
    """Until it answers as healthy; `again`: it may have died before."""
    alive = (lambda: None) if again else patience.Alive(supervisor, [grafana.NAME]).check
    patience.until(lambda: ask(own, "/api/health", None)[0] == 200, alive, lambda: ("Grafana", "Grafana"))


def ask(
    own: Settings, path: str, password: str | None, body: dict[str, Any] | None = None
) -> tuple[int, Any]:
    """Status and JSON of Grafana's answer; status 0 where nothing answers."""
    request = urllib.request.Request(grafana.address(own) + path)  # noqa: S310 (our own loopback)
    if password is not None:
        request.add_header(
            "authorization", "Basic " + base64.b64encode(f"admin:{password}".encode()).decode()
        )
    if body is not None:
        request.add_header("content-type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (same)
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, None
    except OSError:
        return 0, None


def known(own: Settings, password: str) -> set[str]:
    """The screens that it has by now."""
    return {str(one["uid"]) for one in ask(own, "/api/search?type=dash-db", password)[1] or []}


QUERY = {
    "from": "now-1h",
    "to": "now",
    "queries": [
        {
            "refId": "A",
            "datasource": {"uid": "phusa"},
            "format": "table",
            "rawSql": "select count(*) from station",
        }
    ],
}


@pytest.mark.integration
@pytest.mark.slow
def test_it_stands_with_our_screens_and_store_comes_back_when_killed_and_ends(
    started: tuple[Settings, Supervisor],
) -> None:
    own, supervisor = started
    password = made_once(own.secrets_dir / grafana.ADMIN)

    wanted = {uid for _, uid, _ in grafana.screens()}
    patience.until(lambda: wanted <= known(own, password), lambda: None, lambda: ("bảng", "dashboards"))
    assert ask(own, "/api/search", None)[0] == 401
    assert ask(own, "/api/search", "admin")[0] == 401
    status, told = ask(own, "/api/ds/query", password, QUERY)
    assert (status, told["results"]["A"]["frames"][0]["data"]["values"]) == (200, [[4]])

    before = supervisor.state()[0].pid
    os.kill(before, signal.SIGKILL)
    patience.until(
        lambda: supervisor.state()[0].pid not in (0, before), lambda: None, lambda: ("Grafana", "Grafana")
    )
    wait(own, supervisor, again=True)
    assert ask(own, "/api/search", password)[0] == 200

    seen = own.model_copy(update={"grafana_anonymous": True})
    begin(seen, supervisor)
    assert ask(seen, "/api/search", None)[0] == 200
    assert ask(seen, "/api/dashboards/db", None, {"dashboard": {"title": "x"}, "overwrite": True})[0] in (
        401,
        403,
    )
    supervisor.end()
    assert ports.is_free(own.grafana_port)
