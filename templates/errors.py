"""What goes wrong with a definition or a choice of form: always an author's or caller's matter, never a unit's."""

from __future__ import annotations


class DefinitionError(Exception):
    """A form definition is wrong. The message is Chinese and names file, key and mend."""

    def __init__(self, file: str, key: str, message: str) -> None:
        self.file = file
        self.key = key
        self.message = message
        where = f"{file}：{key}" if key else file
        super().__init__(f"{where}：{message}")


class FormNotFoundError(Exception):
    """No form of that name, or several editions fit and none was named."""

    def __init__(self, message: str, choices: list[str]) -> None:
        self.choices = choices
        super().__init__(message)


class RuleError(Exception):
    """A rule text cannot be parsed or does not fit its form. The message is Chinese."""

    def __init__(self, text: str, message: str, column: int | None = None) -> None:
        self.text = text
        self.message = message
        self.column = column
        at = f"第 {column} 个字符附近，" if column is not None else ""
        super().__init__(f"规则“{text}”：{at}{message}")
