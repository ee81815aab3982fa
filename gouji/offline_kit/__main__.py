"""`python -m gouji.offline_kit`: kits into dist/, for the version of Python that runs this (the tests ran on it)."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from gouji.offline_kit.kit import write_kit
from gouji.offline_kit.targets import TARGETS
from gouji.offline_kit.wheels import KitError

ROOT = Path(__file__).parents[2]


def main() -> int:
    """One line per kit: its file and SHA-256, to be told to whoever gets it by another way."""
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    parser = argparse.ArgumentParser(prog="make offline-kit", description=__doc__)
    parser.add_argument("--target", action="append", choices=TARGETS, help="all where none is named")
    parser.add_argument("--python", default=running, metavar="3.x", help=f"default: {running}")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    arguments = parser.parse_args()
    try:
        for name in arguments.target or TARGETS:
            made, digest = write_kit(ROOT, TARGETS[name], arguments.python, arguments.out)
            print(f"{made}（{made.stat().st_size / 1e6:.0f} MB）\n  SHA-256 {digest}", flush=True)
    except (KitError, subprocess.CalledProcessError) as error:
        print(f"没有做成离线安装包：{error}", file=sys.stderr)
        return 2
    return 0


sys.exit(main())
