"""The folder of a round: where it is, the place of each part in it, and the error where a part is missing.

What reads results is imported where it is used: a command that finds no round is to say so at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gouji.round.errors import RoundError
from gouji.round.settings import SETTINGS_FILE, Settings, read_settings

OWN_FORMS, ISSUED, RECEIVED, RESULTS, FINAL = FOLDERS = ("表样", "下发", "收到", "结果", "定稿")
RECEIPTS = "收到登记.jsonl"
_HALF = "这个文件夹如果是复制来的，可能只复制了一半，请从原来的地方补上。"


@dataclass(frozen=True)
class Round:
    """The folder (absolute) and the settings that stand in it."""

    folder: Path
    settings: Settings

    @property
    def issued(self) -> Path:
        """Where issued workbooks go."""
        return self.folder / ISSUED

    @property
    def received(self) -> Path:
        """Where returned files are put."""
        return self.folder / RECEIVED

    @property
    def results(self) -> Path:
        """OUT of its runs."""
        return self.folder / RESULTS

    @property
    def final(self) -> Path:
        """Where finished workbooks go."""
        return self.folder / FINAL

    @property
    def archive(self) -> Path:
        """The archive of it."""
        return self.folder / f"{self.folder.name}-归档.zip"

    @property
    def receipts(self) -> Path:
        """The register of files that were seen."""
        return self.folder / RECEIPTS

    def out(self) -> Path:
        """Where results go. Raises RoundError where there were some and they, or the register of files, are gone:
        decisions and days of receipt would be lost. Raises StatementError."""
        from gouji.results_folder import holds_results
        from gouji.statement import read_statement

        if self.receipts.exists() and not holds_results(self.results):
            raise RoundError(
                f"这一轮以前核对过（有 {RECEIPTS}），现在“{self.results}”里没有运行结果，审核意见也就没有了，没有运行。"
                f"{_HALF}确实要从头再来的，请先把 {RECEIPTS} 移走。"
            )
        if not self.receipts.exists() and holds_results(self.results) and read_statement(self.results).get("receipts"):
            raise RoundError(
                f"这一轮以前核对过，现在没有 {RECEIPTS}（应在“{self.receipts}”），各文件是哪天收到的就不知道了，"
                f"没有运行。{_HALF}确实找不回的，请在那里新建一个空白的 {RECEIPTS}，首次收到的时间从这次算起。"
            )
        return self.results

    def roster(self) -> Path:
        """名册. Raises RoundError where it is not there."""
        return self._named_place("roster", self.settings.roster)

    def reference(self) -> Path | None:
        """部门决算参照表, if the settings name one. Raises RoundError where it is not there."""
        named = self.settings.reference
        return None if named is None else self._named_place("reference", named)

    def library(self) -> Path | None:
        """指标库, if the settings name one. Raises RoundError where it is not there."""
        named = self.settings.library
        return None if named is None else self._named_place("library", named)

    def previous(self) -> Path | None:
        """The results of last year's round, if the settings name it or them. Raises RoundError."""
        named = self.settings.previous
        if named is None:
            return None
        place = self._named_place("previous", named)
        return place / RESULTS if (place / SETTINGS_FILE).is_file() else place

    def inbox(self) -> Path:
        """The folder of returned files. Raises RoundError where it is not there."""
        if not self.received.is_dir():
            raise RoundError(
                f"“{self.folder}”里没有“{RECEIVED}”文件夹，不知道收到了哪些报表。{_HALF}还没有收到报表的，新建一个再运行。"
            )
        return self.received

    def checked(self) -> Path:
        """The folder of results of a run. Raises RoundError where there has been none."""
        from gouji.results_folder import holds_results
        from gouji.statement import read_place, read_statement

        if not holds_results(self.results):
            raise RoundError(
                f"“{self.results}”里没有运行结果（run.json）。还没有核对过的，请先运行 gouji run；核对过的，{_HALF}"
            )
        for file in read_statement(self.results)["files"]:
            place, current = read_place(file["place"]), self.received / file["file"]
            if isinstance(place, Path) and current.exists() and not (place.exists() and place.samefile(current)):
                raise RoundError(
                    f"这个文件夹在上次核对以后移动过，或者是复制来的（当时读取的是“{place}”，现在是“{current}”）。"
                    "请在现在的位置再运行一次 gouji run（没有变化的文件不会重读），再继续。"
                )
        return self.results

    def _named_place(self, name: str, written: str) -> Path:
        path = self.folder / written
        if not path.exists():
            title = Settings.model_fields[name].title
            raise RoundError(
                f"找不到{title}“{written}”（应在“{path}”）。请把它放到那里，"
                f"或在“{self.folder / SETTINGS_FILE}”的 {name} 一项改成现在的位置。{_HALF}"
            )
        return path


def own_definitions(folder: Path) -> list[Path]:
    """`folder` alone where it holds definitions, else nothing: it may exist and be empty."""
    files = folder.rglob("*.y*ml") if folder.is_dir() else ()
    return [folder] if any(file.suffix in (".yaml", ".yml") for file in files) else []


def round_at(folder: Path) -> Round:
    """The round of a folder. Raises RoundError where it is none, or its settings are wrong."""
    if not (folder / SETTINGS_FILE).is_file():
        raise RoundError(
            f"“{folder}”里没有 {SETTINGS_FILE}，不是一轮的文件夹。请核对路径，或用 gouji init “{folder}” 建一个。"
        )
    resolved = folder.absolute().resolve()
    return Round(resolved, read_settings(resolved / SETTINGS_FILE))


def current_round() -> Round | None:
    """The round of the current folder or of one above it; None where there is none. Raises RoundError."""
    current = Path.cwd()
    root = next((folder for folder in (current, *current.parents) if (folder / SETTINGS_FILE).is_file()), None)
    return None if root is None else round_at(root)


def lacking(round_: Round) -> Iterator[str]:
    """The folders of a round that are not there."""
    return (name for name in FOLDERS if not (round_.folder / name).is_dir())
