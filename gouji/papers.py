"""底稿: after checking, a workbook per unit for the audit file, written by the workers."""

from __future__ import annotations

from pathlib import Path

from gouji.export.results import Results
from gouji.export.unit_files import UnitFiles
from gouji.export.working_papers.papers import count, papers
from gouji.export.working_papers.workbook import workbook
from gouji.progress import Progress
from gouji.workers.tasks import Lost, Workers, in_order

_WHAT = "底稿.xlsx"


def write_papers(results: Results, folder: Path, workers: Workers, progress: Progress) -> list[str]:
    """Write the papers into `folder`, which may be without any; returns a remark for every unit whose paper was lost.

    Raises OSError.
    """
    folder.mkdir(parents=True)
    progress.begin("底稿", count(results))
    names, remarks = UnitFiles(), []
    for paper, paper_bytes in in_order(workers, workbook, papers(results)):
        if isinstance(paper_bytes, Lost):
            remarks.append(f"“{paper.name}”的底稿没有做成：{paper_bytes}。请再运行一次")
        else:
            (folder / names.name(paper.code, paper.name, _WHAT)).write_bytes(paper_bytes)
        progress.advance(1)
    return remarks
