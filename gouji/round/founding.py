"""A new round: its folder with everything in its place. What is there already stays as it is."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from gouji.round.errors import RoundError
from gouji.round.folder import FOLDERS, Round
from gouji.round.roster_template import write_roster_template
from gouji.round.settings import SETTINGS_FILE, Settings, settings_text

ROSTER = "名册"


def require_new(folder: Path) -> None:
    """Raises RoundError where a round has been begun in the folder, FileExistsError where no folder can be."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
    if (folder / SETTINGS_FILE).exists():
        raise RoundError(
            f"“{folder}”已经是一轮的文件夹，没有改动。要改设置，请打开里面的 {SETTINGS_FILE}；新的一轮请换一个文件夹。"
        )


def found_round(folder: Path, settings: Settings, roster: Path | None) -> Round:
    """The round that was begun in `folder`; `roster`: a 名册 to copy, else one is begun, or that which is there stays.

    The settings are written last: without them a folder can be begun again. Raises RoundError, OSError.
    """
    require_new(folder)
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings = settings.model_copy(update={"roster": _placed(folder, roster, settings.roster)})
    with (folder / SETTINGS_FILE).open("x", encoding="utf-8", newline="\n") as file:
        file.write(settings_text(settings))
    return Round(folder.absolute().resolve(), settings)


def _placed(folder: Path, roster: Path | None, name: str) -> str:
    """The name of the 名册 in the folder."""
    if roster is None:
        if not (folder / name).exists():
            write_roster_template(folder / name)
        return name
    place = folder / f"{ROSTER}{roster.suffix}"
    if place.exists() and place.read_bytes() != roster.read_bytes():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place))
    if not place.exists():
        shutil.copyfile(roster, place)
    return place.name


def path_in(folder: Path, path: Path) -> str:
    """How a path is written in the settings: from the folder on, so that both may be moved together."""
    try:
        return Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    except ValueError:  # another drive
        return path.absolute().as_posix()
