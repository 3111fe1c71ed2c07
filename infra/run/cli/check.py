"""`phusa check`: every mistake of the commune's configuration with its file and line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connectors.settings import settings
from models.fish.words import holes

if TYPE_CHECKING:
    from connectors.commune import Finding
    from models.commune.configuration import Commune


def check(
    folder: Annotated[
        Path | None, typer.Argument(help="thư mục cấu hình, mặc định PHUSA_COMMUNE (the commune's folder)")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="cho máy đọc (for a script)")] = False,
) -> None:
    """Kiểm tra cấu hình của xã, nêu mọi lỗi kèm tập tin và dòng (check the commune's configuration)."""
    import msgspec

    from connectors import commune, drills, playbook
    from connectors.page import map_file

    chosen = settings().commune if folder is None else folder
    found = commune.check(chosen)
    if not found:
        read = commune.load(chosen)
        found = [*map_file.check(chosen, read), *playbook.check(chosen, read), *drills.check(chosen, read)]
    found = [*found, *_certificates(), *_phones()]
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
    elif found:
        for one in found:
            _print(one)
        typer.echo(f"\n{len(found)} lỗi trong {chosen} ({len(found)} mistakes)")
    else:
        _good(commune.load(chosen), len(playbook.pages_of(chosen)))
    raise typer.Exit(1 if found else 0)


def _certificates() -> list[Finding]:
    """The files that PHUSA_* name for TLS, under the name of their variable."""
    from connectors.clock import system
    from connectors.commune import Finding
    from infra.run.stack import certificates

    expected = ("chứng thư và khoá PEM dùng được", "a certificate and key in PEM that can be used")
    return [
        Finding(mistake.variable, 0, f"{mistake.vi} ({mistake.en})", *expected)
        for mistake in certificates.mistakes(settings(), system())
    ]


def _phones() -> list[Finding]:
    """The numbers of this installation's people, by contact and never by their digits."""
    from connectors.commune import Finding
    from connectors.http import CONTACTS, phone_mistakes

    try:
        return [
            Finding(CONTACTS, 0, f"{contact}: •••", vi, en)
            for contact, vi, en in phone_mistakes(settings().secrets_dir)
        ]
    except (OSError, ValueError) as error:
        return [Finding(CONTACTS, 0, str(error), "một đối tượng JSON đọc được", "a readable JSON object")]


def _print(finding: Finding) -> None:
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file
    typer.echo(_safe(f"{place}  thấy {finding.found} ; cần {finding.expected_vi}"))
    typer.echo(_safe(f"{' ' * len(place)}  found {finding.found} ; expected {finding.expected_en}"))


def _safe(text: str) -> str:
    """Without control characters, which could move the cursor of the reader's terminal."""
    return "".join(char if char.isprintable() else "·" for char in text)


def _good(commune: Commune, pages: int) -> None:
    hamlets = len({hamlet.code for hamlet in commune.hamlets})
    stations, rules, contacts = len(commune.stations), len(commune.rules), len(commune.contacts)
    cameras, merchants = len(commune.cameras), len(commune.merchants)
    typer.echo(
        f"Cấu hình tốt: {hamlets} thôn, {stations} trạm, {cameras} camera, {rules} quy tắc, {merchants} nơi thu, "
        f"{contacts} người nhận\n"
        f"All good: {hamlets} hamlets, {stations} stations, {cameras} cameras, {rules} rules, {merchants} merchants, "
        f"{contacts} contacts"
    )
    if not pages:
        typer.echo(
            "chưa có sổ tay: thư mục playbook, mỗi loại và mức một trang (no playbook yet: a page a kind and level)"
        )
    # No mistakes: nobody but the commune can say what its own table means there.
    for species in commune.species:
        for _, words in holes(species):
            typer.echo(_safe(f"fish.yaml  chưa rõ: {words.vi}"))
            typer.echo(_safe(f"           unclear: {words.en}"))
