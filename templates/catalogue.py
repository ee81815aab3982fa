"""The catalogue: which forms and editions there are. A value, made of layers, that travels with the work it is for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gouji.templates.definition import Definition
from gouji.templates.errors import DefinitionError, FormNotFoundError
from gouji.templates.form import Form
from gouji.templates.inherit import Raw, inherited
from gouji.templates.layer import Edition, Layer, installed
from gouji.templates.supplement import SUPPLEMENT, supplement
from gouji.templates.wording import validation_message


@dataclass(frozen=True)
class Catalogue:
    """The definitions of `layers`; a later layer adds editions, and replaces those of the same name.

    Catalogues of equal layers are equal. One that is pickled takes along what is not installed, and becomes one with
    its equals where it arrives, so that a form is loaded once per process. `version` tells whether results are
    comparable.
    """

    layers: tuple[Layer, ...]
    _loaded: dict[Edition, Form] = field(default_factory=dict, init=False, compare=False, repr=False)
    _loading: list[Edition] = field(default_factory=list, init=False, compare=False, repr=False)

    @classmethod
    def of(cls, folders: Iterable[Path]) -> Catalogue:
        """The catalogue whose layers stand in these folders, the last one above all others. Raises OSError."""
        return _of(tuple(dict.fromkeys(map(Layer.read, folders))))

    def __reduce__(self) -> tuple[Callable[..., Catalogue], tuple[Any, ...]]:
        return _of, (self.layers,)

    @cached_property
    def version(self) -> str:
        """A hash over every definition: results are only comparable under the same one."""
        versions = [layer.version for layer in self.layers]
        return versions[0] if len(versions) == 1 else hashlib.sha256("/".join(versions).encode()).hexdigest()[:16]

    @property
    def _is_built_in(self) -> bool:
        """Whether nothing but what comes with gouji is in it: tests have tried that it can be issued, and trying it
        anew takes every process a second."""
        return self.layers == (installed(),)

    @cached_property
    def editions(self) -> list[Edition]:
        """Every (form, edition), sorted."""
        return sorted({edition for layer in self.layers for edition in layer.editions})

    @cached_property
    def forms(self) -> list[Form]:
        """Every edition that can be used, loaded. Raises DefinitionError where none can."""
        forms = [form for form, _ in self._tried if form is not None]
        if not forms:
            raise next(iter(self.broken.values()))
        return forms

    @cached_property
    def broken(self) -> dict[Edition, DefinitionError]:
        """The editions that cannot be used, and why. What rests on none of them works without them."""
        return {edition: error for edition, (_, error) in zip(self.editions, self._tried, strict=True) if error}

    @cached_property
    def _tried(self) -> list[tuple[Form | None, DefinitionError | None]]:
        return [self._try(edition) for edition in self.editions]

    def _try(self, edition: Edition) -> tuple[Form | None, DefinitionError | None]:
        try:
            return self.form(*edition), None
        except DefinitionError as error:
            return None, error

    @cached_property
    def supplements(self) -> list[Form]:
        """The 评分依据补充表 of every edition whose scoring rules need one."""
        return [found for form in self.forms if (found := supplement(form)) is not None]

    def form(self, name: str, edition: str) -> Form:
        """The edition of a form by its exact names. Raises FormNotFoundError, DefinitionError where it is broken."""
        if name == SUPPLEMENT:
            return self._supplement(edition)
        found = self._loaded.get((name, edition))
        if found is None:
            found = self._loaded[name, edition] = self._shared((name, edition)) or self._load((name, edition))
        return found

    def known(self, name: str | None, edition: str | None) -> Form | None:
        """The same; None where there is no such edition. Raises DefinitionError."""
        if name is None or edition is None:
            return None
        try:
            return self.form(name, edition)
        except FormNotFoundError:
            return None

    def usable(self, name: str | None, edition: str | None) -> Form | None:
        """The same; None also where it is broken."""
        return None if (name, edition) in self.broken else self.known(name, edition)

    def find(self, wanted: str) -> Form:
        """`form` or `form@edition`, also by short name or by an edition that another one serves.

        Raises FormNotFoundError with the choices when nothing or more than one edition fits, DefinitionError where
        the one that is meant is broken.
        """
        name, _, edition = wanted.partition("@")
        known = self.supplements if name == SUPPLEMENT else self.forms
        named = [form for form in known if name in form.known_names]
        fitting = [form for form in named if not edition or edition in form.known_editions]
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            self._raise_broken(name, edition)
            choices = [form.key for form in named] or self._choices()
            raise FormNotFoundError(f"没有找到表“{wanted}”", choices)
        choices = [form.key for form in fitting]
        raise FormNotFoundError(f"“{wanted}”有 {len(fitting)} 个版本，请用 表名@版本 指明", choices)

    def _raise_broken(self, name: str, edition: str) -> None:
        for (form, own), error in self.broken.items():
            if name == form and edition in ("", own):
                raise error

    def full_name(self, wanted: str) -> str | None:
        """The full name of a form given by full, short or other title, whatever its edition; None when unknown."""
        return self._full_names.get(wanted.partition("@")[0].strip())

    def short_name(self, name: str | None) -> str:
        """基础数据表 for 部门整体支出绩效评价基础数据表; the name itself where the form is not known."""
        return self._short_names.get(name or "", name or "")

    @cached_property
    def _full_names(self) -> dict[str, str]:
        return {name: form.name for form in reversed(self.forms) for name in form.known_names}

    @cached_property
    def _short_names(self) -> dict[str, str]:
        return {form.name: form.definition.short for form in reversed(self.forms)}

    def origin(self, edition: Edition) -> str:
        """What people call the layer that an edition is of."""
        layer = self._layer_of(edition, len(self.layers))
        return "" if layer is None else self.layers[layer].origin

    def replaced(self, number: int) -> list[Edition]:
        """The editions of a layer that stand in the place of one below, sorted."""
        return sorted(one for one in self.layers[number].editions if self._layer_of(one, number) is not None)

    def lineage(self, edition: Edition) -> list[Edition]:
        """An edition that can be used and those that it extends, the nearest first; one may stand there twice."""
        found: list[Edition] = []
        at = self._layer_of(edition, len(self.layers))
        while at is not None:
            found.append(edition)
            extends = self.layers[at].plain(edition).get("extends")
            parent = edition[0], str(extends)
            at = None if extends is None else self._layer_of(parent, at if parent == edition else at + 1)
            edition = parent
        return found

    def _choices(self) -> list[str]:
        return [f"{form}@{edition}" for form, edition in self.editions]

    def _supplement(self, edition: str) -> Form:
        found = next((form for form in self.supplements if form.edition == edition), None)
        if found is None:
            choices = [form.key for form in self.supplements]
            raise FormNotFoundError(f"没有“{SUPPLEMENT}@{edition}”这个版本", choices)
        return found

    def _used(self, key: str) -> Form:
        form, _, edition = key.partition("@")
        return self.form(form, edition)

    def _shared(self, edition: Edition) -> Form | None:
        """The form as the layers below have it, where nothing that it uses is of the uppermost."""
        if len(self.layers) < 2 or edition in self.layers[-1].editions:
            return None
        below = _of(self.layers[:-1])
        try:
            form = below.form(*edition)
            same = all(self._used(key) is below._used(key) for key in form.definition.uses.values())
        except DefinitionError:
            return None  # it may use what only the uppermost layer has
        return form if same else None

    def _load(self, edition: Edition) -> Form:
        # A name may come out of a returned file: it is looked up, and only then means a definition.
        layer = self._layer_of(edition, len(self.layers))
        if layer is None:
            raise FormNotFoundError(f"没有“{'@'.join(edition)}”这个版本", self._choices())
        source = self.layers[layer].shown(self.layers[layer].editions[edition][0])
        if edition in self._loading:
            raise DefinitionError(source, "uses", "与它所引用的表互相引用，请删去其中一处")
        self._loading.append(edition)
        try:
            raw = self._raw(edition, layer, ())
            form = Form(_validated(raw, source), source=source, uses=self._used)
            if (form.name, form.edition) != edition:
                raise DefinitionError(source, "form/edition", f"与文件所在位置 {'/'.join(edition)}.yaml 不一致")
            if not self._is_built_in:
                from gouji.templates.issuable import check_issuable  # it needs all that issues a workbook

                check_issuable(form)
        except DefinitionError as error:
            raise self.layers[layer].placed(error, edition) from error
        finally:
            self._loading.remove(edition)
        return form

    def _layer_of(self, edition: Edition, below: int) -> int | None:
        """The uppermost layer under `below` that has the edition."""
        return next((at for at in reversed(range(below)) if edition in self.layers[at].editions), None)

    def _raw(self, edition: Edition, at: int, heirs: tuple[tuple[int, Edition], ...]) -> Raw:
        """The definition in layer `at`, with what it inherits from its own layer or from those below.

        A layer above changes nothing of it; an edition that extends its own name extends the one that it replaces.
        """
        layer = self.layers[at]
        raw = layer.plain(edition)
        if raw.get("extends") is None:
            return raw
        source = layer.shown(layer.editions[edition][0])
        parent = edition[0], str(raw["extends"])
        where = self._layer_of(parent, at if parent == edition else at + 1)
        if (where is None and parent == edition) or (where, parent) in heirs:
            raise DefinitionError(source, "extends", f"“{parent[1]}”绕回到了自己")
        if where is None:
            raise DefinitionError(source, "extends", f"没有“{parent[1]}”这个版本")
        return inherited(self._raw(parent, where, (*heirs, (at, edition))), raw, source)


@lru_cache(maxsize=32)
def _of(layers: tuple[Layer, ...]) -> Catalogue:
    return Catalogue(layers)


@cache
def built_in() -> Catalogue:
    """The catalogue that comes with gouji: for commands that were given no other one."""
    return _of((installed(),))


def _validated(raw: Raw, source: str) -> Definition:
    try:
        return Definition.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise DefinitionError(source, key, validation_message(first)) from error
