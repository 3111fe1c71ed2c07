"""Who may do what on the MQTT broker: hashes as mosquitto reads them, rights by name, stations that come and go."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from connectors.settings import Settings, settings
from infra.phusa import app
from infra.run.stack import broker_access, compose, mosquitto
from infra.run.stack.packages import program
from infra.run.stack.passwords import BROKER_USERS
from infra.run.stack.voice import StackError


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    (tmp_path / "secrets").mkdir()
    return Settings(var=tmp_path)


def passwords(own: Settings) -> dict[str, str]:
    text = (broker_access.folder(own) / "passwords").read_text(encoding="utf-8")
    return dict(line.split(":", 1) for line in text.splitlines())


def rights(own: Settings) -> str:
    return (broker_access.folder(own) / "acl").read_text(encoding="utf-8")


def test_a_hash_is_the_one_that_mosquitto_makes(tmp_path: Path) -> None:
    tool = program("mosquitto_passwd")
    if tool is None:
        pytest.skip("no mosquitto_passwd on this machine")
    file = tmp_path / "made"
    file.write_text("phu-oc:gscccx3s44kb8jqhj9yvzxfu\n", encoding="utf-8")
    subprocess.run([tool, "-U", str(file)], check=True)
    kept = file.read_text(encoding="utf-8").strip().partition(":")[2]

    assert broker_access.fits(kept, "gscccx3s44kb8jqhj9yvzxfu")
    assert not broker_access.fits(kept, "gscccx3s44kb8jqhj9yvzxfx")


@pytest.mark.parametrize("kept", ["", "x", "$7$101$AAAA", "$6$x$y"])
def test_what_is_no_hash_is_nobodys(kept: str) -> None:
    assert not broker_access.fits(kept, "")


def test_only_hashes_are_kept_and_for_the_owner_only(own: Settings) -> None:
    password = broker_access.add(own, "phu-oc", again=False)
    files = [path for path in broker_access.folder(own).iterdir() if path.name != "lock"]

    assert broker_access.fits(passwords(own)["phu-oc"], password)
    assert not any(password in path.read_text(encoding="utf-8") for path in files)
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    assert oct(broker_access.folder(own).stat().st_mode & 0o777) == "0o700"


def test_a_password_can_be_typed_by_hand(own: Settings) -> None:
    password = broker_access.add(own, "phu-oc", again=False)

    assert len(password) == 24
    assert not set(password) & set("01loiABCDEFGHIJKLMNOPQRSTUVWXYZ-_")


def test_a_station_may_write_below_its_own_topic_and_read_nothing(own: Settings) -> None:
    broker_access.refresh(own)
    broker_access.add(own, "phu-oc", again=False)
    sections = rights(own).strip().split("\n\n")

    assert "user phu-oc\ntopic write phusa/v1/readings/phu-oc/#" in sections
    assert "user phusa-bridge\ntopic read phusa/#\ntopic read application/#" in sections
    assert not any(line.startswith("topic") for line in sections[0].splitlines())


def test_starting_again_keeps_stations_and_what_has_not_changed(own: Settings) -> None:
    broker_access.refresh(own)
    broker_access.add(own, "phu-oc", again=False)
    before = passwords(own)
    broker_access.refresh(own)

    assert passwords(own) == before
    assert broker_access.stations(own) == ["phu-oc"]


def test_a_new_secret_is_a_new_hash(own: Settings) -> None:
    broker_access.refresh(own)
    (own.secrets_dir / "mqtt_bridge").write_text("another", encoding="utf-8")
    broker_access.refresh(own)

    assert broker_access.fits(passwords(own)["phusa-bridge"], "another")


def test_who_plays_stations_is_unknown_where_the_field_can_connect(own: Settings) -> None:
    broker_access.refresh(own)
    assert set(passwords(own)) == set(BROKER_USERS)
    broker_access.refresh(own.model_copy(update={"mqtt_listen": "192.0.2.7:8883"}))

    assert "phusa-rehearsal" not in passwords(own)
    assert "phusa-rehearsal" not in rights(own)


@pytest.mark.parametrize(
    "name", ["", "a/b", "#", "+", "a:b", "a b", "a\nuser x", "phusa-bridge", "-x", "x" * 65]
)
def test_what_cannot_be_a_user_is_refused(name: str, own: Settings) -> None:
    with pytest.raises(StackError, match="cannot be an MQTT user"):
        broker_access.add(own, name, again=False)

    assert not (broker_access.folder(own) / "passwords").exists()


def test_nobody_speaks_without_a_user_and_in_clear_on_the_loopback_only(
    own: Settings, tmp_path: Path
) -> None:
    text = mosquitto.configuration(own, tmp_path, "me", tmp_path)
    lines = text.splitlines()

    assert "allow_anonymous false" in lines
    assert [line for line in lines if line.startswith("listener")] == [f"listener {own.mqtt_port} 127.0.0.1"]


def test_a_listener_beyond_has_a_certificate_and_binds_sessions_to_users(
    own: Settings, tmp_path: Path
) -> None:
    files = {
        "mqtt_certificate": Path("/c.pem"),
        "mqtt_key": Path("/k.pem"),
        "mqtt_station_ca": Path("/s.pem"),
    }
    text = mosquitto.configuration(
        own.model_copy(update={"mqtt_listen": "192.0.2.7", **files}), tmp_path, "me", tmp_path
    )
    listener = text.partition("listener 8883 192.0.2.7\n")[2].splitlines()

    assert {"certfile /c.pem", "keyfile /k.pem", "cafile /s.pem"} < set(listener)
    assert {"require_certificate true", "use_username_as_clientid true"} < set(listener)


@pytest.fixture
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PHUSA_VAR", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


def station(*words: str) -> Result:
    return CliRunner().invoke(app, ["station", *words])


@pytest.mark.usefixtures("_here")
def test_what_to_type_into_the_logger_is_told_once() -> None:
    told = station("add", "phu-oc")

    assert told.exit_code == 0
    assert "phusa/v1/readings/phu-oc" in told.stdout
    assert "127.0.0.1" in told.stdout
    assert "the password is shown this once" in told.stdout
    assert "the broker does not run" in told.stderr
    assert "phu-oc  Phú Ốc  có mật khẩu" in station("list").stdout
    assert "bo-la-van  Lồng cá La Vân  chưa có" in station("list").stdout


@pytest.mark.usefixtures("_here")
@pytest.mark.parametrize(
    ("words", "vi", "en"),
    [
        pytest.param(("add", "nix"), "không có trạm này", "no station of the configuration", id="an unknown station"),
        pytest.param(("add", "phu-oc"), "phusa station add phu-oc --again", "the old one ends at once", id="a second time"),
        pytest.param(("remove", "bo-la-van"), "không có mật khẩu nào", "has no password to take away", id="none to take away"),
        pytest.param(("remove", "phusa-bridge"), "không có mật khẩu nào", "has no password", id="no station"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_both_languages(words: tuple[str, ...], vi: str, en: str) -> None:
    assert station("add", "phu-oc").exit_code == 0
    told = station(*words)

    assert told.exit_code == 1
    assert "LỖI / ERROR" in told.stderr
    assert vi in told.stderr
    assert en in told.stderr


@pytest.mark.usefixtures("_here")
def test_another_broker_has_users_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHUSA_MQTT", "127.0.0.1:1883")
    settings.cache_clear()
    told = station("add", "phu-oc")

    assert told.exit_code == 1
    assert "we do not run this broker" in told.stderr


@pytest.mark.usefixtures("_here")
def test_again_changes_the_password_and_remove_takes_it_away(tmp_path: Path) -> None:
    own = Settings(var=tmp_path)
    station("add", "phu-oc")
    before = passwords(own)["phu-oc"]
    assert station("add", "phu-oc", "--again").exit_code == 0
    assert passwords(own)["phu-oc"] != before
    assert station("remove", "phu-oc").exit_code == 0

    assert "phu-oc" not in passwords(own)
    assert "phu-oc" not in rights(own)


def test_the_containers_script_is_one() -> None:
    script = compose.FILE.with_name("mosquitto-container.sh")
    subprocess.run([shutil.which("sh") or "sh", "-n", str(script)], check=True)
