"""The report of an event as HTML and PDF: the same blocks, whole, with all letters of Vietnamese."""

from __future__ import annotations

import msgspec
import pytest

from connectors.report.document import ANSWERS, STEPS, Facts, Gallery, Table, document, minutes
from connectors.report.page import html
from connectors.report.pdf import pdf
from models.alerting.event import AnswerKind, StepKind
from tests.reports_of_events import event, message

EMPTY = {"alerts": [], "messages": [], "replies": [], "rungs": [], "curves": [], "sights": []}


def cells(made: object) -> str:
    return " ".join(
        " ".join([*(pair[1] for pair in block.pairs)]) if isinstance(block, Facts)
        else " ".join(cell for row in block.rows for cell in row) if isinstance(block, Table) else " ".join(image.caption for image in block.images)
        for block in made.blocks  # type: ignore[attr-defined]
    )  # fmt: skip


def test_the_report_has_all_that_the_event_had() -> None:
    made = document(event())
    text = cells(made)

    for wanted in ("Trưởng thôn La Vân Hạ", "mưa rất to", "BĐ2", "CANH BAO LU: Phu Oc 3,10 m, tren BD2", "BỊ TỪ CHỐI: hết tiền", "đã nhận, tôi đi",
                   "gọi phó thôn", "camera Cầu Phước Yên: nước tới mốc 2 (01:58)", "190 phút", "1.350 đ", "Cầu Phước Yên, 04:31 25/11"):  # fmt: skip
        assert wanted in text, wanted
    assert isinstance(made.blocks[2], Gallery)


def test_html_is_one_file_that_loads_nothing_and_runs_nothing() -> None:
    text = html(document(event()))

    assert "<script" not in text
    assert "http" not in text.replace("http://www.w3.org", "")
    assert text.count("<svg") == 1
    assert "data:image/jpeg;base64," in text


def test_words_of_strangers_are_escaped() -> None:
    text = html(document(event(name="<b>x</b>", messages=[message(text="<script>alert(1)</script>")])))

    assert "<script>" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text


def test_every_block_says_so_where_there_is_nothing() -> None:
    made = document(event(**EMPTY, closed_at=None))
    text = html(made)

    for block in made.blocks:
        if not isinstance(block, Facts):
            assert block.nothing in text
    assert "đang diễn ra" in text


@pytest.mark.parametrize("changed", [{}, EMPTY, {"exercise": True}], ids=["a night", "nothing", "a drill"])
def test_a_pdf_is_made_of_the_same_document(changed: dict[str, object]) -> None:
    data = pdf(document(event(**changed)))

    assert data.startswith(b"%PDF")
    assert b"/FontFile2" in data


def test_a_long_event_fills_pages_and_each_table_says_its_columns_anew() -> None:
    many = [message(f"m{n}", text=f"tin số {n}") for n in range(200)]

    assert len(pdf(document(event(messages=many)))) > len(pdf(document(event())))


def test_a_drill_says_so_first() -> None:
    assert "DIỄN TẬP" in html(document(event(exercise=True)))
    assert "DIỄN TẬP" not in html(document(event()))


@pytest.mark.parametrize(
    ("value", "said"), [(12.4, "12 phút"), (-3.0, "-3 phút"), (-0.2, "0 phút"), (None, "–")]
)
def test_minutes_are_whole_and_an_unknown_one_is_said(value: float | None, said: str) -> None:
    assert minutes(value) == said


def test_each_answer_and_each_step_has_its_words() -> None:
    assert set(ANSWERS) == set(AnswerKind)
    assert set(STEPS) == set(StepKind)


def test_a_code_of_a_newer_version_stands_as_it_is() -> None:
    replies = [msgspec.structs.replace(event().replies[0], kind="later", way="fax")]

    assert "later" in html(document(event(replies=replies)))
