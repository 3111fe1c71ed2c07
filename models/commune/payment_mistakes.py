"""What is wrong in `payments.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.mistake import Mistake, missing, once, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.commune.configuration import Commune


def payment_mistakes(commune: Commune) -> Iterator[Mistake]:
    """All mistakes of merchants, fees and stalls."""
    hamlets = sorted({one.code for one in commune.hamlets})
    merchants = sorted({one.code for one in commune.merchants})
    for section in ("merchants", "fees", "stalls"):
        entries = getattr(commune, section)
        yield from once((section,), "code", (one.code for one in entries))
        for i, one in enumerate(entries):
            if section != "fees" and one.hamlet not in hamlets:
                yield missing((section, i, "hamlet"), one.hamlet, "hamlets", hamlets)
            if section != "merchants" and one.merchant not in merchants:
                yield missing((section, i, "merchant"), one.merchant, "merchants", merchants)
    yield from once(("stalls",), "mark", (one.mark for one in commune.stalls))
    yield from _accounts(commune)
    yield from _words(commune)


def _accounts(commune: Commune) -> Iterator[Mistake]:
    """One account belongs to one merchant: else nobody could tell who was paid."""
    owner: dict[tuple[str, str], str] = {}
    for i, one in enumerate(commune.merchants):
        for provider, account in one.accounts.items():
            path = ("merchants", i, "accounts", str(provider))
            first = owner.setdefault((provider, account), one.code)
            if not account.strip():
                yield wrong(path, '""', "một tài khoản", "an account")
            elif first != one.code:
                yield wrong(
                    path, account, f"tài khoản riêng: {first} đã có", f"an account of its own: {first} has it"
                )


def _words(commune: Commune) -> Iterator[Mistake]:
    """The same words of two fees of one merchant would match both."""
    owner: dict[tuple[str, str], str] = {}
    for i, one in enumerate(commune.fees):
        for j, text in enumerate(one.words):
            first = owner.setdefault((one.merchant, text.upper()), one.code)
            if not text.strip():
                yield wrong(("fees", i, "words", j), '""', "một từ", "a word")
            elif first != one.code:
                yield wrong(
                    ("fees", i, "words", j),
                    text,
                    f"từ riêng: {first} đã có",
                    f"words of its own: {first} has them",
                )
