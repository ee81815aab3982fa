"""What all tests share: the rule for missing outside tools, the seed of a quick run, and Hypothesis' settings."""

import gc
import os
import random
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from hypothesis import settings

from tests.rotation import SEED, SHARE, of_this_share, turns

if TYPE_CHECKING:
    from gouji.export.results import Results

UNDER_CI = os.environ.get("CI") == "true"

# The machines are shared, so a slow example is no fault. CI repeats the same examples every time:
# a red run is then due to the change, and new examples are sought on the developers' machines.
settings.register_profile("gouji", deadline=None, derandomize=UNDER_CI, print_blob=True)
settings.load_profile("gouji")

# Chosen here, before the workers start: they take it over, and so have the same tests.
os.environ.setdefault(SEED, str(random.randrange(10_000)))
# The key under which copies are given back is the tests' own, and gone with them.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = tempfile.mkdtemp(prefix="gouji-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The folder goes with the session that made it."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["XDG_DATA_HOME"], ignore_errors=True)


def pytest_report_header() -> str:
    """By which number the cases of a quick run were chosen, and how many of the deep ones there are."""
    share = f", one deep test in {os.environ[SHARE]}" if SHARE in os.environ else ""
    return f"cases chosen by {SEED}={os.environ[SEED]} (set it to have the same again){share}"


def missing_tools(item: pytest.Item) -> list[str]:
    """Name the programs that the test's ``libreoffice`` and ``browser`` marks ask for and the PATH lacks.

    ``soffice`` or ``chromium`` is always asked for; ``@pytest.mark.libreoffice("pdftoppm")`` adds more.
    """
    tools: dict[str, None] = {}  # a dict keeps their order and drops repeats
    for name, program in (("libreoffice", "soffice"), ("browser", "chromium")):
        for mark in item.iter_markers(name):
            tools.update(dict.fromkeys([program, *mark.args]))
    return [tool for tool in tools if shutil.which(tool) is None]


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose whose turn it is. The order stays: what tests of a file share is then made by one worker."""
    turns(items)
    kept = of_this_share(items, int(os.environ.get(SHARE, "1")))
    config.hook.pytest_deselected(items=[*set(items).difference(kept)])
    items[:] = kept


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it for garbage again and again takes a seventh of a run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The published returns in three layouts and their roster (`build_samples`), made once for all workers; to be read
    and not written.
    """
    from gouji.samples.build import build_samples  # only workers need it

    base = tmp_path_factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / "published"
    with FileLock(place.with_suffix(".lock")):
        if not place.exists():
            build_samples(place.with_suffix(".new"))
            place.with_suffix(".new").rename(place)
    return place


@pytest.fixture(scope="session")
def of_published(published: Path) -> Callable[[str], "Results"]:
    """What a run over the published returns in one layout gives, each run once by a process; nobody changes it."""
    from gouji.pipeline import run
    from gouji.samples.build import ROSTER

    return cache(lambda layout: run([published / layout], roster_path=ROSTER))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What tests measured (`record_property`), told at the end: workers' own output is not shown."""
    lines = [
        f"{name}: {value}"
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call"
        for name, value in report.user_properties
    ]
    for line in lines:
        terminalreporter.write_line(line)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose tools are missing; under CI it fails, or the check would quietly vanish."""
    missing = missing_tools(item)
    if not missing:
        return
    reason = f"not installed: {', '.join(missing)}"
    if UNDER_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
