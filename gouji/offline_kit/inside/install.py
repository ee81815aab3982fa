"""Installs the wheels that lie beside this file into `env` beside it; nothing is asked of any network.

Runs before anything is installed, so it uses Python alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).resolve().parent
SUMS = "校验值.txt"
_LONGEST_PATH = 259
"""Signs of a path, as Windows has it unless it was told otherwise."""


class CannotInstallError(Exception):
    """Why not, and what to do."""


def require_machine(wanted: dict[str, Any]) -> None:
    """Raises CannotInstallError where this is no machine, or no Python, that the wheels were fetched for."""
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    if running != wanted["python"]:
        raise CannotInstallError(f"这个安装包要用 Python {wanted['python']}，现在的是 {running}。")
    machine = (platform.system(), platform.machine())
    if machine != (wanted["system"], wanted["machine"]) or sys.maxsize < 2**32:
        bits = "64" if sys.maxsize > 2**32 else "32"
        raise CannotInstallError(
            f"这个安装包用于 {wanted['system']}（{wanted['machine']}）和 64 位的 Python，"
            f"这台电脑是 {' '.join(machine)}，Python 是 {bits} 位。请换用适合的安装包或 Python。"
        )
    library, release = platform.libc_ver()
    if wanted["system"] == "Linux" and (library != "glibc" or _numbers(release) < tuple(wanted["glibc"])):
        wanted_release = ".".join(map(str, wanted["glibc"]))
        raise CannotInstallError(
            f"这台电脑的系统太旧或不同：需要 glibc {wanted_release} 以上，现在是 {library} {release}。"
        )


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdecimal())


def require_whole(kit: Path) -> None:
    """Raises CannotInstallError where a file of the kit is gone or has changed on its way."""
    lines = (kit / SUMS).read_text(encoding="utf-8").splitlines()
    for digest, _, name in (line.partition("  ") for line in lines):
        path = kit / name
        if not path.is_file():
            raise CannotInstallError(f"缺少“{name}”。请把压缩包全部解压，再安装。")
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise CannotInstallError(f"“{name}”与打包时的不同，可能没有复制完整。请重新复制压缩包，解压后再安装。")


def require_room(packages: Path, wheels: Path) -> None:
    """Raises CannotInstallError where paths below `packages`, into which wheels are unpacked, would be too long."""
    longest = max(map(len, _members(wheels)))
    over = len(str(packages)) + 1 + longest - _LONGEST_PATH
    if over > 0:
        raise CannotInstallError(
            f"这个文件夹的路径太长，Windows 装不下，至少要短 {over} 个字。"
            "请把整个文件夹移到磁盘的根目录（如 D:\\），再安装。"
        )


def _members(wheels: Path) -> Iterator[str]:
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            yield from archive.namelist()


def install(program: Path) -> None:
    """Makes `program/env` anew, with a file `installed` once it is whole. Raises CannotInstallError and OSError."""
    env = program / "env"
    if env.exists():
        shutil.rmtree(env)
    windows = os.name == "nt"
    packages = env / ("Lib/site-packages" if windows else "lib/python/site-packages")
    if windows:
        require_room(packages, program / "wheels")
    _run([sys.executable, "-I", "-m", "venv", env], _NO_VENV)
    python = env / ("Scripts/python.exe" if windows else "bin/python")
    pip: list[str | Path] = [python, "-I", "-m", "pip", "--isolated", "--disable-pip-version-check", "--quiet"]
    offline: list[str | Path] = ["--no-index", "--find-links", program / "wheels", "--require-hashes"]
    _run([*pip, "install", *offline, "--requirement", program / "requirements.txt"], "安装没有完成，原因见上。")
    _run([*pip, "check"], "装好的各部分合不到一起，原因见上。")
    (env / "installed").touch()


_NO_VENV = "不能建立运行环境。Debian、Ubuntu、统信、深度系统请先从系统的软件源或安装盘装上 python3-venv，再安装。"


def _run(command: list[str | Path], fault: str) -> None:
    environment = os.environ | {"PIP_CONFIG_FILE": os.devnull}  # no index of this machine's own
    if subprocess.run(command, check=False, env=environment).returncode:
        raise CannotInstallError(fault)


def main(program: Path) -> int:
    """Says what is done and how it ended; 0 where it is installed."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        require_machine(json.loads((program / "machine.json").read_text(encoding="ascii")))
        print("正在检查安装包……", flush=True)
        require_whole(program.parent)
        print("正在安装，约一两分钟……", flush=True)
        install(program)
    except (CannotInstallError, OSError) as error:
        print(f"没有装成：{_sentence(error)}", file=sys.stderr)
        return 2
    print("装好了。双击“打开勾稽”开始使用。")
    return 0


def _sentence(error: CannotInstallError | OSError) -> str:
    match error:
        case PermissionError():
            return (
                f"没有写入的权限，或文件正被占用（{error.filename}）。请关闭勾稽，把整个文件夹移到能写的地方，再安装。"
            )
        case OSError():
            return f"读写文件出错（{error.filename}，系统错误 {error.errno}）。请检查磁盘是否已满、是否还在，再安装。"
    return str(error)


if __name__ == "__main__":
    sys.exit(main(PROGRAM))
