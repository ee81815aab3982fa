"""Documents in other formats (.doc, .wps, .rtf, .odt, web pages called .doc) as .docx, by LibreOffice if installed.

It runs apart: a profile of its own that is gone afterwards, without macros, links or (where the system can) a network,
for a bounded time. Nothing else of this application starts a program on what came from outside.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from gouji.ingest.files.cfb import MAGIC, CompoundFile
from gouji.ingest.refusal import Refused

_EXTENSIONS = {".doc": "doc", ".dot": "doc", ".wps": "doc", ".wpt": "doc", ".rtf": "rtf"}
"""Extensions of old documents, and what they are given to LibreOffice as: WPS writes the .doc of Word."""
_OPEN = {".odt": "odt", ".ott": "odt", ".fodt": "fodt"}
FORMATS = {
    "doc": "旧格式的 Word 文档", "rtf": "旧格式的 Word 文档", "odt": "OpenDocument 文档（.odt）",
    "fodt": "OpenDocument 文档（.fodt）", "html": "网页格式的文档",
}  # fmt: skip
"""What is converted, as people are told, by the extension that LibreOffice is given."""
_HEAD = 4096
_WEB = (b"<html", b"<!doctype html")
_TEXT = b"application/vnd.oasis.opendocument.text"
_FILTERS = {"html": ("--infilter=HTML (StarWriter)",)}
"""How LibreOffice is told to take what it would open as something else than a document of text."""
_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 90
_SETTINGS = {
    "Common/Security/Scripting": {
        "DisableMacrosExecution": "true", "MacroSecurityLevel": "3", "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
    },
    "Writer/Content/Update": {"Link": "0"},
    "Inet/Settings": {"ooInetProxyType": "1", "ooInetHTTPProxyName": "127.0.0.1", "ooInetHTTPProxyPort": "9"},
}  # fmt: skip
_ADVICE = "请用 Word 或 WPS 打开、另存为 .docx（或把表格填在下发的工作簿里）再报送。"


def converter() -> str | None:
    """LibreOffice, where it is installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def old_format(data: bytes, name: str) -> str:
    """The extension of a document that is to be converted, by its name and its contents; empty for everything else."""
    extension = Path(name).suffix.lower()
    kind, head = _EXTENSIONS.get(extension, ""), data[:_HEAD]
    if data.startswith(b"{\\rtf"):
        return "rtf" if kind else ""
    if extension in _OPEN:
        return _OPEN[extension] if _TEXT in head else ""
    if kind and any(mark in head.lower() for mark in _WEB) and not head.lstrip().lower().startswith(b"mime-version"):
        return "html"
    if kind and data.startswith(MAGIC):
        try:
            return "doc" if "WordDocument" in CompoundFile(data).top_names else ""
        except Refused:
            return ""
    return ""


def as_docx(data: bytes, extension: str) -> bytes:
    """The document as .docx; `extension`: of its format, without the dot.

    Raises Refused (不是电子表格) where there is no LibreOffice, 无法读取 where it cannot convert the document.
    """
    program = converter()
    if program is None:
        raise Refused("不是电子表格", f"这是{FORMATS[extension]}，这台电脑上没有 LibreOffice，没有读取。{_ADVICE}")
    with tempfile.TemporaryDirectory(prefix="gouji-") as folder:
        source = Path(folder, f"source.{extension}")
        source.write_bytes(data)
        _convert([*_without_network(), program, *_FILTERS.get(extension, ())], Path(folder), source)
        made = Path(folder, "source.docx")
        if not made.is_file():
            raise Refused("无法读取", f"{FORMATS[extension]}没有能够转换。{_ADVICE}")
        return made.read_bytes()


def _convert(program: list[str], folder: Path, source: Path) -> None:
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
    command = [
        *program, f"-env:UserInstallation={profile.parent.as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(source),
    ]  # fmt: skip
    surroundings = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"}
    with subprocess.Popen(
        command, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise Refused("无法读取", f"文档转换超过 {_SECONDS} 秒，没有读取。{_ADVICE}") from error
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it with all that it has started."""
    if os.name == "posix":
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
    elif process.poll() is None:
        process.kill()


@lru_cache(maxsize=1)
def _without_network() -> list[str]:
    """How a program is started that reaches no network; nothing where the system has no such way."""
    for way in (["unshare", "-n"], ["unshare", "-rn"]):
        if shutil.which(way[0]) and subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
            return way
    return []


def _settings() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{"Office." if not group.startswith("Inet") else ""}{group}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for group, told in _SETTINGS.items()
        for name, value in told.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>"
    )
