"""Which workers a command uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gouji.ingest.limits import Limits
from gouji.workers.forked import ForkedWorkers, can_fork
from gouji.workers.tasks import Workers


@contextmanager
def reader(limits: Limits | None = None, *, preloaded: bool = False) -> Iterator[Workers]:
    """One process for the files that people hand over; `preloaded` where others are to follow that read returns."""
    from gouji.workers.local import LocalWorkers

    workers = LocalWorkers(1, limits, preloaded=preloaded)
    try:
        yield workers
    finally:
        workers.close()


@contextmanager
def beside_us(limits: Limits | None = None) -> Iterator[Workers]:
    """For a few files, where everything that the work needs is loaded here already."""
    workers: Workers
    if can_fork():
        workers = ForkedWorkers(limits)
    else:
        from gouji.workers.local import LocalWorkers

        workers = LocalWorkers(1, limits)
    try:
        yield workers
    finally:
        workers.close()


@contextmanager
def chosen(jobs: int | None = None, cluster: str | None = None, limits: Limits | None = None) -> Iterator[Workers]:
    """Those of the cluster where an address is given, else as many processes as `jobs`, or as there are processors."""
    workers: Workers
    if cluster is None:
        from gouji.workers.local import LocalWorkers, processors

        workers = LocalWorkers(jobs or processors(), limits)
    else:
        from gouji.workers.cluster import ClusterWorkers

        workers = ClusterWorkers(cluster, limits)
    try:
        yield workers
    finally:
        workers.close()
