"""Mistakes of the names that files use: no folder, no name of two."""

from __future__ import annotations

from typing import Any

import pytest

from models.stationfile.mistakes import FileNames, file_name_mistakes

ONCE = "each name only once"
FILE = "the part of a file name before its time, no folder"
COLUMN = "a name in column 1 of a file"


@pytest.mark.parametrize(
    ("name", "stations", "why"),
    [
        ("no files", [FileNames([], [])], []),
        ("as it should be", [FileNames(["PO"], [["H"], ["Q"]]), FileNames(["BO"], [["H"]])], []),
        ("two stations of one name", [FileNames(["PO"], []), FileNames(["po"], [])], [
            ((1, "file_names", 0), ONCE),
        ]),
        ("a folder", [FileNames(["a/PO"], [])], [((0, "file_names", 0), FILE)]),
        ("a folder of another system", [FileNames(["a\\PO"], [])], [((0, "file_names", 0), FILE)]),
        ("blank names", [FileNames([" ", ""], [])], [
            ((0, "file_names", 0), FILE), ((0, "file_names", 1), FILE),
        ]),
        ("a column of two parameters", [FileNames([], [["H"], ["Q", "h"]])], [
            ((0, "parameters", 1, "file_names", 1), ONCE),
        ]),
        ("no column", [FileNames([], [[""]])], [((0, "parameters", 0, "file_names", 0), COLUMN)]),
    ],
)  # fmt: skip
def test_a_name_in_a_file_leads_to_one_owner(name: str, stations: list[FileNames], why: Any) -> None:
    found = [(mistake.path, mistake.expected_en) for mistake in file_name_mistakes(stations)]

    assert found == [(("stations", *path), text) for path, text in why], name
