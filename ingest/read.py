"""A returned file → its Workbook: admitted first, then calamine's values, then what the scan knows; a document of
Word or a PDF by its tables."""

from __future__ import annotations

from python_calamine import CalamineSheet, PasswordError

from gouji.ingest.admit import Admitted, Limits, Refused, check_size, examine
from gouji.ingest.figures.recomputed import contradicted
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.bounds import check_extent
from gouji.ingest.files.content import not_a_spreadsheet
from gouji.ingest.files.converted import FORMATS, as_docx, old_format
from gouji.ingest.files.flat_package import as_package, check_no_dtd, is_flat_package
from gouji.ingest.files.mend import mended
from gouji.ingest.files.mend_ods import mended_ods
from gouji.ingest.files.mend_xls import with_known_code_page
from gouji.ingest.files.plain_book import Rows, alike, plain_rows, texts_of
from gouji.ingest.files.reader import Reader
from gouji.ingest.files.sheet_scan import SheetScan
from gouji.ingest.files.sight import Sight
from gouji.ingest.files.usual_places import Places
from gouji.ingest.files.xls_formula import settle_zeros
from gouji.ingest.grid import Sheet, Workbook
from gouji.ingest.refusal import encrypted
from gouji.templates.selfcheck.names import LEDGER_SHEET

__all__ = ["read_workbook"]


def read_workbook(data: bytes, name: str, limits: Limits | None = None) -> Workbook:
    """Read the bytes of a workbook, a document or a PDF; `name` is the file's name, for the notes.

    Raises Refused, with the code 无法读取 when the file was admitted and the reader failed on it.
    """
    bounds = limits or Limits()
    if old := old_format(data, name):
        return _of_old_document(data, old, bounds)
    if is_flat_package(data):
        return _of_flat_document(data, bounds)
    admitted = examine(data, name, bounds)
    if admitted.kind == "docx":
        return _of_document(admitted, bounds)
    if admitted.kind == "pdf":
        return _of_pdf(data, admitted, bounds)
    reader = _reader(data, admitted, bounds)
    try:
        with reader:
            sheets = _sheets(reader, admitted, bounds)
    except (KeyboardInterrupt, SystemExit, Refused):
        raise
    except PasswordError as error:
        raise encrypted() from error
    except BaseException as error:  # calamine's PanicException is no Exception
        raise Refused("无法读取", "文件内容有误，读取中断。请用 Excel 或 WPS 打开、另存为 .xlsx 后再报送。") from error
    return Workbook(sheets, admitted.kind, admitted.notes)


def _of_old_document(data: bytes, extension: str, limits: Limits) -> Workbook:
    """A document in another format: what LibreOffice makes of it is admitted like any file."""
    check_size(data, limits)
    # Nothing is given to another program that unpacks to more than is let in.
    if extension == "odt":
        Archive(data, limits)
    elif extension == "fodt":
        check_no_dtd(data)
    made = as_docx(data, extension)
    book = _of_document(examine(made, "made.docx", limits), limits)
    book.notes.insert(0, f"这是{FORMATS[extension]}，用 LibreOffice 转换以后读取，位置按转换以后的表数。")
    return book


def _of_flat_document(data: bytes, limits: Limits) -> Workbook:
    """A document that is one XML file: the package that it describes is admitted like any file."""
    check_size(data, limits)
    admitted = examine(as_package(data, limits), "made.docx", limits)
    if admitted.kind != "docx":
        raise not_a_spreadsheet("一份 XML 文件")
    book = _of_document(admitted, limits)
    book.notes.insert(0, "这是存成一个 XML 文件的 Word 文档，已照常读取；以后请另存为 .docx 报送。")
    return book


def _of_document(admitted: Admitted, limits: Limits) -> Workbook:
    # What workbooks can do without is loaded when a document comes: most batches have none.
    from gouji.ingest.files.docx import read_document
    from gouji.ingest.files.docx_sheets import document_notes, document_sheets

    assert admitted.archive is not None
    try:
        document = read_document(admitted.archive, admitted.main, limits)
    except Refused:
        raise
    except Exception as error:  # whatever stands in there shall not end the reading of others
        raise Refused("无法读取", "文档内容有误，读取中断。请用 Word 或 WPS 打开、另存为 .docx 后再报送。") from error
    notes = [*admitted.notes, *document_notes(document)]
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    return Workbook(document_sheets(document), admitted.kind, notes, paragraphs)


def _of_pdf(data: bytes, admitted: Admitted, limits: Limits) -> Workbook:
    from gouji.ingest.files.docx_sheets import document_sheets
    from gouji.ingest.files.pdf import read_pdf
    from gouji.ingest.files.pdf_pages import not_readable

    try:
        pdf = read_pdf(data, limits)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever stands in there shall not end the reading of others
        raise not_readable("PDF 的内容有误，读取中断") from error
    paragraphs = [paragraph.text for paragraph in pdf.document.paragraphs]
    return Workbook(document_sheets(pdf.document), admitted.kind, [*admitted.notes, *pdf.notes], paragraphs)


def _reader(data: bytes, admitted: Admitted, limits: Limits) -> Reader:
    """The reader of the file's own bytes, unless a part must be rewritten for it."""
    archive = admitted.archive
    if archive is None:
        return Reader(with_known_code_page(data))
    if admitted.kind == "ods":
        return Reader(mended_ods(data, archive, limits))
    strange = {part for part, scan in admitted.scans.items() if scan.strange}
    if strange or archive.utf16 or admitted.places is not None:
        return Reader(mended(archive, strange, admitted.places or Places(), limits))
    return Reader(data, alike(archive, admitted.main) if admitted.kind == "xlsx" else None)


def _sheets(reader: Reader, admitted: Admitted, limits: Limits) -> list[Sheet]:
    listed = reader.sheets
    if admitted.kind == "xlsx" and [one.name for one in listed] != [entry.name for entry in admitted.sheets]:
        raise Refused("无法读取", "文件里的工作表清单前后不一致，请用 Excel 或 WPS 另存后再报送。")
    reader.keep(listed)
    texts = texts_of(admitted.archive) if reader.known and admitted.archive is not None else None
    sheets: list[Sheet] = []
    extents: list[tuple[int, int]] = []
    for index, about in enumerate(listed):
        # Our own calculation sheet holds no figure of the unit's.
        if not about.worksheet or about.name == LEDGER_SHEET:
            continue
        part = admitted.sheets[index].part if admitted.kind == "xlsx" else None
        scan = admitted.scans.get(part) if part else None
        rows = None if scan is None or texts is None else plain_rows(scan, texts)
        values = None
        if rows is None:
            values = reader.sheet(index)
            # Asked again of the reader itself: the padding from A1 below is only as large as this.
            extents.append((values.total_height, values.total_width))
            check_extent(extents, limits)
            rows = [list(row) for row in values.to_python(skip_empty_area=False)]
        sheet = _sheet(about.name, about.hidden, rows, values, scan)
        # As many as there are sheets, or the one could be taken for the other.
        if len(admitted.sights) == len(listed):
            _seen(sheet, admitted.sights[index])
        sheets.append(sheet)
    return sheets


def _sheet(name: str, hidden: bool, rows: Rows, values: CalamineSheet | None, scan: SheetScan | None) -> Sheet:
    if scan is None:
        merges = [] if values is None else [(*first, *last) for first, last in values.merged_cell_ranges or []]
        return Sheet(name, hidden, rows, merges=merges, told=False)
    _pad(rows, scan.bottom, scan.right)
    for row, column in scan.special:
        rows[row][column] = ""  # whatever the reader took for the value
    sheet = Sheet(
        name, hidden, rows, scan.special, scan.formats, scan.merges,
        told=scan.told, widths=scan.widths, formulas=scan.formulas, quotients=scan.quotients, validated=scan.validated,
        hidden_rows=scan.hidden_rows, hidden_columns=scan.hidden_columns,
        unseen=scan.unseen, blank_zeros=scan.blank_zeros,
    )  # fmt: skip
    sheet.contradicted = contradicted(sheet, scan.expressions)
    return sheet


def _seen(sheet: Sheet, sight: Sight) -> None:
    """What the file itself tells beside its values."""
    sheet.hidden_rows, sheet.hidden_columns = sight.hidden_rows, sight.hidden_columns
    sheet.unseen, sheet.blank_zeros = sight.unseen, sight.blank_zeros
    sheet.special, sheet.formats, sheet.formulas, sheet.told = sight.special, sight.formats, sight.formulas, sight.told
    if sheet.special:
        _pad(sheet.rows, max(row for row, _ in sheet.special) + 1, max(column for _, column in sheet.special) + 1)
    # Whatever the reader took for its value: it has none.
    for row, column in sheet.special:
        sheet.rows[row][column] = ""
    settle_zeros(sheet, sight)
    sheet.contradicted = contradicted(sheet, sight.expressions)


def _pad(rows: list[list[object]], height: int, width: int) -> None:
    """Widen to the cells that calamine leaves out at the edges: uncalculated formulas."""
    width = max(width, len(rows[0]) if rows else 0)
    for row in rows:
        row.extend([""] * (width - len(row)))
    rows.extend([""] * width for _ in range(height - len(rows)))
