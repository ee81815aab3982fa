"""Which forms a command knows: those that come with gouji, and the folders named by `--forms` upon them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from gouji.screen import say
from gouji.statement import read_place, read_statement
from gouji.templates.catalogue import Catalogue
from gouji.templates.errors import DefinitionError
from gouji.templates.layer import INSTALLED


def chosen_catalogue(folders: Sequence[Path] = ()) -> Catalogue:
    """The catalogue with these layers, the last one above all others; editions that are broken are told, and not used.

    Raises what `layered` raises, and DefinitionError where no edition can be used.
    """
    catalogue = layered(folders)
    if catalogue.forms and catalogue.broken:
        tell_broken(catalogue)
    return catalogue


def layered(folders: Sequence[Path] = ()) -> Catalogue:
    """The same, whatever is wrong with its editions.

    Raises OSError, and DefinitionError for a folder that holds no definition, or one that stands in the wrong place.
    """
    catalogue = Catalogue.of([INSTALLED, *folders])
    for layer in catalogue.layers:
        for name in layer.astray:
            raise DefinitionError(
                layer.shown(name), "", "不在应放的位置，没有采用，请移到以表名命名的文件夹里（表名/版本.yaml）"
            )
        if not layer.files:
            raise DefinitionError(layer.origin, "", "文件夹里没有表样定义，应有“表名/版本.yaml”这样的文件，请核对路径")
    return catalogue


def tell_broken(catalogue: Catalogue) -> None:
    """Says beside the results which editions are not used, and why."""
    console = Console(stderr=True)
    resting: dict[str, list[str]] = {}
    for (form, edition), error in catalogue.broken.items():
        resting.setdefault(str(error), []).append(f"{form}@{edition}")
    for error_text, editions in resting.items():
        say(console, f"表样定义有误，没有采用 {'、'.join(editions)}，其余照常。{error_text}")


def catalogue_of_run(out: Path, folders: Sequence[Path] = ()) -> Catalogue:
    """The catalogue that a run was made by: of `folders` where any are named (they may have moved since), else of those
    that its run.json names. Raises StatementError and what `chosen_catalogue` raises."""
    stated = [read_place(str(one["place"])) for one in read_statement(out).get("layers", [])]
    return chosen_catalogue(folders or [_there(place, out) for place in stated if isinstance(place, Path)])


def catalogue_with_run(out: Path, folders: Sequence[Path] = ()) -> Catalogue:
    """The catalogue of the folders that its run.json names, with `folders` upon them. Raises as `catalogue_of_run`."""
    stated = [read_place(str(one["place"])) for one in read_statement(out).get("layers", [])]
    below = [place for one in stated if isinstance(one, Path) and (place := _there(one, out)).is_dir()]
    own = [one.resolve() for one in folders]
    return chosen_catalogue([*(one for one in below if one.resolve() not in own), *folders])


def _there(place: Path, out: Path) -> Path:
    """A folder, or that of its name beside the results, where both were moved together."""
    beside = out.absolute().parent / place.name
    return beside if not place.is_dir() and beside.is_dir() else place
