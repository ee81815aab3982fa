"""Installed, everything of ours is inside `gouji`: beside a package with modules named like our rooms, both work."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import gouji.validate
from gouji.templates.program import ROOMS

ROOT = Path(__file__).parents[1]
OWN = {"gouji", *ROOMS, "samples"}


def test_a_foreign_validate_stands_beside_ours() -> None:
    code = "import validate; print(validate.__file__, validate.Validator().check('integer', '3'))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=ROOT.parent, capture_output=True, encoding="utf-8", check=True
    )
    place, value = done.stdout.split()
    assert (Path(place).parent.name, value) == ("validate", "3")
    assert not Path(place).samefile(str(gouji.validate.__file__))
    assert Path(place) in {Path(str(file.locate())) for file in distribution("configobj").files or ()}


def test_only_gouji_is_installed_at_the_top() -> None:
    assert (distribution("gouji").read_text("top_level.txt") or "").split() == ["gouji"]


def test_every_list_of_the_rooms_names_the_same() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = tools["importlinter"]["contracts"][0]["layers"]
    listed = {
        "setup.py": re.search(r"^ROOMS = \((.*)\)$", (ROOT / "setup.py").read_text(encoding="utf-8"), re.M),
        "Makefile": re.search(r"^ROOMS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M),
    }
    rooms = {name: set(re.findall(r"\w+", line[1])) for name, line in listed.items() if line}
    assert rooms == {"setup.py": {*ROOMS, "samples"}, "Makefile": {*ROOMS, "samples"}}
    assert set(layers[1:]) == {*ROOMS, "samples"}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - OWN <= {"tests", "bench"}


def test_no_module_goes_by_another_name_than_the_installed_one() -> None:
    bare = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(OWN - {'gouji'})})[. ]", re.M)
    bare_imports = [
        path.relative_to(ROOT).as_posix()
        for room in (*OWN, "tests", "bench")
        for path in (ROOT / room).rglob("*.py")
        if bare.search(path.read_text(encoding="utf-8"))
    ]
    assert bare_imports == []
