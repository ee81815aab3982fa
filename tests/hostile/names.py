"""Names that would act, cannot be written down or lead nowhere, and things that are no files at all."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

ORDINARY = (
    "=cmd|' -c calc'!A0.xlsx", "+1+1.xlsx", "-1+1.xlsx", "@SUM(1).xlsx", "换\n行.xlsx", "制\t表.xlsx",
    "控\x01制\x1b[31m.xlsx", "<script>alert(1)<script>.xlsx", "'; DROP TABLE readings; --.xlsx",
    "$(touch x).xlsx", "{0}%s%n.xlsx", " 前后有空格 .xlsx", "反\u202exslx.向.xlsx", "零\u200b宽.xlsx",
    "表情\U0001f600.xlsx", "井号#基础数据表#1.xlsx", "反\\斜杠.xlsx", "大写.XLSX", "\u00e9组合.xlsx",
    "e\u0301组合.xlsx", "长" * 83 + ".xlsx", "a" * 250 + ".xlsx", "CON.xlsx", "-rf.xlsx",
)  # fmt: skip
"""Names of files that are good in every other way."""
NOT_UTF8 = b"\xd6\xd0\xce\xc4-GBK.xlsx"
"""A name as a machine of another encoding writes it (中文)."""


def _lock(path: Path) -> None:
    path.write_bytes(b"\x05lock" + bytes(160))


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to("这里什么也没有.xlsx")


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _forbidden(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04")
    path.chmod(0)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.open(path.parent, os.O_RDONLY)
        try:  # the path of a socket may only be some hundred bytes long
            listener.bind(f"/proc/self/fd/{here}/{path.name}")
        finally:
            os.close(here)


ODD: dict[str, Callable[[Path], None]] = {
    "管道.xlsx": os.mkfifo,
    "套接字.xlsx": _socket,
    "链接成环.xlsx": _loop,
    "链接断了.xlsx": _dangling,
    "链接到设备.xlsx": _device,
    "文件夹.xlsx": Path.mkdir,
    "~$锁文件.xlsx": _lock,
    "没有权限.xlsx": _forbidden,
    "转眼不见.xlsx": lambda _: None,
}
"""What is no readable file, and how it is made. The last one is told to be there and is not."""
