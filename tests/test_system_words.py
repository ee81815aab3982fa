"""What a system or the file of readings says of a failure is told in Chinese, wherever it is told."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest
from xlsxwriter.exceptions import FileCreateError

from gouji.failures import sentence_of
from gouji.ingest.kept import Kept, KeptError
from gouji.ingest.system_words import system_words
from gouji.templates.catalogue import built_in
from tests.test_no_english import english

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FULL, "磁盘已满"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "结果"), "磁盘是只读的"),
        (OSError(98765, "Something new"), "系统错误 98765"),
        (OSError("no number"), "系统错误"),
        (OSError(errno.EADDRINUSE, "端口 80 不能用"), "端口 80 不能用"),
        (FileCreateError(FULL), "磁盘已满"),
        (FileCreateError("something"), "系统错误"),
        (sqlite3.OperationalError("without a code"), "错误"),
    ],
)
def test_each_failure_has_words(error: Exception, words: str) -> None:
    assert system_words(error) == words


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_no_failure_of_the_system_is_told_in_english(number: int) -> None:
    for error in (OSError(number, os.strerror(number)), OSError(number, os.strerror(number), "结果")):
        assert english([sentence_of(error)]) == set()


def _locked(path: Path) -> sqlite3.Connection:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


def test_what_the_file_of_readings_says_is_told_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(KeptError) as missing:
        Kept(tmp_path / "没有" / "kept", built_in())
    said = str(missing.value).replace(str(tmp_path), "")
    assert "（打不开，文件夹可能不在了或没有权限）" in said and english([said]) == set()
    path = tmp_path / "kept"
    sqlite3.connect(path).close()
    other = _locked(path)
    waiting = sqlite3.connect(path, timeout=0)
    with pytest.raises(sqlite3.OperationalError) as busy:
        waiting.execute("CREATE TABLE t (a)")
    assert system_words(busy.value) == "正被另一个程序使用"
    other.close()
    path.write_bytes(b"no database at all, but as long as a header of one is" * 40)
    with pytest.raises(sqlite3.DatabaseError) as broken:
        sqlite3.connect(path).execute("SELECT * FROM t")
    assert system_words(broken.value) == "其中的内容已损坏"
