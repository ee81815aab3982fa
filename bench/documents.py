"""What reading and checking a Word document of some fifteen pages costs, in CPU time.

`python -m bench.documents [COUNT]`: COUNT returns of a unit's three tables behind a report of ten pages of text,
read and checked by one process; the same for twice as many, so that what a run costs anyhow is not counted.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench.machine import used
from gouji.pipeline import run
from gouji.samples.document import document_bytes, paragraph
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.workers.here import Here
from tests.documents import body_of
from tests.measure_text import report

SENTENCES = 80
"""Paragraphs of the report; with the tables some fifteen pages, as LibreOffice sets them."""


def write_returns(folder: Path, count: int) -> Path:
    """`count` documents and their 名册.csv."""
    from gouji.ingest.read import read_workbook

    generate(folder, count, 0, seed=1)
    words = folder / "Word"
    words.mkdir()
    dice = Random(1)
    for path in sorted((folder / WORKBOOKS).iterdir()):
        text = report(dice, None).text.split("。") + [_work(dice) for _ in range(SENTENCES)]
        lines = "".join(paragraph(line + "。") for line in text if line)
        body = body_of(read_workbook(path.read_bytes(), path.name))
        (words / f"{path.stem}.docx").write_bytes(document_bytes(lines + body))
    return words


def _work(dice: Random) -> str:
    """What was done, with figures that nothing is held against, as most of a report is."""
    first, second = dice.randrange(50, 5000), dice.randrange(50, 5000)
    matter = dice.choice(["行政审批", "政务公开", "优化营商环境", "电子政务", "便民服务", "基层服务"])
    return (
        f"{dice.choice('一二三四')}是扎实推进{matter}工作，全年办理各类事项{first + second}件，其中网上办理{first}件、"
        f"窗口办理{second}件，办结率100%，比上年提高{dice.randrange(1, 9)}个百分点，开会{dice.randrange(2, 20)}次，"
        f"培训业务人员{dice.randrange(20, 300)}人次，进一步规范流程、压减时限、精简材料，得到群众和企业的普遍认可"
    )


def cpu_of(words: Path, roster: Path, count: int) -> float:
    """CPU seconds of a run over the first `count` documents."""
    before = sum(used())
    run(sorted(words.iterdir())[:count], roster_path=roster, year=2021, workers=Here())
    return sum(used()) - before


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with TemporaryDirectory() as folder:
        words = write_returns(Path(folder), 2 * count)
        roster = Path(folder) / ROSTER
        cpu_of(words, roster, 2)
        few, many = (cpu_of(words, roster, number) for number in (count, 2 * count))
    each = (many - few) / count * 1000
    print(f"{each:.0f} ms CPU a document ({count} and {2 * count}: {few:.2f} s and {many:.2f} s)")


if __name__ == "__main__":
    main()
