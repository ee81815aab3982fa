"""A desk at work in this process, and somebody who asks it over a connection as a browser does."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import uvicorn

from gouji.desk.application import application
from gouji.desk.looking import Desk
from gouji.desk.security import HOST, Access
from gouji.workers.chosen import reader
from gouji.workers.here import Here
from gouji.workers.tasks import Workers

Fields = dict[str, str] | list[tuple[str, str]]


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")


@dataclass
class Visitor:
    """Somebody with the cookie of the desk, unless told otherwise."""

    access: Access

    def ask(
        self,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        form: Fields | None = None,
    ) -> Answer:
        """GET, or POST of a form. A header of an empty text is left out."""
        own = {"Host": f"{HOST}:{self.access.port}", "Cookie": f"{self.access.cookie}={self.access.pass_}"}
        body = None if form is None else urlencode(form).encode()
        if body is not None:
            own |= {"Origin": self.access.origin, "Content-Type": "application/x-www-form-urlencoded"}
        return self.send("GET" if form is None else "POST", path, own | (headers or {}), body)

    def send(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None, *, quoted: bool = False
    ) -> Answer:
        """As it stands; `quoted`: the path too."""
        connection = http.client.HTTPConnection(HOST, self.access.port, timeout=60)
        try:
            connection.putrequest(
                method, path if quoted else quote(path, safe="/?&=%:+,"), skip_host=True, skip_accept_encoding=True
            )
            told = headers | ({} if body is None else {"Content-Length": str(len(body))})
            for name, value in told.items():
                if value:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@contextmanager
def served_by_processes(folder: Path) -> Iterator[Visitor]:
    """As people have it: files are read by a worker."""
    with reader(preloaded=True) as workers, served(folder, workers) as visitor:
        yield visitor


@contextmanager
def served(folder: Path, workers: Workers | None = None) -> Iterator[Visitor]:
    """The desk of the round in `folder`, on a free port."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        listening.listen(16)
        access = Access(listening.getsockname()[1])
        config = uvicorn.Config(
            application(Desk(folder, workers or Here()), access), log_level="critical", ws="none", lifespan="off"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Visitor(access)
        finally:
            server.should_exit = True
            thread.join(10)
