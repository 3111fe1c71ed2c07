"""The screen of the payments: a target has its own period, none is not zero, a figure and its list have one definition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest

from connectors.timescale import reference
from dashboards.payments import HAND, REACHED
from dashboards.style import CALM, WARN, WATCH
from tests.dashboards.seeded import EXAMPLE, clock
from tests.dashboards.windows import MADE, answer, expand, target
from tests.store import as_role, empty_store

TARGETS, HAMLETS, LIST = (
    "Không tiền mặt so với mục tiêu của xã",
    "Theo thôn trong khoảng đang xem",
    "Việc cần người xem, cả xã",
)
MARCH = datetime.fromisoformat("2026-03-02T09:00:00+07:00")


def pay(
    connection: psycopg.Connection,
    event: str,
    at: datetime,
    merchant: str,
    hamlet: str,
    household: str | None,
) -> None:
    connection.execute(
        """insert into payment (source, event, at, received_at, amount_vnd, merchant, hamlet, household, vi, en)
           values ('sepay', %s, %s, %s, 50000, %s, %s, %s, '', '')""",
        [event, at, at, merchant, hamlet, household],
    )


@pytest.fixture(scope="module")
def admin(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """Three households paid in March, nobody named today paid at the market, and one payment is held."""
    with empty_store(server_dsn, secrets, "screen_money") as dsn:
        reference.load(dsn, EXAMPLE)
        merchant, shop = EXAMPLE.payments.merchants[0], EXAMPLE.payments.merchants[-1]  # type: ignore[union-attr]
        with psycopg.connect(as_role(dsn, secrets, "writer")) as connection:
            for turn in range(3):
                pay(connection, f"m{turn}", MARCH, merchant.code, merchant.hamlet, f"HO000{turn}")
            for turn in range(4):
                pay(connection, f"d{turn}", clock("09:00"), shop.code, shop.hamlet, None)
            connection.execute(
                """insert into payment_held (source, event, at, received_at, amount_vnd, merchant, vi, en)
                   values ('vnpay', 'h1', %s, %s, 70000, %s, 'đã trừ tiền, chưa trả xong', 'taken, not paid')""",
                [MARCH, MARCH, merchant.code],
            )
        yield dsn


@pytest.fixture
def reader(admin: str, secrets: dict[str, str]) -> str:
    return as_role(admin, secrets, "reader")


def targets(reader: str, since: datetime, until: datetime) -> dict[str, dict[str, str]]:
    return {row["Mục tiêu"]: row for row in answer(reader, expand(target("payments", TARGETS), since, until))}


@pytest.mark.integration
@pytest.mark.parametrize("hours", [1, 24, 24 * 90])
def test_a_target_is_of_its_own_period_whatever_window_is_looked_at(reader: str, hours: int) -> None:
    until = clock("12:00")
    row = targets(reader, until - timedelta(hours=hours), until)["Hộ đã trả không tiền mặt"]

    assert (row["Đạt"], row["Tỷ lệ"], row["Kỳ"]) == ("3 trong 1.959", "0,2 %", "trong năm, từ 01/01/2026")
    assert row["Kết quả"] == "chưa đạt"


@pytest.mark.integration
def test_before_the_first_payment_of_a_period_no_target_is_missed(reader: str) -> None:
    rows = targets(reader, MARCH - timedelta(hours=2), MARCH - timedelta(hours=1))

    assert {row["Kết quả"] for row in rows.values()} == {"chưa có khoản nào"}
    assert {row["Tỷ lệ"] for row in rows.values()} == {"–"}
    assert REACHED["chưa có khoản nào"] != REACHED["đạt"]


@pytest.mark.integration
def test_payments_that_name_no_household_are_not_told_as_of_no_household(reader: str) -> None:
    rows = answer(reader, expand(target("payments", HAMLETS), clock("00:00"), clock("12:00")))
    (paid,) = [row for row in rows if row["Số khoản"] == "4"]

    assert paid["Hộ đã trả"] == "không khoản nào nêu mã hộ"
    assert len(rows) == len({hamlet.code for hamlet in EXAMPLE.hamlets})
    assert {row["Tiền"] for row in rows if row["Số khoản"] == "0"} == {"–"}


@pytest.mark.integration
@pytest.mark.parametrize("hours", [1, 24])
def test_what_waits_for_a_person_is_told_however_old_and_counted_as_it_is_listed(
    reader: str, hours: int
) -> None:
    until = clock("12:00")
    window = (until - timedelta(hours=hours), until)
    (figure,) = answer(reader, expand(target("payments", "Khoản cần người xem"), *window))
    rows = answer(reader, expand(target("payments", LIST), *window))
    waiting = [row for row in rows if row["Việc"] == "CẦN NGƯỜI XEM"]

    assert figure["Cần xem"] == f"{len(waiting)} CẦN NGƯỜI XEM" == "1 CẦN NGƯỜI XEM"
    assert {row["Việc"] for row in rows} <= HAND.keys()


@pytest.mark.integration
def test_a_day_without_a_payment_says_so_and_shows_no_zero(reader: str) -> None:
    query = target("payments", "Tiền nhận hôm nay")
    (today,) = answer(reader, expand(query, clock("00:00"), clock("12:00")))
    (before,) = answer(reader, expand(query, MARCH, MARCH + timedelta(days=2)))

    assert today["Hôm nay"].endswith("4 khoản")
    assert before["Hôm nay"] == "hôm nay chưa có khoản nào"


@pytest.mark.integration
def test_nothing_of_the_future_is_counted(reader: str) -> None:
    rows = targets(reader, MARCH, clock("08:00"))

    assert rows["Cửa hàng, sạp nhận không tiền mặt"]["Đạt"].startswith("0 trong")


@pytest.mark.integration
def test_the_figure_is_of_all_rows_of_its_list_the_worst_first_and_calm_only_without_any(
    admin: str, reader: str, secrets: dict[str, str]
) -> None:
    """It said "không có khoản nào" above 125 rows that nobody could name."""
    day = timedelta(days=1)
    with psycopg.connect(as_role(admin, secrets, "writer")) as connection:
        connection.execute(
            """insert into payment (source, event, at, received_at, amount_vnd, merchant, hamlet, vi, en)
               select 'sepay', 'u' || i, %(at)s, %(at)s, 10000, 'cho', '', 'không rõ trả gì', 'unclear' from generate_series(1, 1934) i""",
            {"at": clock("09:00") + day},
        )
    window = (clock("00:00") + day, clock("12:00") + day)
    (figure,) = answer(reader, expand(target("payments", "Khoản cần người xem"), *window))
    (today,) = answer(reader, expand(target("payments", "Tiền nhận hôm nay"), *window))
    early = (MARCH - timedelta(hours=2), MARCH - timedelta(hours=1))
    (none,) = answer(reader, expand(target("payments", "Khoản cần người xem"), *early))

    assert len(answer(reader, expand(target("payments", LIST), *window))) == 1 + 1934
    assert figure["Cần xem"] == "1 CẦN NGƯỜI XEM, 1.934 không rõ trả gì"
    assert today["Hôm nay"] == "19.340.000 đ · 1.934 khoản"
    assert none["Cần xem"] == "không có khoản nào"
    assert len(answer(reader, expand(target("payments", LIST), *early))) == 1, (
        "the row that says there is none"
    )


@pytest.mark.parametrize(
    ("said", "colour"),
    [
        ("không có khoản nào", CALM),
        ("3 đã tính một lần", CALM),
        ("1.934 không rõ trả gì", WATCH),
        ("1 bất thường, 124 không rõ trả gì", WATCH),
        ("1.000 CẦN NGƯỜI XEM, 2 bất thường", WARN),
    ],
)
def test_the_figure_has_the_colour_of_the_worst_row(said: str, colour: str) -> None:
    (panel,) = [one for one in MADE["payments"]["panels"] if one["title"] == "Khoản cần người xem"]
    found = [
        one["options"]["result"]["color"]
        for one in panel["fieldConfig"]["defaults"]["mappings"]
        if re.search(one["options"]["pattern"].strip("/"), said)
    ]

    assert found[0] == colour
