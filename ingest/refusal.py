"""The one way in which a file is turned away, with a reason that its sender can act on."""

from __future__ import annotations


class Refused(Exception):
    """A file that is not read. `code` is a stable short label, `reason` a Chinese sentence for the unit."""

    def __init__(self, code: str, reason: str) -> None:
        # Both go to Exception's args, so that the refusal survives the way back from a worker process.
        super().__init__(code, reason)
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.code}：{self.reason}"
