"""Opens the desk on a round that one chooses: dropped upon 打开勾稽, by its number, by its folder, or a new one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

KIT = Path(__file__).resolve().parents[1]
DEMO = "演示"
_SETTINGS = "勾稽.toml"
"""What makes a folder that of a round."""


def rounds(kit: Path) -> list[Path]:
    """The rounds beside the kit, by name. They do not lie in the kit: whoever deletes an old one keeps his rounds."""
    return sorted(kit.parent / name for name in os.listdir(kit.parent) if os.path.isfile(kit.parent / name / _SETTINGS))


def choose(kit: Path, offered: list[Path]) -> Path:
    """Asks until there is an answer; raises EOFError where nobody answers."""
    for number, folder in enumerate(offered, 1):
        print(f"  {number}  {folder.name}")
    print("请输入序号；也可以把一轮的文件夹拖到这里，或写一个新的名称，新建一轮。直接回车打开演示。")
    while True:
        answer = input("> ").strip().strip("\"'").strip()
        if not answer:
            return kit / DEMO
        if answer.isdecimal() and 1 <= int(answer) <= len(offered):
            return offered[int(answer) - 1]
        folder = kit.parent / answer  # a whole path stays what it is
        if folder.is_dir() or input(f"还没有“{folder}”。新建这一轮，请输入 y：").strip().lower() == "y":
            return folder
        print("请再选一次。")


def open_round(kit: Path, folder: Path) -> int:
    """Begins the round where there is none yet, and opens the desk; the status of what ended last."""
    if not folder.exists() or (folder == kit / DEMO and not (folder / _SETTINGS).is_file()):
        begun = _gouji("demo", "--out", folder) if folder == kit / DEMO else _gouji("init", folder)
        if begun > 1:  # 1: the demonstration has found what it is to show
            return begun
    return _gouji("desk", folder)


def _gouji(*words: str | Path) -> int:
    return subprocess.run([sys.executable, "-P", "-m", "gouji", *words], check=False).returncode


def main(dropped: str) -> int:
    """What `打开勾稽` calls; an empty text where nothing was dropped upon it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return open_round(KIT, Path(dropped) if dropped else choose(KIT, rounds(KIT)))
    except (KeyboardInterrupt, EOFError):
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].strip('"') if len(sys.argv) > 1 else ""))
