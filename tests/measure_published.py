"""How much of published 部门决算 is read: `python -m tests.measure_published [pdf]`, by kind and way of writing.

Right, named or left as unread, wrong. With `pdf`, also through LibreOffice as PDF, .xls and .doc (minutes).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gouji.ingest.beside.published import Published, published_figures
from gouji.ingest.read import read_workbook
from tests.publication_kinds import kinds
from tests.publications import Publication, in_excel, in_word


def forms(one: Publication) -> Iterator[tuple[str, bytes]]:
    """The document as its unit may have written it: extension and bytes. A cover is a sheet of a workbook."""
    yield ".xlsx", in_excel(one, cover=bool(one.text))
    yield "文本.xlsx", in_excel(one, numbers=False, cover=bool(one.text))
    yield ".docx", in_word(one)
    yield "空格.docx", in_word(one, spaced=True)


def compared(one: Publication, data: bytes, name: str) -> tuple[Counter[str], list[str]]:
    """How many figures are right, unread and wrong, and what is wrong or unread in words."""
    taken = published_figures(read_workbook(data, name), name)
    counts: Counter[str] = Counter()
    told: list[str] = []
    read: dict[tuple[str, int | None, str], list[Published]] = {}
    for figure in taken.figures:
        read.setdefault((figure.unit, figure.year, figure.column), []).append(figure)
    for key, figures in read.items():
        for figure in figures:
            right = one.truth.get(key) == figure.figure and len(figures) == 1
            counts["right" if right else "wrong"] += 1
            if not right:
                told.append(f"wrong {key}: {figure.figure} for {one.truth.get(key)} ({figure.table} {figure.place})")
    unread = [key for key in one.truth if key not in read]
    counts["unread"] += len(unread)
    if unread:
        told.append("unread " + "、".join(key[2] for key in unread) + " | " + "；".join(taken.omitted)[:600])
    return counts, told


def converted(files: dict[str, bytes], target: str) -> Iterator[tuple[str, bytes]]:
    """Files by name through LibreOffice, in one go."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        command = [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            target,
            "--outdir",
            folder,
        ]
        subprocess.run([*command, *(str(Path(folder, name)) for name in files)], check=True, capture_output=True)
        for name in files:
            made = Path(folder, name).with_suffix(f".{target}")
            if made.is_file():
                yield name, made.read_bytes()


def main() -> None:
    """Prints what was found."""
    totals: dict[str, Counter[str]] = {}
    every = list(kinds())
    for kind, one in every:
        for form, data in forms(one):
            _tell(kind, form, totals, *compared(one, data, one.file + form))
    if "pdf" in sys.argv:
        by_name = {f"{n}": (kind, one) for n, (kind, one) in enumerate(every)}
        for source, target in (("docx", "pdf"), ("xlsx", "pdf"), ("xlsx", "xls"), ("docx", "doc"), ("xlsx", "ods")):
            files = {
                f"{name}.{source}": in_word(one) if source == "docx" else in_excel(one, cover=bool(one.text))
                for name, (_, one) in by_name.items()
            }
            for name, data in converted(files, target):
                kind, one = by_name[Path(name).stem]
                _tell(kind, f"{source} as .{target}", totals, *compared(one, data, f"{one.file}.{target}"))
    for form, counts in totals.items():
        print(form, dict(counts))


def _tell(kind: str, form: str, totals: dict[str, Counter[str]], counts: Counter[str], told: list[str]) -> None:
    totals.setdefault(form, Counter()).update(counts)
    for text in told:
        print(f"[{kind}] {form}: {text}")


if __name__ == "__main__":
    main()
