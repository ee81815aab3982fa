"""Which forms a command knows: those that come with gouji, and the folders named by `--forms` upon them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from gouji.round.folder import OWN_FORMS, Round, own_definitions
from gouji.screen import say
from gouji.statement import read_place, read_statement
from gouji.templates.catalogue import Catalogue
from gouji.templates.errors import DefinitionError
from gouji.templates.layer import INSTALLED


def chosen_catalogue(folders: Sequence[Path] = ()) -> Catalogue:
    """The catalogue with these layers, the last above all others; broken editions are reported and left out.

    Raises what `layered` raises, and DefinitionError where no edition can be used.
    """
    catalogue = layered(folders)
    if catalogue.forms and catalogue.broken:
        tell_broken(catalogue)
    return catalogue


def layered(folders: Sequence[Path] = ()) -> Catalogue:
    """The catalogue with these layers, broken editions included.

    Raises OSError, and DefinitionError for a folder that holds no definition, or one that stands in the wrong place.
    """
    catalogue = Catalogue.of([INSTALLED, *folders])
    if (error := misplaced(catalogue)) is not None:
        raise error
    return catalogue


def misplaced(catalogue: Catalogue) -> DefinitionError | None:
    """What is wrong with the folders of its layers: a definition that stands in the wrong place, or none at all."""
    for layer in catalogue.layers:
        for name in layer.astray:
            return DefinitionError(
                layer.shown(name), "", "不在应放的位置，没有采用，请移到以表名命名的文件夹里（表名/版本.yaml）"
            )
        if not layer.files:
            return DefinitionError(layer.origin, "", "文件夹里没有表样定义，应有“表名/版本.yaml”这样的文件，请核对路径")
    return None


def catalogue_in_round(round_: Round) -> Catalogue:
    """The catalogue by which a round is looked at: that of its last run, before the first that of its own definitions.

    What is wrong with one of them leaves all others in use. Raises StatementError, OSError.
    """
    from gouji.results_folder import holds_results

    own = own_definitions(round_.folder / OWN_FORMS)
    folders = _folders_of_run(round_.results) if holds_results(round_.results) else own
    return Catalogue.of([INSTALLED, *folders])


def tell_broken(catalogue: Catalogue) -> None:
    """Prints on stderr which editions are left out, and why."""
    console = Console(stderr=True)
    resting: dict[str, list[str]] = {}
    for (form, edition), error in catalogue.broken.items():
        resting.setdefault(str(error), []).append(f"{form}@{edition}")
    for error_text, editions in resting.items():
        say(console, f"表样定义有误，没有采用 {'、'.join(editions)}，其余照常。{error_text}")


def catalogue_of_run(out: Path, folders: Sequence[Path] = ()) -> Catalogue:
    """The catalogue that a run was made by: of `folders` where any are named (they may have moved since), else of those
    that its run.json names. Raises StatementError and what `chosen_catalogue` raises."""
    return chosen_catalogue(folders or _folders_of_run(out))


def catalogue_with_run(out: Path, folders: Sequence[Path] = ()) -> Catalogue:
    """The catalogue of the folders that its run.json names, with `folders` upon them. Raises as `catalogue_of_run`."""
    below = [place for place in _folders_of_run(out) if place.is_dir()]
    resolved = [folder.resolve() for folder in folders]
    return chosen_catalogue([*(folder for folder in below if folder.resolve() not in resolved), *folders])


def _folders_of_run(out: Path) -> list[Path]:
    """The folders of definitions that its run.json names. Raises StatementError."""
    stated = [read_place(str(layer["place"])) for layer in read_statement(out).get("layers", [])]
    return [_moved_along(place, out) for place in stated if isinstance(place, Path)]


def _moved_along(place: Path, out: Path) -> Path:
    """`place`, or the folder of the same name beside the results, where both were moved together."""
    beside = out.absolute().parent / place.name
    return beside if not place.is_dir() and beside.is_dir() else place
