"""What goes wrong with a definition or a choice of form: always an author's or caller's matter, never a unit's."""

from __future__ import annotations


class DefinitionError(Exception):
    """A form definition is wrong. The message is Chinese and names file, line (0: none), key and mend."""

    def __init__(self, file: str, key: str, message: str, line: int = 0) -> None:
        self.file = file
        self.key = key
        self.message = message
        self.line = line
        # All go to Exception's args, so that the error survives the way back from a worker process.
        super().__init__(file, key, message, line)

    def __str__(self) -> str:
        place = [f"第 {self.line} 行"] if self.line else []
        return "：".join([self.file, *place, *filter(None, [self.key]), self.message])


class FormNotFoundError(Exception):
    """No form of that name, or several editions fit and none was named."""

    def __init__(self, message: str, choices: list[str]) -> None:
        self.choices = choices
        super().__init__(message, choices)

    def __str__(self) -> str:
        return str(self.args[0])


class RuleError(Exception):
    """A rule text cannot be parsed or does not fit its form. The message is Chinese."""

    def __init__(self, text: str, message: str, column: int | None = None) -> None:
        self.text = text
        self.message = message
        self.column = column
        super().__init__(text, message, column)

    def __str__(self) -> str:
        at = f"第 {self.column} 个字符附近，" if self.column is not None else ""
        return f"规则“{self.text}”：{at}{self.message}"


class RepetitionError(RuleError):
    """What a rule is repeated over (`each`) is nothing of its form."""
