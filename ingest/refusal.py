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


def encrypted() -> Refused:
    """The refusal of a file behind a password."""
    return Refused("已加密", "文件设有密码，无法读取，请取消密码后另存再报送。")


def damaged() -> Refused:
    """The refusal of a container that does not hold together."""
    return Refused("文件损坏", "文件不完整或已损坏（可能没有传完），请用 Excel 或 WPS 重新打开、另存后再报送。")


def malformed() -> Refused:
    """The refusal of contents that break the format's own grammar."""
    return Refused("文件损坏", "文件内部的内容不合规范，请用 Excel 或 WPS 重新打开、另存后再报送。")


def strange_contents() -> Refused:
    """The refusal of a table with something in it that one program takes for a part of it and another does not."""
    return Refused("无法读取", "文件的表格里夹着别的内容，各个软件的读法不同。请用 Excel 或 WPS 另存后再报送。")


def too_large() -> Refused:
    """The refusal of what swells beyond bounds when it is unpacked."""
    return Refused("展开过大", "文件解压后大得不正常，未予读取，请在下发的表样上重新填报。")
