"""Tasks handed to workers and their results taken back in order, however the work is done."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class Lost(Exception):
    """A task that ended or hung its worker; the message is Chinese and says which of the two."""


class WorkersError(Exception):
    """The workers of this machine or of the cluster cannot be used; the message is Chinese and says what to do."""


class PartLostError(Exception):
    """A part of the batch could not be checked; the message is Chinese."""


class HandedOverError(Exception):
    """A file ended, hung or filled the process that read it, or holds what nobody foresaw; the message is Chinese."""


class Pending(Protocol):
    """A task under way."""

    def result(self) -> Any:
        """Its result. Raises Lost, or what the task itself raised."""


class Workers(Protocol):
    """`size`: how many tasks are done at the same time; `near`: those among them, or beside them, that reach every
    file of this machine."""

    size: int

    @property
    def near(self) -> Workers:
        """Workers on this machine."""

    def submit(self, function: Callable[[Task], Result], task: Task) -> Pending:
        """Begin a task; `function` is importable by its name, `task` and result can be pickled."""

    def close(self) -> None:
        """Let go of everything, work under way included."""


def in_order(
    workers: Workers, function: Callable[[Task], Result], tasks: Iterable[Task], *, ahead: int = 3
) -> Iterator[tuple[Task, Result | Lost]]:
    """Each task with its result, or with what became of its worker, in the order of the tasks.

    Only so many tasks per worker are `ahead` of the one that is waited for: neither tasks nor results pile up, and
    yet no worker is idle while one of the others is slow.
    """
    begun: deque[tuple[Task, Pending]] = deque()
    for task in tasks:
        begun.append((task, workers.submit(function, task)))
        if len(begun) > ahead * workers.size:
            yield _finished(*begun.popleft())
    while begun:
        yield _finished(*begun.popleft())


def _finished(task: Task, pending: Pending) -> tuple[Task, Any]:
    try:
        return task, pending.result()
    except Lost as lost:
        return task, lost
