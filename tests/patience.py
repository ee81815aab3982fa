"""How long to wait for other processes on a machine that does other work too."""

from __future__ import annotations

import os


def slowed(seconds: float) -> float:
    """The seconds that something takes here which takes so many where nothing else runs."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
