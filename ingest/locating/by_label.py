"""The slow path: a table found by its labels wherever it stands, as when it was pasted from Word.

Labels decide. The heads of all blocks are placed together (`heads.py`); below its heads a block's labels are aligned
with the rows as a whole (`wording.py`); a value may stand in any cell that its column's head spans, and in any row that
its label spans.
"""

from __future__ import annotations

from gouji.ingest.locating.form_labels import label_words
from gouji.ingest.locating.heads import Head
from gouji.ingest.locating.located import Located
from gouji.ingest.locating.region import Region
from gouji.ingest.locating.walk import Walk
from gouji.ingest.locating.walk_fields import find_caption, find_fields, find_title_year
from gouji.ingest.locating.walk_lists import find_lines
from gouji.ingest.locating.walk_rows import find_labelled_rows, find_pairs, find_unlabelled_row, note_year
from gouji.ingest.locating.walk_scattered import find_scattered
from gouji.ingest.locating.walk_scores import find_scores
from gouji.templates.blocks import (
    CaptionBlock,
    FieldsBlock,
    GridBlock,
    ListBlock,
    PairsBlock,
    TitleBlock,
)
from gouji.templates.form import Form
from gouji.templates.scores_block import ScoresBlock
from gouji.templates.taught import shown_label


def by_label(form: Form, region: Region, number: int) -> Located:
    """The table as far as its labels are there; `missing` names the labels that are not."""
    located = Located(form, region.sheet, number, "found", (region.first, region.last))
    words = label_words(form)
    located.missing = sorted(word.name for word in words if region.words.isdisjoint(word.keys))
    located.share = 1 - len(located.missing) / len(words)
    walk = Walk(form, region, located)
    sought = dict.fromkeys(label for labels in walk.labels for label in labels if label in words)
    nowhere = [label for label in sought if region.words.isdisjoint(label.keys | label.synonyms)]
    located.lacking = list(dict.fromkeys(shown_label(label.label) for label in nowhere))
    for place in range(len(form.definition.blocks)):
        _find(walk, place)
    located.absent = [
        item.id
        for spec in form.lists.values()
        for column, item in spec.columns.items()
        if column not in walk.listed.get(spec.id, ())
    ]
    return located


def _find(walk: Walk, place: int) -> None:
    """Find what the block at this place of the definition holds."""
    block, head = walk.form.definition.blocks[place], walk.heads[place]
    match block:
        case TitleBlock(title=title) if "{年}" in title:
            find_title_year(walk)
        case CaptionBlock(caption=caption):
            find_caption(walk, caption.id)
        case FieldsBlock():
            find_fields(walk, block)
        case GridBlock(header=False):
            find_labelled_rows(walk, block, walk.row, walk.next_head(place, walk.row))
        case GridBlock() | PairsBlock() | ListBlock() | ScoresBlock() if head is not None:
            walk.note_wordings(walk.labels[place], head.matches, head.first)
            walk.columns = dict(head.columns)
            first = min(start for start, _ in head.columns.values())
            heads_before = [candidate for candidate in walk.heads if candidate is not None and candidate.beside(head)]
            walk.stub = (
                max((end + 1 for candidate in heads_before for _, end in candidate.columns.values()), default=0),
                first,
            )
            _headed(walk, block, head, walk.end(place, head))
        case GridBlock(rows=[]) if (heads := walk.looked_for[place]) is not None:
            find_scattered(walk, block, heads.labels)
        case _:
            pass


def _headed(walk: Walk, block: object, head: Head, end: int) -> None:
    match block:
        case GridBlock():
            note_year(walk, head, block.columns)
            if block.rows:
                find_labelled_rows(walk, block, head.last + 1, end)
            else:
                find_unlabelled_row(walk, block, head.last + 1, end)
        case PairsBlock():
            find_pairs(walk, block, head, end)
        case ListBlock():
            find_lines(walk, block, head, end)
        case ScoresBlock():
            find_scores(walk, block, head, end)
