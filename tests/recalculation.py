"""LibreOffice as the second opinion: other formats, and every formula worked out anew, whatever was stored with it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.patience import slowed

_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""Headless LibreOffice keeps stored values unless its settings say otherwise: 0 is "always"."""
_AT_ONCE = 60
_START, _FILE = 60.0, 15.0
"""Seconds that a start and a file may take where nothing else runs."""


def recalculated(files: Sequence[Path], out: Path) -> dict[str, Path]:
    """The workbooks as LibreOffice saves them after it has calculated everything; by the file's stem."""
    return converted(files, out, settings=_ALWAYS)


def converted(files: Sequence[Path], out: Path, kind: str = "xlsx", settings: str | None = None) -> dict[str, Path]:
    """The files as LibreOffice saves them in another format, in `out`; by the file's stem."""
    with tempfile.TemporaryDirectory() as profile:
        if settings is not None:
            (Path(profile) / "user").mkdir()
            (Path(profile) / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
        place = f"-env:UserInstallation={Path(profile).as_uri()}"
        command = ["soffice", place, "--headless", "--convert-to", kind, "--outdir", str(out)]
        for start in range(0, len(files), _AT_ONCE):
            batch = [str(file) for file in files[start : start + _AT_ONCE]]
            patience = slowed(_START + _FILE * len(batch))
            subprocess.run([*command, *batch], check=True, capture_output=True, timeout=patience)
    return {file.stem: out / f"{file.stem}.{kind}" for file in files}
