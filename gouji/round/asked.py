"""The settings of a command: its options, and where one is missing, the round in whose folder it is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from gouji.round.errors import RoundError
from gouji.round.folder import OWN_FORMS, Round, current_round, own_definitions, round_at
from gouji.round.settings import SETTINGS_FILE, Settings

Option = TypeVar("Option")
OfRound = TypeVar("OfRound")


class Asked:
    """`folder`: the round that was named (--round); without it the current folder or one above it may be one.

    Raises RoundError, as all of its methods do.
    """

    def __init__(self, folder: Path | None) -> None:
        self.round = current_round() if folder is None else round_at(folder)

    def optional(self, value: Option | None, of_round: Callable[[Round], OfRound | None]) -> Option | OfRound | None:
        """The option, else the setting of the round; None where there is neither."""
        if value is not None or self.round is None:
            return value
        return of_round(self.round)

    def needed(self, option: str, value: Option | None, of_round: Callable[[Round], Option]) -> Option:
        """The same for a setting that the command requires; `option` is its name in the message where it is missing."""
        if value:
            return value
        return of_round(self.within(option))

    def forms(self, named: list[str] | None) -> list[str]:
        """The forms to issue."""
        if named:
            return named
        settings = self.within("表名").settings
        if not settings.forms:
            field = Settings.model_fields["forms"]
            raise RoundError(
                f"“{SETTINGS_FILE}”里 forms（{field.title}）还没有写，不知道下发哪些表。{field.description}。"
            )
        return list(settings.forms)

    def forms_folder(self) -> Path:
        """Where the bureau's own definitions are put: 表样 of the round, else of the current folder."""
        return (Path() if self.round is None else self.round.folder) / OWN_FORMS

    def own_forms(self) -> list[Path]:
        """That folder, where it holds any definitions."""
        return own_definitions(self.forms_folder())

    def layers(self, folders: list[Path] | None) -> list[Path]:
        """Folders of definitions laid over those that come with gouji: 表样 of the round, then the `folders` named."""
        of_round = [] if self.round is None else self.own_forms()
        return [*of_round, *(folder for folder in folders or () if folder.resolve() not in of_round)]

    def within(self, option: str) -> Round:
        """The round, for a command that is called without `option`."""
        if self.round is None:
            raise RoundError(
                f"缺少 {option}，这里也不是一轮的文件夹（当前文件夹和它的上级里都没有 {SETTINGS_FILE}）。"
                "请写明，或到一轮的文件夹里运行，或用 --round 指明它；新的一轮用 gouji init 建立。"
            )
        return self.round
