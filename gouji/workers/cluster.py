"""Work done on a Dask cluster: the same tasks, on machines that have gouji and can reach the files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gouji.ingest.limits import Limits
from gouji.ingest.versions import reader_version
from gouji.templates.catalogue import built_in
from gouji.workers.local import LocalWorkers
from gouji.workers.tasks import Lost, WorkersError

if TYPE_CHECKING:
    from distributed import Client, Future

_ENCRYPTED = ("tls", "wss")
_PATIENCE = 20
"""Seconds to wait for the scheduler and its first worker."""


class ClusterWorkers:
    """The workers behind a scheduler (`tcp://…`). A task whose worker is lost is done again by another.

    Raises WorkersError when the scheduler cannot be reached, has no workers, or one of them has another version or
    would run modules out of the folder that it was started in.
    """

    def __init__(self, address: str, limits: Limits | None = None) -> None:
        self._near: LocalWorkers | None = None
        self._limits = limits
        self._client = _connected(address)
        self._deadline = (limits or Limits()).deadline
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            self.close()
            raise WorkersError(f"集群 {address} 上没有可用的工作进程，请先启动 dask worker") from error
        self.size = sum(self._client.nthreads().values())
        others = [where for where, versions in self._client.run(_versions).items() if versions != _versions()]
        if others:
            self.close()
            raise WorkersError(f"集群上 {others[0]} 的 gouji 或读取程序与本机版本不同，请安装相同版本后再运行")
        exposed = [where for where, safe in self._client.run(_safe_path).items() if not safe]
        if exposed:
            self.close()
            raise WorkersError(
                f"集群上 {exposed[0]} 会把启动它的文件夹里的 .py 文件当作程序运行，"
                "请设置环境变量 PYTHONSAFEPATH=1 后重新启动 dask worker"
            )

    @property
    def near(self) -> LocalWorkers:
        """A process of this machine: the others need not reach what lies beside the returns."""
        self._near = self._near or LocalWorkers(1, self._limits, preloaded=False)
        return self._near

    def submit(self, function: Callable[[Any], Any], task: Any) -> _Sent:
        """Send a task to the cluster."""
        return _Sent(self._client, self._client.submit(function, task, pure=False), self._deadline)

    def close(self) -> None:
        """Leave the cluster; it goes on without us."""
        if self._near is not None:
            self._near.close()
        self._client.close()


@dataclass(frozen=True)
class _Sent:
    client: Client
    future: Future
    deadline: int

    def result(self) -> Any:
        from distributed import CancelledError, KilledWorker
        from distributed.comm import CommClosedError

        try:
            return self.future.result(timeout=self.deadline)
        except KilledWorker as error:
            raise Lost("处理它的工作进程多次意外结束（可能是内容异常，或占用内存过多）") from error
        except TimeoutError as error:
            self._give_up()
            raise Lost(f"处理超过 {self.deadline} 秒仍没有结束，已中止") from error
        except (CommClosedError, CancelledError) as error:
            raise WorkersError("与集群的连接中断，请检查集群后再运行一次，已读取的文件不会重读") from error

    def _give_up(self) -> None:
        """Drop the task and start its worker anew: a task that hangs would hold it for good."""
        holders = [where for where, keys in self.client.processing().items() if self.future.key in keys]
        self.future.cancel()
        if holders:
            self.client.restart_workers(holders, raise_for_error=False)


def open_to_others(address: str) -> str:
    """What is to be said of an address at which everything travels unencrypted between machines; empty where nothing.

    Whoever reaches a scheduler without TLS can have its workers run anything.
    """
    scheme, _, rest = address.rpartition("://")
    host = urlsplit(f"//{rest}").hostname or ""
    if scheme in _ENCRYPTED or host == "localhost" or _is_loopback(host):
        return ""
    return (
        f"注意：与集群 {address} 的连接没有加密，也不核对身份，能连上调度机的人都可以看到报表内容、"
        "让各台机器运行任意程序。请按 README 以 TLS 启动集群（--cluster tls://…）。"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise WorkersError("使用 --cluster 需要另外安装：pip install 'gouji[cluster]'") from error
    try:
        return Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise WorkersError(f"连接不上集群 {address}（{error}），请检查地址") from error
    except TypeError as error:  # Dask's own word for it
        raise WorkersError(
            f"集群 {address} 要用 TLS，但没有找到证书的设置，请用环境变量 DASK_CONFIG 指明（做法见 README）"
        ) from error


def _safe_path() -> bool:
    return sys.flags.safe_path


def _versions() -> tuple[str, str]:
    return reader_version(), built_in().version
