"""`gouji desk`: the round in the browser of this machine."""

from __future__ import annotations

from pathlib import Path

from gouji.round.errors import RoundError

_NEEDED = {"starlette", "uvicorn", "python_multipart", "anyio", "h11", "click"}


def open_desk(folder: Path, port: int, *, browser: bool) -> None:
    """Serves the round in `folder` until it is interrupted. Raises RoundError where the desk is not installed."""
    try:
        from gouji.desk.serving import serve
    except ModuleNotFoundError as error:
        if error.name not in _NEEDED:
            raise
        raise RoundError('桌面还没有装：请运行 pip install "gouji[desk]"，再打开。') from error
    serve(folder, port, browser=browser)
