"""Copies of this process as workers: what they give back, and what becomes of a task that ends or hangs its own."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest

from gouji.ingest.limits import MEGABYTE, Limits
from gouji.workers.forked import ForkedWorkers, can_fork
from gouji.workers.tasks import Lost, in_order

pytestmark = pytest.mark.skipif(not can_fork(), reason="no such workers on this system")
_LARGE = 3 * MEGABYTE


def _squared(number: int) -> int:
    return number * number


def _large(sign: str) -> str:
    print("said where nobody listens")
    return sign * _LARGE


def _wrong(text: str) -> None:
    raise ValueError(text)


def _end(status: int) -> None:
    os._exit(status)


def _killed(number: int) -> None:
    os.kill(os.getpid(), number)


def _fill(megabytes: int) -> int:
    return int(np.ones(megabytes * MEGABYTE, dtype=np.uint8).sum())


def test_results_come_back_in_order_and_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    workers = ForkedWorkers()
    assert [result for _, result in in_order(workers, _squared, [3, 1, 2])] == [9, 1, 4]
    assert workers.submit(_large, "勾").result() == "勾" * _LARGE
    assert capfd.readouterr() == ("", "")


def test_what_a_task_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="甲"):
        ForkedWorkers().submit(_wrong, "甲").result()


def test_a_task_that_ends_its_process_is_lost_and_no_other() -> None:
    workers = ForkedWorkers()
    for task, argument in ((_end, 0), (_end, 3), (_killed, signal.SIGKILL)):
        with pytest.raises(Lost, match="意外结束"):
            workers.submit(task, argument).result()
    assert workers.submit(_squared, 5).result() == 25


def test_a_task_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(Lost, match="超过 1 秒"):
        ForkedWorkers(Limits(deadline=1)).submit(time.sleep, 60).result()


def test_a_task_that_takes_too_much_memory_is_stopped() -> None:
    workers = ForkedWorkers(Limits(memory=200 * MEGABYTE))
    assert workers.submit(_fill, 20).result() == 20 * MEGABYTE
    with pytest.raises(Lost, match="内存超过上限"):
        workers.submit(_fill, 1000).result()
