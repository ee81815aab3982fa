"""Which forms the tables of a sheet are: by their printed titles, then by how much of their labels stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.fuzz import ratio

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.figure_cells import figure_cells
from gouji.ingest.locating.form_labels import block_labels, label_words
from gouji.ingest.locating.region import Region
from gouji.ingest.locating.wording import FormLabel
from gouji.templates.form import Form
from gouji.templates.labels import LONGEST_LABEL, label_key, normalised
from gouji.templates.vocabulary import vocabulary

RECOGNISED = 0.6
"""Share of a form's labels from which a table counts as that form."""
TITLED = 0.45
"""The same where its printed title is that form's."""
COMPLETE = 0.9
"""Share of a form's labels, word for word, from which a table has the form's structure whatever kind of project its
title names."""
_CLEARLY = 0.05
"""By how much more its weight must be than that of a form whose title is no more the printed one."""
RESEMBLING = 0.35
"""Share from which an unrecognised table is reported with the form that it comes nearest to."""

_SYNONYM = 0.9
_ALIKE = 50
"""Likeness (0 to 100) from which a title may be the form's own, worded otherwise."""
_HEAD_ROWS = 8
_LONGEST_LABEL = 20
_AROUND = re.compile(r"^(?:附件|附表|表)[\d#年一二三四五六七八九十]*|#年度?|[(（][^()（）]*[)）]$|度$")
_TITLE = re.compile(r"(?:表|报告|框架|体系|指标)$")
_OWN_TITLE = re.compile(r"^.{3,}(?:表|报告)$", re.DOTALL)
_LONGEST_PLACE = 12
"""How much may stand before a title: a place, a year, 县级."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """How well a region fits a form. `titled`: whether its title is the form's (None where no title decides).

    `exact`: the labels of the form that the region has word for word; `absent`: labels that it has in no wording;
    `title`: the printed title of the region; `other_project`: that the title is not the form's only because it
    names another kind of project (专项 for 项目).
    """

    form: Form
    share: float
    weight: float
    titled: bool | None
    exact: frozenset[str] = frozenset()
    absent: frozenset[FormLabel] = frozenset()
    title: str = ""
    other_project: bool = False

    @property
    def fits(self) -> bool:
        """Whether the region is taken for this form."""
        return self.titled is not False and self.share >= (TITLED if self.titled else RECOGNISED)

    @property
    def complete(self) -> bool:
        """Whether nearly all of the form stands there word for word, under the title of another kind of project."""
        return self.other_project and len(self.exact) >= COMPLETE * len(label_words(self.form))

    @property
    def rank(self) -> tuple[bool, float, int]:
        """By the title, then by the labels; of two that fit alike the one with more labels."""
        return bool(self.titled), self.weight, len(label_words(self.form))


def kinship(region: Region, forms: Sequence[Form]) -> list[Kinship]:
    """Every form with how well the region fits it, the best first."""
    printed = _printed_titles(region)
    labels = sum(len(key) <= _LONGEST_LABEL for key in region.words)
    title = max(printed, key=len, default="")  # the longest is the title; the others are headings
    kin = []
    for form in forms:
        words = label_words(form)
        keys = [word.keys & region.words for word in words]
        exact = sum(map(bool, keys))
        absent = frozenset(word for word in words if region.words.isdisjoint(word.keys | word.synonyms))
        present = len(words) - len(absent)
        # Of the form's labels and the sheet's together, so that an edition without a block does not hide that block.
        weight = 2 * (exact + _SYNONYM * (present - exact)) / (len(words) + labels)
        matched = frozenset().union(*keys)
        titled = _named(printed, title, form)
        other_project = titled is False and _same_subject(title, _titles(form), projects_alike=True)
        kin.append(Kinship(form, present / len(words), weight, titled, matched, absent, title, other_project))
    return sorted(kin, key=lambda fit: fit.rank, reverse=True)


def chosen(kin: Sequence[Kinship]) -> tuple[Kinship | None, list[Form]]:
    """The best fit, and further editions of its form that no label of the sheet distinguishes from it.

    Editions of one form are distinguished by the labels that only one of them has: present labels count for it, absent
    labels against it. Where the printed title belongs to no form, a form with all its labels comes before a form that
    the title merely does not exclude.
    """
    best = next((fit for fit in kin if fit.fits), None)
    complete = max((fit for fit in kin if fit.complete), key=lambda fit: fit.weight, default=None)
    if complete is not None and (best is None or (not best.titled and complete.weight > best.weight + _CLEARLY)):
        best = complete
    if best is None:
        return None, []
    by_structure = best is complete
    editions = [fit for fit in kin if fit.form.name == best.form.name and (fit.complete if by_structure else fit.fits)]
    for edition in editions:
        if _spoken_for(edition, best) > _spoken_for(best, edition):
            best = edition
    alike = [fit.form for fit in editions if fit is not best and fit.exact == best.exact and fit.weight == best.weight]
    return best, alike


def _spoken_for(fit: Kinship, rival: Kinship) -> int:
    """Of the labels that only the form of `fit` prints: how many stand on the sheet word for word, less those absent.

    An absent block counts once: units leave out what does not concern them, such as 楼堂馆所.
    """
    theirs = {key for word in label_words(rival.form) for key in word.keys}
    unmatched = frozenset(word for word in fit.absent if word.keys.isdisjoint(theirs))
    against = 0
    for block in fit.form.definition.blocks:
        labels = label_words(fit.form).intersection(block_labels(block, fit.form.taught))
        missing = labels & unmatched
        against += min(1, len(missing)) if labels <= fit.absent else len(missing)
        unmatched -= missing
    return len(fit.exact - theirs) - against


def unlike(kin: Kinship) -> bool:
    """Whether the region prints a title, and that is nothing like any of the form's."""
    return bool(kin.title) and all(ratio(kin.title, title) < _ALIKE for title in _titles(kin.form))


def lacking(form: Form, region: Region) -> list[str]:
    """The labels of a form that stand nowhere in the region, by whatever wording."""
    words = label_words(form)
    missing = (word.name for word in words if region.words.isdisjoint(word.keys | word.synonyms))
    return sorted({name.partition(".")[0] for name in missing})  # an indicator may have several printed labels


def regions(sheet: Sheet, forms: Sequence[Form], first: int) -> list[Region]:
    """The rows of a sheet from `first` on, cut at every title of a known form; what stands above is one of its own."""
    titles = [row for row in starts(sheet, forms) if row >= first]
    above = [first] if not titles or (titles[0] > first and figure_cells(sheet, first, titles[0] - 1)) else []
    begins = above + titles
    ends = [*(start - 1 for start in begins[1:]), sheet.height - 1]
    return [Region(sheet, first, last) for first, last in zip(begins, ends, strict=True)]


def parted(region: Region, forms: Sequence[Form]) -> list[Region]:
    """A region, apart from what begins under a title of its own below the table in it: that need not be of any form.

    It is parted only where the rows above are the same form with as many of its labels.
    """
    below = next((row for row in region.texts if _is_title_below(region, row)), None)
    if below is None:
        return [region]
    upper, lower = Region(region.sheet, region.first, below - 1), Region(region.sheet, below, region.last)
    undivided, _ = chosen(kinship(region, forms))
    alone, _ = chosen(kinship(upper, forms))
    if undivided is None or alone is None or alone.form is not undivided.form or alone.share < undivided.share:
        return [region]
    return [upper, *parted(lower, forms)]


def _is_title_below(region: Region, row: int) -> bool:
    """Whether a title stands alone in a row below the head of a region, with figures above and beneath it."""
    texts = region.texts[row]
    if row < region.first + _HEAD_ROWS or len(texts) != 1 or not is_title(next(iter(texts.values()))):
        return False
    sheet, beneath = region.sheet, figure_cells(region.sheet, row + 1, region.last)
    return len(beneath) > 1 and not figure_cells(sheet, row, row) and bool(figure_cells(sheet, region.first, row))


def starts(sheet: Sheet, forms: Sequence[Form]) -> list[int]:
    """The rows in which a title of a known form begins."""
    titles = {normalised(title) for form in forms for title in form.titles}
    return [row for row in range(sheet.height) if _begins(sheet, row, titles)]


def _printed_titles(region: Region) -> list[str]:
    """Texts of the first rows that can be a title: alone in their row, split over two rows at most."""
    rows = [row for row in region.texts if row < region.first + _HEAD_ROWS]
    alone = [(row, next(iter(region.texts[row].values()))) for row in rows if len(region.texts[row]) == 1]
    texts = [text for _, text in alone]
    texts += [upper + lower for (row, upper), (below, lower) in pairwise(alone) if below - row == 1]
    return [title for text in texts if _TITLE.search(title := _bare(text))]


def is_title(text: str) -> bool:
    """Whether a text reads as the title of a table: …自评表, …评价报告（2023年度）."""
    return _OWN_TITLE.search(_bare(text)) is not None


def titled(region: Region) -> bool:
    """Whether a title of its own stands over a region; 续表 is none."""
    return any(is_title(text) for text in _printed_titles(region))


@lru_cache(maxsize=4096)
def _bare(title: str) -> str:
    """A title without annex number, year and what stands behind it in brackets."""
    bare = normalised(title)
    if len(bare) > LONGEST_LABEL:
        return bare
    while (short := _AROUND.sub("", bare)) != bare:
        bare = short
    return label_key(bare)


@lru_cache(maxsize=256)
def _titles(form: Form) -> frozenset[str]:
    return frozenset(_bare(title.replace("{年}", "2000")) for title in form.titles)


def _named(printed: Sequence[str], longest: str, form: Form) -> bool | None:
    """Whether a printed title is the form's, or another form's; None where none of them tells."""
    form_titles = _titles(form)
    if any(
        text.endswith(title) and len(text) <= len(title) + _LONGEST_PLACE for text in printed for title in form_titles
    ):
        return True if all(_same_subject(text, form_titles) for text in printed) else None
    return False if longest and not _same_subject(longest, form_titles) else None


def _same_subject(printed: str, form_titles: frozenset[str], *, projects_alike: bool = False) -> bool:
    """Whether a printed title is about nothing else than the form's own titles: 整体 or 项目, 自评表 or 评分表.

    `projects_alike`: 项目, 专项 and 政策 are no different subjects.
    """
    alike = vocabulary().projects if projects_alike else frozenset()
    printed = printed.replace("报告表", "表")  # a table that reports, and no report
    for words in vocabulary().subjects:
        named = {word for word in words if word in printed}
        meant = {word for title in form_titles for word in words if word in title}
        if meant & alike:
            meant |= alike
        if "自评" in printed and "自评表" in meant:
            named -= vocabulary().scoring  # 自评打分表 may well be one
        if named and not named <= meant:
            return False
    return True


def _begins(sheet: Sheet, row: int, titles: set[str]) -> bool:
    """Whether a title stands in this row, or begins here and goes on in the next one."""
    texts, below = _texts(sheet, row), _texts(sheet, row + 1)
    if any(_is_title(text, titles) for text in texts):
        return True
    if len(texts) != 1 or len(below) != 1 or _is_title(below[0], titles):
        return False
    return _is_title(texts[0] + below[0], titles)


def _texts(sheet: Sheet, row: int) -> list[str]:
    cells = sheet.rows[row] if row < sheet.height else []
    return [cell for cell in cells if isinstance(cell, str) and cell.strip()]


def _is_title(text: str, titles: set[str]) -> bool:
    label = normalised(text)
    return label in titles or any(
        label.endswith(title) and len(label) <= len(title) + _LONGEST_PLACE for title in titles
    )
