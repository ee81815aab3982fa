"""What is kept of a part for the next file that has it: nothing of one is ever told of another."""

from __future__ import annotations

import pytest

from gouji.ingest.acting.formulas import _Quiet, may_call_out
from gouji.ingest.files.same_parts import _ALTOGETHER, _LARGEST, once_per_part
from gouji.ingest.files.scan import scan_sheet
from gouji.ingest.files.styles import Look, Looks
from gouji.ingest.grid import Kind

_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" s="1"><v>3</v></c><c r="B1"><f>A1+{}</f></c></row></sheetData></worksheet>'
)
_FORMULAS = "<c><f>{}</f></c>"


def test_a_part_is_worked_on_once_as_long_as_it_is_among_the_last() -> None:
    worked: list[bytes] = []

    @once_per_part(2)
    def length(part: bytes, more: int = 0) -> int:
        worked.append(part)
        return len(part) + more

    assert [length(b"a"), length(b"bb"), length(b"a"), length(b"a", 1)] == [1, 2, 1, 2]
    assert worked == [b"a", b"bb", b"a"]
    assert length(b"bb") == 2  # of the three the one that was asked for longest ago
    assert worked == [b"a", b"bb", b"a", b"bb"]
    large = b"x" * (_LARGEST + 1)
    assert length(large) == length(large) == _LARGEST + 1
    assert worked[-2:] == [large, large]


def test_of_large_parts_fewer_are_kept() -> None:
    worked: list[int] = []

    @once_per_part(100)
    def first(part: bytes) -> int:
        worked.append(part[0])
        return part[0]

    many = range(_ALTOGETHER // _LARGEST + 1)
    parts = [bytes([number]) * _LARGEST for number in many]
    assert [first(part) for part in (*parts, parts[-1], parts[0])] == [*many, many[-1], 0]
    assert worked == [*many, 0]


def test_what_fails_fails_again() -> None:
    @once_per_part(2)
    def failing(part: bytes) -> int:
        raise ValueError(part.decode())

    for _ in range(2):
        with pytest.raises(ValueError, match="甲"):
            failing("甲".encode())


def test_a_scan_that_is_changed_changes_no_other() -> None:
    xml = _SHEET.format(1).encode()
    first = scan_sheet(xml, ())
    assert first.special == {(0, 1): (Kind.UNCALCULATED, "=A1+1")}
    first.special.clear()
    first.merges.append((0, 0, 1, 1))
    first.bottom = 9
    second = scan_sheet(xml, ())
    assert (second.special, second.merges, second.bottom) == ({(0, 1): (Kind.UNCALCULATED, "=A1+1")}, [], 1)
    assert scan_sheet(_SHEET.format(2).encode(), ()).special == {(0, 1): (Kind.UNCALCULATED, "=A1+2")}


def test_the_same_sheet_looks_otherwise_in_another_workbook() -> None:
    xml = _SHEET.format(1).encode()
    assert scan_sheet(xml, Looks([Look(), Look(code="0.0")])).formats == {(0, 0): "0.0"}
    assert scan_sheet(xml, Looks([Look(), Look(code=";;;")])).unseen == {(0, 0)}
    assert scan_sheet(xml, Looks([Look(), Look()])).formats == {}


@pytest.mark.parametrize(
    ("formula", "may"),
    [
        ("SUM(A1:A99)", False),
        ("D1+D2+E3", False),
        ("HIDDEN1", False),
        ('HYPERLINK("#甲!A1")', False),
        ('HYPERLINK("http://a")', True),
        ("[1]甲!A1", True),
        ("a|b!c", True),
        ("webservice(A1)", True),
        ("A1+CALL(A2)\nB1", True),
    ],
)
def test_formulas_alike_but_for_their_rows_are_looked_at_once(formula: str, may: bool) -> None:
    for before in ("", _FORMULAS.format("A1"), "<x:formula>A1</x:formula>"):
        assert may_call_out(f"<a>{before}{_FORMULAS.format(formula)}</a>".encode()) is may
    assert may_call_out(f"<a><x:f>{formula}</x:f></a>".encode()) is may
    assert may_call_out(f"<a><formula1>{formula}</formula1></a>".encode()) is may


@pytest.mark.parametrize("written", [b"<!--x--><a/>", b"<a><!-- --></a>", b"<abc><?x y?></abc>", b"<a>&#65;</a>"])
def test_what_is_written_oddly_is_always_looked_into(written: bytes) -> None:
    assert may_call_out(written)
    assert not may_call_out(b'<?xml version="1.0"?><a><f>A1</f></a>')


def test_rows_known_from_another_part_hide_nothing_that_stands_around_them() -> None:
    rows = [f"<row><c><f>A{number}+1</f></c></row>" for number in range(5)]
    part = f"<a>{''.join(rows)}</a>".encode()
    assert not may_call_out(part) and not may_call_out(part)
    for place in range(5):
        calling = [*rows[:place], "<row><c><f>WEBSERVICE(A1)</f></c></row>", *rows[place:]]
        for _ in range(2):  # what calls out is never taken for known
            assert may_call_out(f"<a>{''.join(calling)}</a>".encode())
    for odd in (b"<!--x-->", b"<?x y?>", b"&#65;", b'<definedName name="auto_open">A1</definedName>'):
        assert may_call_out(part.replace(b"</a>", odd + b"</a>"))
    assert not may_call_out(part)


def test_a_row_is_known_no_longer_than_there_is_room() -> None:
    known = _Quiet(30)
    known.keep({b"a" * 20})
    assert known.unknown([b"a" * 20, b"b"]) == {b"b"}
    known.keep({b"b" * 20})
    assert known.unknown([b"a" * 20, b"b" * 20]) == {b"a" * 20}
    known.keep({b"c" * 31})
    assert known.unknown([b"c" * 31]) == {b"c" * 31}
