"""contacts.json: numbers however they are written become one; one that is none is told by its contact, never by its digits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from structlog.testing import capture_logs
from typer.testing import CliRunner

from connectors import http
from connectors.settings import ROOT, Settings
from infra.run.cli import check

NUMBERS = {"an": "0900.000.001", "binh": "+84 (0)900 000 002", "chi": "090000000", "dung": "84 900000001"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Secrets with two good numbers, one that is none, and one that is another's."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "contacts.json").write_text(json.dumps(NUMBERS), encoding="utf-8")
    return tmp_path / "secrets"


def test_numbers_become_one_form_and_who_has_none_is_named_in_the_log(folder: Path) -> None:
    with capture_logs() as logs:
        found = http.phones(folder)

    assert found == {"an": "84900000001", "binh": "84900000002", "dung": "84900000001"}
    assert [(one["event"], one["contacts"]) for one in logs] == [("no_phone_number", ["chi"])]


def test_a_number_that_is_none_or_anothers_is_told_by_its_contact(folder: Path) -> None:
    assert [(contact, en.partition(",")[0]) for contact, _vi, en in http.phone_mistakes(folder)] == [
        ("chi", "one phone number of Vietnam"),
        ("dung", "a number of its own"),
    ]


def test_a_copy_without_numbers_has_no_mistake_of_them(tmp_path: Path) -> None:
    assert list(http.phone_mistakes(tmp_path)) == []


def checked(monkeypatch: pytest.MonkeyPatch, folder: Path) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(check.check)
    monkeypatch.setattr(check, "settings", lambda: Settings(var=folder.parent))
    result = CliRunner().invoke(app, [str(ROOT / "infra" / "commune")])
    return result.exit_code, result.output


def test_the_command_names_the_contact_and_prints_no_digit_of_a_number(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = checked(monkeypatch, folder)

    assert code == 1
    assert "contacts.json  thấy chi: ••• ; cần một số điện thoại Việt Nam" in output
    assert "contacts.json  thấy dung: ••• ; cần số riêng, không trùng với an" in output
    assert "9000" not in output.replace(".", "").replace(" ", "")


def test_the_command_tells_a_file_that_is_no_json_without_its_content(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "contacts.json").write_text('{"an": "0900000001"', encoding="utf-8")
    code, output = checked(monkeypatch, folder)

    assert code == 1
    assert "contacts.json" in output
    assert "0900000001" not in output
