"""The report as PDF on A4, by fpdf2: pure Python, so that no server needs a browser or Pango for it.

The letters are DejaVu Sans, which matplotlib carries and which has all of Vietnamese.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from connectors.report.document import Facts, Gallery, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.report.document import Block, Document, Image

FONT = "DejaVu"
MARGIN_MM, TEXT_PT, SMALL_PT = 14, 9, 7
GREY, INK = (84, 91, 99), (27, 31, 36)


class _Sheet(FPDF):
    """A4 with the title's short form and the number of the page below."""

    def __init__(self, made: Document) -> None:
        super().__init__(format="A4")
        self._foot = f"{made.title} · {made.made}"
        fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
        self.add_font(FONT, "", fonts / "DejaVuSans.ttf")
        self.add_font(FONT, "B", fonts / "DejaVuSans-Bold.ttf")
        self.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=MARGIN_MM + 4)
        self.set_title(made.title)
        self.set_lang("vi")

    def footer(self) -> None:
        self.set_y(-MARGIN_MM)
        self.letters(SMALL_PT, colour=GREY)
        self.cell(0, 4, f"{self._foot} · {self.page_no()}/{{nb}}", align="C")

    def letters(self, points: float, *, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        self.set_font(FONT, "B" if bold else "", points)
        self.set_text_color(*colour)

    def line_of(self, text: str, height: float = 5) -> None:
        self.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT")


def pdf(made: Document) -> bytes:
    """The whole file."""
    sheet = _Sheet(made)
    sheet.add_page()
    if made.exercise:
        sheet.letters(12, bold=True)
        sheet.line_of("DIỄN TẬP · EXERCISE", 7)
    sheet.letters(15, bold=True)
    sheet.line_of(made.title, 8)
    sheet.letters(TEXT_PT, colour=GREY)
    sheet.line_of(f"{made.title_en}. {made.made}")
    for block in made.blocks:
        _heading(sheet, block)
        _DRAW[type(block)](sheet, block)
    return bytes(sheet.output())


def _heading(sheet: _Sheet, block: Block) -> None:
    if sheet.will_page_break(30):
        sheet.add_page()
    sheet.ln(3)
    sheet.letters(11, bold=True)
    sheet.write(6, block.vi)
    sheet.letters(TEXT_PT, colour=GREY)
    sheet.write(6, f"  {block.en}")
    sheet.ln(7)


def _facts(sheet: _Sheet, block: Facts) -> None:
    sheet.letters(TEXT_PT)
    with sheet.table(col_widths=(40, 60), borders_layout=TableBordersLayout.NONE, first_row_as_headings=False, line_height=4.6) as table:  # fmt: skip
        for name, value in block.pairs:
            row = table.row()
            row.cell(name)
            row.cell(value, style=FontFace(emphasis="BOLD"))
    sheet.ln(1)
    sheet.letters(SMALL_PT, colour=GREY)
    for words in block.note:
        sheet.line_of(words, 3.6)


def _table(sheet: _Sheet, block: Table) -> None:
    if not block.rows:
        sheet.letters(TEXT_PT)
        sheet.line_of(block.nothing)
        return
    sheet.letters(SMALL_PT)
    sheet.set_draw_color(217, 220, 224)
    sheet.set_line_width(0.2)
    head = FontFace(emphasis="BOLD", fill_color=(242, 244, 246))
    with sheet.table(col_widths=tuple(block.shares), borders_layout=TableBordersLayout.HORIZONTAL_LINES, headings_style=head, line_height=3.6, text_align="LEFT", padding=0.8) as table:  # fmt: skip
        for cells in (block.columns, *block.rows):
            table.row(cells)


def _gallery(sheet: _Sheet, block: Gallery) -> None:
    if not block.images:
        sheet.letters(TEXT_PT)
        sheet.line_of(block.nothing)
        return
    for image in block.images:
        _image(sheet, image)


def _image(sheet: _Sheet, image: Image) -> None:
    """As wide as the text where it is a drawing, else half; never parted from its words."""
    wide = sheet.epw if image.svg else sheet.epw * 0.62
    with sheet.unbreakable() as whole:
        whole.image(io.BytesIO(image.data), w=wide)
        whole.set_font(FONT, "", SMALL_PT)
        whole.multi_cell(0, 4, image.caption, new_x="LMARGIN", new_y="NEXT")
        whole.ln(1)


_DRAW: dict[type, Callable[[_Sheet, Any], None]] = {Facts: _facts, Table: _table, Gallery: _gallery}
