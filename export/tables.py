"""The data files: findings.csv, 问题清单.csv, data/*.parquet and run.json."""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from gouji.export.data_files import SCHEMAS, data_file
from gouji.export.findings_list import LIST_CSV, LIST_PARQUET, findings_list
from gouji.export.records import plain
from gouji.export.results import Results
from gouji.export.stored import Stored
from gouji.ingest.beside.taught_file import write_taught
from gouji.templates.exact import significant
from gouji.templates.taught import TAUGHT_FILE
from gouji.templates.text import csv_text, sheet_text
from gouji.validate.review.log import LOG, WORDING, write_log


def write_tables(results: Results, out: Path) -> None:
    """Write findings.csv and the same for people, the parquet files under data/ that are not there yet, what people
    said, and run.json.

    `out` exists. What people said: 审核记录.jsonl and 表样对照.yaml.

    run.json states the hash of every other file, so that it can be told later what was changed since.
    """
    (out / "data").mkdir(exist_ok=True)
    listed = findings_list(results)
    write_csv(results.findings, out / "findings.csv")
    write_csv(listed, out / LIST_CSV)
    Stored.of(listed).write(out / LIST_PARQUET)
    for name in SCHEMAS:
        path = data_file(out, name)
        rows: Stored | pd.DataFrame = getattr(results, name)
        if not path.exists():
            (rows if isinstance(rows, Stored) else Stored.of(rows)).write(path)
    if results.log:
        write_log(out / LOG, results.log)
    if results.taught or any(entry.kind == WORDING for entry in results.log):
        write_taught(out / TAUGHT_FILE, results.taught)  # also when all of it was withdrawn
    results.run["outputs"] = {
        path.relative_to(out).as_posix(): file_hash(path) for path in sorted(out.rglob("*")) if path.is_file()
    }
    text = json.dumps(_jsonable(results.run), ensure_ascii=False, indent=2, allow_nan=False)
    (out / "run.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def file_hash(path: Path) -> str:
    """SHA-256 of a file's contents. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """UTF-8 with BOM (Excel tells the encoding by it), the columns of the frame, text through the gate."""
    columns = [[_csv_cell(value) for value in plain(frame[name])] for name in frame.columns]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(frame.columns)
        writer.writerows(zip(*columns, strict=True))


def _csv_cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return csv_text(value)
        case float():
            return f"{significant(value):f}"
        case _:
            return str(value)


def _jsonable(value: Any) -> Any:
    """Plain JSON values; times as ISO 8601, figures that JSON cannot hold as null."""
    match value:
        case Mapping():
            return {sheet_text(str(name)): _jsonable(item) for name, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_jsonable(item) for item in value]
        case bool() | int() | None:
            return value
        case float():
            return value if value == value and abs(value) != float("inf") else None
        case datetime.datetime() | datetime.date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _ if hasattr(value, "item"):
            return _jsonable(value.item())
        case _:
            return sheet_text(str(value))
