"""Where interpreters look for modules: where gouji is installed, never in the current folder.

The current folder may be one of returned files, and a file `pandas.py` among them would be run.
"""

from __future__ import annotations

import os
import sys

_HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
"""What holds gouji's own folders. In a checkout it may be the current folder, and is trusted."""


def leave_out_current_folder() -> None:
    """From now on neither this process nor any that it starts looks for modules in the current folder.

    Python itself puts the folder in front for `-c` and `-m`, which is how multiprocessing starts its helpers; a stray
    colon in PYTHONPATH adds it too.
    """
    sys.path[:] = _without_current(sys.path)
    os.environ["PYTHONSAFEPATH"] = "1"
    if "PYTHONPATH" in os.environ:
        os.environ["PYTHONPATH"] = os.pathsep.join(_without_current(os.environ["PYTHONPATH"].split(os.pathsep)))


def _without_current(folders: list[str]) -> list[str]:
    here = os.path.realpath(os.curdir)
    if here == os.path.realpath(_HOME):
        return folders
    return [folder for folder in folders if os.path.realpath(folder or os.curdir) != here]
