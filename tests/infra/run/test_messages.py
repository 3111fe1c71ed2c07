"""`phusa messages` at 80 columns: two lines a message, names, prices and their sum."""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO

import msgspec
from rich.console import Console

from connectors.timescale.spending import Message, Month
from infra.run.cli.messages import price, sums, table

AT = datetime.fromisoformat("2025-11-01T02:14:00+07:00")
ONE = Message(
    AT,
    "Trưởng thôn La Vân Hạ",
    "zalo",
    "delivered",
    "CANH BAO LU song Bo tai Phu Oc vuot BD2 " * 3,
    300,
    reckoned=True,
    exercise=False,
    event_number=7,
    sent_at=AT,
    delivered_at=AT,
    read_at=AT,
    answered_at=AT,
)


def drawn(*found: Message) -> list[str]:
    file = StringIO()
    Console(file=file, width=80, highlight=False).print(table(found))
    return [line for line in file.getvalue().splitlines() if line.strip()]


def test_a_message_is_two_lines_within_80_columns() -> None:
    head, both = len(drawn()), drawn(ONE, ONE)

    assert len(both) - head == 4
    assert max(len(line) for line in both) <= 80


def test_it_says_who_how_for_how_much_delivered_read_and_answered() -> None:
    text = "\n".join(drawn(ONE))

    for word in ("Trưởng thôn La Vân Hạ", "Zalo", "~300 đ", "đã nhận 02:14:00", "đọc 02:14, trả lời 02:14"):
        assert word in text


def test_brackets_in_a_text_are_no_colours() -> None:
    assert "[red]" in "\n".join(drawn(msgspec.structs.replace(ONE, text="[red] x")))


def test_a_drill_is_named_so() -> None:
    assert "DIỄN TẬP" in "\n".join(drawn(msgspec.structs.replace(ONE, exercise=True)))


def test_a_price_that_nobody_told_is_none() -> None:
    assert price(msgspec.structs.replace(ONE, price_vnd=None)) == "–"


def test_the_sum_is_that_of_the_rows_and_the_month_stands_beside_it() -> None:
    free = msgspec.structs.replace(ONE, price_vnd=None, reckoned=False)
    lines = sums([ONE, free, ONE], Month(date(2025, 11, 1), 3_000_000, 0.8, 1_500_000), 50)

    assert lines[0] == "3 tin (messages), ~600 đồng (VND)"
    assert lines[1].startswith("Tháng 11/2025: 1.500.000 trong 3.000.000 đồng, 50 %")


def test_where_there_are_more_it_says_how_to_see_them() -> None:
    assert "--limit 1" in sums([ONE], None, 1)[0]
