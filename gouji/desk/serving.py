"""The desk at work: a port of this machine alone, its address said and opened, until Ctrl-C."""

from __future__ import annotations

import socket
import webbrowser
from pathlib import Path

import uvicorn
from rich.console import Console

from gouji.desk.application import application
from gouji.desk.looking import Desk
from gouji.desk.security import HOST, Access
from gouji.screen import say
from gouji.workers.chosen import reader


def serve(folder: Path, port: int, *, browser: bool) -> None:
    """Serves the round in `folder` until it is interrupted. `port`: 0 for any that is free. Raises OSError where it is
    taken, and RoundError."""
    console = Console()
    with _listening(port) as listening, reader(preloaded=True) as workers:
        access = Access(listening.getsockname()[1])
        say(console, "正在读取这一轮……")
        desk = Desk(folder, workers)
        desk.look(inbox=True)
        say(console, f"勾稽桌面已打开：{access.address}")
        say(console, "只有本机能用；这个地址只在这次有效，不要转给别人。结束请按 Ctrl-C 或关闭这个窗口，不会丢失什么。")
        if browser:
            webbrowser.open(access.address)
        config = uvicorn.Config(
            application(desk, access), log_level="warning", access_log=False, ws="none", lifespan="off",
            server_header=False, date_header=False, timeout_graceful_shutdown=1,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((HOST, port))
        listening.listen(64)
    except OSError as error:
        listening.close()
        raise OSError(error.errno, f"端口 {port} 不能用，可能正被别的程序占用", f"{HOST}:{port}") from error
    return listening
