"""Kits for machines without a network: the right wheels for each, whole, and installed with the network off."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gouji.offline_kit.inside import install, open_desk
from gouji.offline_kit.kit import PROGRAM, SUMS, lay_out, write_kit
from gouji.offline_kit.targets import GLIBC, TARGETS, Target
from gouji.offline_kit.wheels import ASKED, KitError, complete, fetching, pinned
from tests.conftest import UNDER_CI

ROOT = Path(__file__).parents[1]
PINS = pinned(ROOT / "constraints.txt")
WINDOWS, LINUX = TARGETS["Windows-x64"], TARGETS["Linux-x86_64"]
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


def wheel(folder: Path, name: str, *needs: str, version: str = "1.0") -> Path:
    """A wheel of nothing but what it needs."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", "Provides-Extra: desk"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            f"{name}-{version}.dist-info/METADATA", "\n".join([*lines, *(f"Requires-Dist: {n}" for n in needs)])
        )
    return path


# ---- which wheels ------------------------------------------------------------------------------------------------

INDEX = {
    "click": ['colorama; sys_platform == "win32"', "broken; python_version < '3.8'"],
    "colorama": [],
    "old": [],
    "uvicorn": ["click>=0.5", 'standard-only; extra == "standard"', "old; python_full_version < '3.11.3'"],
}


def fetch(pins: Iterable[str], into: Path) -> None:
    for pin in pins:
        name, _, version = pin.partition("==")
        wheel(into, name, *INDEX[name], version=version)


@pytest.mark.parametrize(
    ("target", "python", "names"),
    [
        (WINDOWS, "3.11", ["click", "colorama", "gouji", "old", "uvicorn"]),
        (WINDOWS, "3.12", ["click", "colorama", "gouji", "uvicorn"]),
        (LINUX, "3.11", ["click", "gouji", "old", "uvicorn"]),
    ],
)
def test_a_kit_has_what_its_own_machine_needs(target: Target, python: str, names: list[str], tmp_path: Path) -> None:
    """Whatever machine it is made on."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel(folder, "gouji", 'uvicorn; extra == "desk"', 'distributed; extra == "cluster"')
    found = complete(folder, target, python, dict.fromkeys(INDEX, "1.0"), fetch)
    assert [path.name.partition("-")[0] for path in found] == names


@pytest.mark.parametrize(
    ("pins", "said"), [({}, "没有 uvicorn 的版本"), ({"uvicorn": "0.4"}, "uvicorn 0.4，而需要的是“uvicorn>=0.5")]
)
def test_what_is_not_pinned_or_does_not_fit_makes_no_kit(pins: dict[str, str], said: str, tmp_path: Path) -> None:
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel(folder, "gouji", 'uvicorn>=0.5; extra == "desk"')
    with pytest.raises(KitError, match=said):
        complete(folder, LINUX, "3.11", pins, fetch)


@pytest.mark.parametrize("target", TARGETS.values(), ids=str)
def test_everything_that_a_machine_needs_is_pinned(target: Target) -> None:
    """By what the packages that are installed here say of themselves."""
    met, asked = set(), [ASKED]
    while asked:
        new = {(canonicalize_name(need.name), extra) for need in asked for extra in ("", *need.extras)} - met
        met |= new
        asked = [need for name, extra in new for need in said(name) if target.wants(need, RUNNING, extra)]
    names = {name for name, _ in met} - {ASKED.name}
    assert names <= set(PINS)
    assert {"numpy", "uvicorn", "click"} <= names and ("colorama" in names) is target.windows


def said(name: str) -> list[Requirement]:
    try:
        return list(map(Requirement, requires(name) or ()))
    except PackageNotFoundError:  # another machine's only: it needs nothing more
        assert name in {"colorama", "tzdata"}
        return []


# ---- what lies in a kit ------------------------------------------------------------------------------------------


@pytest.fixture
def kits(tmp_path: Path) -> dict[str, Path]:
    """Target → an unpacked kit of two wheels."""
    for name, target in TARGETS.items():
        wheels = tmp_path / name / PROGRAM / "wheels"
        wheels.mkdir(parents=True)
        wheel(wheels, "gouji", version="0.1.0")
        wheel(wheels, "click")
        lay_out(tmp_path / name, target, "3.11", "0.1.0")
    return {name: tmp_path / name for name in TARGETS}


def test_a_kit_names_no_host_and_what_people_need(kits: dict[str, Path]) -> None:
    for name, folder in kits.items():
        ending = ".cmd" if TARGETS[name].windows else ".sh"
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()
        }
        mine = {"先看这里.html", f"安装{ending}", f"打开勾稽{ending}"} | {
            f"program/{file}" for file in ("install.py", "open_desk.py", "machine.json", "requirements.txt")
        }
        assert {file for file in files if not file.endswith(".whl")} == mine
        text = b"\n".join(files[file] for file in mine).decode()
        assert not re.search(r"https?:|index-url|pypi|\{\{|\{%", text)
        page = files["先看这里.html"].decode()
        assert "Python 3.11（64 位）" in page and f"安装{ending}" in page
        hashes = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / PROGRAM / "wheels").iterdir()
        }
        assert files["program/requirements.txt"].decode().splitlines() == [
            f"click==1.0 --hash=sha256:{hashes['click-1.0-py3-none-any.whl']}",
            f"gouji[desk]==0.1.0 --hash=sha256:{hashes['gouji-0.1.0-py3-none-any.whl']}",
        ]


@pytest.mark.parametrize("name", ["安装.cmd", "打开勾稽.cmd"])
def test_commands_of_windows_as_far_as_can_be_told_elsewhere(name: str, kits: dict[str, Path]) -> None:
    data = (kits["Windows-x64"] / name).read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") and data.endswith(b"\r\n")  # else labels are not found
    lines = data.decode().splitlines()
    assert lines[0] == "@echo off" and lines.index("chcp 65001 >nul") == 2  # Chinese is shown as it is written
    assert [line.isascii() for line in lines] == [True] * (len(lines) - 1) + [False]  # nothing is read after it
    assert lines[-1].startswith("echo ") and lines[-1].endswith("& pause & exit /b 2") and lines[-2] == ":missing"
    assert not re.search(r"[()%^|<>!\"]", lines[-1].replace("（", "").replace("）", ""))
    jumps = {word for line in lines for word in re.findall(r"goto (\w+)", line)}
    assert jumps == {"missing"} and "exit /b %STATUS%" in lines[: lines.index(":missing")]
    for line in lines:  # a folder's name may hold blanks, & and brackets
        unquoted = "".join(re.split(r'"[^"]*"', line))
        assert "%~" not in unquoted and line.count('"') % 2 == 0
        assert "(" not in unquoted  # no blocks, whose variables would be filled in too early


@pytest.mark.skipif(os.name != "posix", reason="asks sh")
@pytest.mark.parametrize("name", ["安装.sh", "打开勾稽.sh"])
def test_scripts_say_what_is_missing(name: str, kits: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.move(kits["Linux-x86_64"], tmp_path / "新 文件夹"))
    tools = {tool: shutil.which(tool) for tool in ("dirname", "readlink")}
    (tmp_path / "bin").mkdir()
    for tool, place in tools.items():
        assert place
        (tmp_path / "bin" / tool).symlink_to(place)
    done = subprocess.run(
        ["/bin/sh", folder / name], check=False, cwd="/", env={"PATH": str(tmp_path / "bin")}, capture_output=True
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert ("没有找到 Python 3.11。" if name == "安装.sh" else "还没有安装") in done.stderr.decode()


# ---- on the machine that it is for -------------------------------------------------------------------------------

HERE = {"python": RUNNING, "system": platform.system(), "machine": platform.machine(), "glibc": [2, 17]}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"python": "3.9"}, f"要用 Python 3.9，现在的是 {RUNNING}"),
        ({"machine": "riscv64"}, "用于 Linux（riscv64）"),
        ({"system": "Windows", "machine": "AMD64"}, "用于 Windows（AMD64）"),
        ({"glibc": [9, 0]}, "需要 glibc 9.0 以上"),
    ],
)
@pytest.mark.skipif(platform.system() != "Linux", reason="what is said of another machine")
def test_another_machine_is_told(other: dict[str, object], said: str) -> None:
    install.require_machine(HERE)
    with pytest.raises(install.CannotInstallError, match=said):
        install.require_machine(HERE | other)


def test_a_kit_that_lost_or_changed_a_file_is_not_installed(
    kits: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = kits["Linux-x86_64"]
    program = folder / PROGRAM
    (program / "machine.json").write_text(str(HERE).replace("'", '"'), encoding="ascii")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in files]
    (folder / SUMS).write_text("\n".join(sums), encoding="utf-8")
    install.require_whole(folder)
    page = folder / "先看这里.html"
    page.write_text(page.read_text("utf-8") + " ", encoding="utf-8")
    assert install.main(program) == 2
    assert "“先看这里.html”与打包时的不同" in capsys.readouterr().err
    page.unlink()
    assert install.main(program) == 2
    assert "缺少“先看这里.html”" in capsys.readouterr().err
    assert not (program / "env").exists()


def test_paths_that_windows_cannot_hold_are_said_before(kits: dict[str, Path]) -> None:
    wheels = kits["Windows-x64"] / PROGRAM / "wheels"
    longest = len("gouji-0.1.0.dist-info/METADATA")
    install.require_room(Path("x" * (258 - longest)), wheels)
    with pytest.raises(install.CannotInstallError, match="至少要短 1 个字"):
        install.require_room(Path("x" * (259 - longest)), wheels)


@pytest.mark.parametrize(
    ("answers", "chosen"),
    [
        ([""], "勾稽/演示"), (["2"], "二"), (["3", "n", "1"], "一"), (['"{}/空 的"'], "空 的"),
        (["新的", "y"], "新的"), (["'{}/一'"], "一"),
    ],
)  # fmt: skip
def test_a_round_is_chosen(answers: list[str], chosen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("二", "一", "空 的", "勾稽"):
        (tmp_path / name).mkdir()
    for name in ("一", "二"):
        (tmp_path / name / "勾稽.toml").touch()
    said = iter(answers)
    monkeypatch.setattr("builtins.input", lambda _: next(said).format(tmp_path))
    offered = open_desk.rounds(tmp_path / "勾稽")
    assert [folder.name for folder in offered] == ["一", "二"]
    assert open_desk.choose(tmp_path / "勾稽", offered) == tmp_path / chosen


@pytest.mark.parametrize(
    ("folder", "statuses", "called"),
    [
        ("演示", [1, 0], ["demo --out", "desk"]),
        ("演示", [2], ["demo --out"]),
        ("新的", [0, 0], ["init", "desk"]),
        ("一轮", [0], ["desk"]),
    ],
)
def test_a_round_that_is_not_there_is_begun(
    folder: str, statuses: list[int], called: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "一轮").mkdir()
    calls: list[str] = []

    def call(*words: str | Path) -> int:
        assert words[-1] == tmp_path / folder
        calls.append(" ".join(map(str, words[:-1])))
        return statuses[len(calls) - 1]

    monkeypatch.setattr(open_desk, "_gouji", call)
    assert open_desk.open_round(tmp_path, tmp_path / folder) == statuses[-1]
    assert calls == called


# ---- truly ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def package_index(tmp_path: Path) -> None:
    """Packages can be fetched here; without that a test is left out, and says so."""
    try:
        fetching(LINUX, RUNNING)([f"h11=={PINS['h11']}"], tmp_path / "fetched")
    except subprocess.CalledProcessError:
        reason = "pip reaches no packages (needs a network)"
        if UNDER_CI:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


def without_network() -> list[str]:
    """What a command is put behind to have no network: a namespace of its own where the system lets one have it."""
    command = ["unshare", "--map-root-user", "--net"]
    able = (
        shutil.which("unshare") and subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0
    )
    return command if able else ["env", *(f"{scheme}_proxy=http://127.0.0.1:9" for scheme in ("http", "https"))]


def until_opened(lines: Iterable[str]) -> Iterator[str]:
    """What a desk says until it has told its address."""
    for line in lines:
        yield line
        if "/open/" in line:
            return


@pytest.mark.deep
@pytest.mark.skipif(
    platform.system() != "Linux" or platform.libc_ver() < ("glibc", "2.28"), reason=f"a kit for glibc {GLIBC}"
)
@pytest.mark.usefixtures("package_index")
def test_a_kit_for_this_machine_is_installed_with_the_network_off_and_opens_the_demonstration(tmp_path: Path) -> None:
    made, digest = write_kit(ROOT, TARGETS[f"Linux-{platform.machine()}"], RUNNING, tmp_path)
    assert hashlib.sha256(made.read_bytes()).hexdigest() == digest
    with zipfile.ZipFile(made) as archive:
        assert {member.external_attr >> 16 for member in archive.infolist() if member.filename.endswith(".sh")} == {
            0o100755
        }
        archive.extractall(tmp_path / "新 文件夹 (1)")
    (folder,) = (tmp_path / "新 文件夹 (1)").iterdir()
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "VIRTUAL_ENV"))
    }
    clean["PATH"] = f"{Path(sys.executable).resolve().parent}{os.pathsep}{clean['PATH']}"
    done = subprocess.run(
        [*without_network(), "sh", folder / "安装.sh"], check=False, cwd="/", env=clean, capture_output=True
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert done.stdout.decode().endswith("装好了。双击“打开勾稽”开始使用。\n")
    with subprocess.Popen(
        ["sh", folder / "打开勾稽.sh"], cwd="/", env=clean | {"BROWSER": "true"}, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", start_new_session=True,
    ) as desk:  # fmt: skip
        try:
            assert desk.stdin and desk.stdout
            desk.stdin.write("\n")
            desk.stdin.close()
            said = list(until_opened(desk.stdout))
            address = re.search(r"桌面已打开：(http://127\.0\.0\.1:\d+/open/\S+)", said[-1])
            assert address, "".join(said)
            visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            with visitor.open(address[1], timeout=120) as answer:
                assert "进度" in answer.read().decode()
        finally:
            os.killpg(desk.pid, signal.SIGINT)
    assert (folder / "演示" / "结果" / "汇总.xlsx").exists()
    packages = next((folder / PROGRAM / "env").glob("lib/*/site-packages/gouji"))
    assert (packages / "desk").is_dir() and not (packages / "offline_kit").exists()  # a tool of the checkout
