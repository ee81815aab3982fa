"""Files that people hand over beside the returns (rosters, decisions, limits, archives …): read by a worker, as those.

Whatever such a file holds, it costs at most the worker: this process gets what was read, or a sentence to say.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from gouji.workers.tasks import HandedOverError, Lost, Workers

Result = TypeVar("Result")
_ADVICE = "请核对是不是要用的文件，打开检查、另存后再运行。"


def handed_over(workers: Workers, read: Callable[[Path], Result], path: Path) -> Result:
    """What `read` makes of the file or folder `path`, in one of the workers of this machine.

    Raises what `read` raises, as far as `gouji.failures` has a sentence for it, and else HandedOverError.
    """
    try:
        result: Result = workers.near.submit(partial(_attempt, read), path).result()
    except Lost as lost:
        raise HandedOverError(f"“{path}”无法读取：{lost}。{_ADVICE}") from lost
    return result


def _attempt(read: Callable[[Path], Result], path: Path) -> Result:
    """Runs in the worker. What has no sentence need not even be picklable."""
    try:
        return read(path)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # calamine's PanicException is no Exception
        from gouji.failures import is_foreseen

        if is_foreseen(error):
            raise
        raise HandedOverError(f"“{path}”无法读取，内容有误（{type(error).__name__}）。{_ADVICE}") from None
