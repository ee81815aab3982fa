"""Processes that do not run the program which started them: `multiprocessing` runs its main module in every one again.

No task needs it. A user's script that calls gouji without `if __name__ == "__main__"` would start itself over in each
worker; and each worker would load the command line, for nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import context
from typing import Any


@contextmanager
def _main_hidden() -> Iterator[None]:
    """While a process is started, nothing says where the main module came from."""
    main = sys.modules["__main__"]
    hidden = {name: getattr(main, name, None) for name in ("__file__", "__spec__")}
    try:
        for name in hidden:
            setattr(main, name, None)
        yield
    finally:
        for name, value in hidden.items():
            setattr(main, name, value)


class SpawnedProcess(context.SpawnProcess):
    """A process of an interpreter of its own."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802
        with _main_hidden():
            return context.SpawnProcess._Popen(process_obj)


class SpawnContext(context.SpawnContext):
    """Starts `SpawnedProcess`."""

    Process = SpawnedProcess


if sys.platform != "win32":

    class ForkedProcess(context.ForkServerProcess):
        """A process forked from the server."""

        @staticmethod
        def _Popen(process_obj: Any) -> Any:  # noqa: N802
            with _main_hidden():
                return context.ForkServerProcess._Popen(process_obj)

    class ForkServerContext(context.ForkServerContext):
        """Starts `ForkedProcess`."""

        Process = ForkedProcess
