"""`gouji final`: 送审版 and 公开版 of accepted workbooks, and the 校验数 of any file, said on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console

from gouji.commands.catalogue import catalogue_of_run, chosen_catalogue
from gouji.finished import Entry, read_finished, write_finished
from gouji.finishing import PUBLISHED, SENT_UP, Finished, Verified, finish, finish_round, verify
from gouji.locking import alone
from gouji.results_folder import holds_results
from gouji.screen import say
from gouji.workers.chosen import chosen


def finish_files(files: list[Path], out: Path, year: int | None, own: Sequence[Path] = ()) -> int:
    """Writes both editions; returns 0 when every file that is due has both, else 1. Raises OSError, StatementError,
    BusyError.

    `files`: workbooks and folders of them, or one folder of results, by which what people decided counts.
    """
    console, whole, entries = Console(), True, []
    of_round = len(files) == 1 and holds_results(files[0])
    catalogue = catalogue_of_run(files[0], own) if of_round else chosen_catalogue(own)
    before = read_finished(out) if of_round else []
    with alone(out), alone(files[0]) if of_round else nullcontext(), chosen(1) as workers:
        for one in (
            finish_round(files[0], out, catalogue, workers)
            if of_round
            else finish(files, out, catalogue, year, workers)
        ):
            whole &= one.published is not None or not one.due
            if one.sent_up is None:
                said = "没有定稿。" if one.due else "不用定稿。"
                say(console, f"{one.file}：{said}{one.made.reason}")
                continue
            say(console, f"{one.file}：校验数 {one.made.number}")
            say(console, f"  {SENT_UP}：{one.sent_up}")
            say(console, f"  {PUBLISHED}：{one.published or '没有做，' + one.made.public_reason}")
            entries.append(_entry(one, one.sent_up, out))
        if of_round and (before or entries):
            write_finished(out, entries)
    if of_round:
        _say_void(console, before, entries)
    return 0 if whole else 1


def _entry(one: Finished, sent_up: Path, out: Path) -> Entry:
    published = one.published.relative_to(out).as_posix() if one.published else ""
    return Entry(one.file, one.made.number, sent_up.relative_to(out).as_posix(), published, one.sha256)


def _say_void(console: Console, before: list[Entry], entries: list[Entry]) -> None:
    """What was finished earlier and is not any more."""
    void = sorted({one.sent_up for one in before} - {one.sent_up for one in entries})
    if void:
        say(console, f"以前定稿的有 {len(void)} 份现在没有通过，或者换了文件，不要再用，请移走：")
        for name in void:
            say(console, f"  {name}")


def verify_files(files: list[Path], year: int | None, own: Sequence[Path] = ()) -> int:
    """Prints the 校验数 of every file; returns 0 when all are those of their footers, 1 otherwise."""
    console, whole, catalogue = Console(), True, chosen_catalogue(own)
    with chosen(1) as workers:
        for one in verify(files, catalogue, year, workers):
            whole &= one.agrees
            say(console, f"{one.file}：{_told(one)}")
    return 0 if whole else 1


def _told(one: Verified) -> str:
    if one.reason:
        return f"没有校验数。{one.reason}"
    if one.agrees:
        return f"校验数 {one.number}，与页脚上印的相同。"
    if not one.printed:
        return f"校验数 {one.number}，文件的页脚上没有校验数，请与纸上印的比较。"
    others = sorted(sheet for sheet, number in one.printed.items() if number != one.number)
    return f"校验数 {one.number}，与页脚上印的不同（{'、'.join(others)}）：数字在定稿以后有改动。"
