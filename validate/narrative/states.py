"""What a project's report says is done, against its table, which says that it is not: 已通过验收 and 尚未验收.

Only where the sentence speaks of the same thing as the table, or of the project as such; of plans, parts, and what
comes after something (验收后支付) nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statements import sentences
from gouji.templates.addresses import BODY
from gouji.validate.findings import Finding
from gouji.validate.narrative.passages import Passage
from gouji.validate.narrative.told import in_words

DONE = "L-11"
_CLAUSE = re.compile(r"[^，,；;：:]+")
_LATER = ("后", "时", "前", "的条件", "标准", "办法", "工作正在", "准备")
"""Behind a word for what is done: the sentence does not say that it is."""
_Event = tuple[str, str, str, int, str]
"""State, thing, words, place in the sentence, sentence."""


def states(passages: Sequence[Passage]) -> Iterator[Finding]:
    """What the text of a project's report says is done, and an item of its table that it is not yet."""
    by_report: dict[tuple[int, int], list[Passage]] = {}
    for passage in passages:
        if passage.project:
            by_report.setdefault((id(passage.wide), passage.row), []).append(passage)
    for report in by_report.values():
        open_things = {
            (state, thing): (passage, words)
            for passage in report
            if passage.item != BODY
            for state, thing, words, _, _ in _events(passage.text, done=False)
        }
        if open_things:
            yield from _contradicted(report, open_things)


def _contradicted(
    report: Sequence[Passage], open_things: dict[tuple[str, str], tuple[Passage, str]]
) -> Iterator[Finding]:
    for passage in report:
        for state, thing, words, place, sentence in _events(passage.text, done=True):
            meant = [key for key in open_things if key[0] == state and thing in ("", key[1])]
            if len(meant) == 1:
                table, reached = open_things[meant[0]]
                if table is not passage:
                    yield in_words(
                        DONE, passage, sentence, (place, place + len(words)), stated=words, expected=reached,
                        elsewhere=f"{table.item}（{table.cell}）" if table.cell else table.item, reached=reached,
                        related_cells=table.cell,
                    )  # fmt: skip


def _events(text: str, *, done: bool) -> Iterator[_Event]:
    words = phrases()
    patterns = words.done if done else words.not_done
    for _, sentence in sentences(text):
        if words.partly.search(sentence) or words.planned.search(sentence):
            continue
        for clause in _CLAUSE.finditer(sentence):
            for state, pattern in patterns.items():
                found = pattern.search(clause.group())
                if found and not (done and clause.group()[found.end() :].startswith(_LATER)):
                    thing = _thing(clause.group()[: found.start()])
                    yield state, thing, found.group(), clause.start() + found.start(), sentence


def _thing(before: str) -> str:
    """What the words before a state say that it is about; blank for the project as such."""
    words = phrases()
    return words.neutral.sub("", words.meanwhile.sub("", before))
