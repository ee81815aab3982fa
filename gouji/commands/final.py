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


def finish_files(files: list[Path], out: Path, year: int | None, layers: Sequence[Path] = ()) -> int:
    """Writes both editions; returns 0 when every file that is due has both, else 1. Raises OSError, StatementError,
    BusyError.

    `files`: workbooks and folders of them, or one folder of results, by which what people decided counts.
    """
    console, complete, entries = Console(), True, []
    of_round = len(files) == 1 and holds_results(files[0])
    catalogue = catalogue_of_run(files[0], layers) if of_round else chosen_catalogue(layers)
    before = read_finished(out) if of_round else []
    with alone(out), alone(files[0]) if of_round else nullcontext(), chosen(1) as workers:
        for finished in (
            finish_round(files[0], out, catalogue, workers)
            if of_round
            else finish(files, out, catalogue, year, workers)
        ):
            complete &= finished.published is not None or not finished.due
            if finished.sent_up is None:
                verdict = "没有定稿。" if finished.due else "不用定稿。"
                say(console, f"{finished.file}：{verdict}{finished.made.reason}")
                continue
            say(console, f"{finished.file}：校验数 {finished.made.number}")
            say(console, f"  {SENT_UP}：{finished.sent_up}")
            say(console, f"  {PUBLISHED}：{finished.published or '没有做，' + finished.made.public_reason}")
            entries.append(_entry(finished, finished.sent_up, out))
        if of_round and (before or entries):
            write_finished(out, entries)
    if of_round:
        _say_void(console, before, entries)
    return 0 if complete else 1


def _entry(finished: Finished, sent_up: Path, out: Path) -> Entry:
    published = finished.published.relative_to(out).as_posix() if finished.published else ""
    return Entry(finished.file, finished.made.number, sent_up.relative_to(out).as_posix(), published, finished.sha256)


def _say_void(console: Console, before: list[Entry], entries: list[Entry]) -> None:
    """What was finished earlier and is not any more."""
    void = sorted({entry.sent_up for entry in before} - {entry.sent_up for entry in entries})
    if void:
        say(console, f"以前定稿的有 {len(void)} 份现在没有通过，或者换了文件，不要再用，请移走：")
        for name in void:
            say(console, f"  {name}")


def verify_files(files: list[Path], year: int | None, layers: Sequence[Path] = ()) -> int:
    """Prints the 校验数 of every file; returns 0 when all are those of their footers, 1 otherwise."""
    console, all_agree, catalogue = Console(), True, chosen_catalogue(layers)
    with chosen(1) as workers:
        for verified in verify(files, catalogue, year, workers):
            all_agree &= verified.agrees
            say(console, f"{verified.file}：{_verdict(verified)}")
    return 0 if all_agree else 1


def _verdict(verified: Verified) -> str:
    if verified.reason:
        return f"没有校验数。{verified.reason}"
    if verified.agrees:
        return f"校验数 {verified.number}，与页脚上印的相同。"
    if not verified.printed:
        return f"校验数 {verified.number}，文件的页脚上没有校验数，请与纸上印的比较。"
    differing = sorted(sheet for sheet, number in verified.printed.items() if number != verified.number)
    return f"校验数 {verified.number}，与页脚上印的不同（{'、'.join(differing)}）：数字在定稿以后有改动。"
