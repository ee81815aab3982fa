"""The errors that make a command impossible, each with its Chinese sentence. Any other is a bug, with its traceback."""

from __future__ import annotations

from importlib import import_module

_FORESEEN = (
    "gouji.archiving.manifest.ArchiveError",
    "gouji.bureau_rules.tried.TrialError",
    "gouji.export.output.OutputError",
    "gouji.export.outputs.UnknownOutputError",
    "gouji.export.sampling.draw.SampleError",
    "gouji.files.MixedPlacesError",
    "gouji.files.UnreachableError",
    "gouji.ingest.beside.indicator_library.IndicatorLibraryError",
    "gouji.ingest.beside.previous.PreviousError",
    "gouji.ingest.beside.reference.ReferenceTableError",
    "gouji.ingest.beside.review.ReviewError",
    "gouji.ingest.beside.rule_workbook.RuleWorkbookError",
    "gouji.ingest.beside.sampled.SampledError",
    "gouji.ingest.beside.taught_file.TaughtError",
    "gouji.ingest.drafting.draft.NothingToDraftError",
    "gouji.ingest.kept.KeptError",
    "gouji.ingest.limits.LimitsError",
    "gouji.ingest.refusal.Refused",
    "gouji.ingest.register.receipts.ReceiptsError",
    "gouji.ingest.roster.errors.RosterError",
    "gouji.locking.BusyError",
    "gouji.round.errors.RoundError",
    "gouji.statement.StatementError",
    "gouji.templates.errors.DefinitionError",
    "gouji.templates.errors.FormNotFoundError",
    "gouji.validate.review.log.LogError",
    "gouji.workers.tasks.HandedOverError",
    "gouji.workers.tasks.PartLostError",
    "gouji.workers.tasks.WorkersError",
    "gouji.years.OtherYearError",
)
"""By name, so that recognising one imports nothing."""


def foreseen_errors() -> tuple[type[Exception], ...]:
    """The exceptions that have a sentence; imports the modules that define them."""
    places = (name.rpartition(".") for name in _FORESEEN)
    return (*(getattr(import_module(module), name) for module, _, name in places), OSError)


def is_foreseen(error: BaseException) -> bool:
    """Whether it has a sentence."""
    return isinstance(error, OSError) or any(
        f"{ancestor.__module__}.{ancestor.__qualname__}" in _FORESEEN for ancestor in type(error).__mro__
    )


def sentence_of(error: Exception) -> str:
    """The sentence, with the choices where there are any."""
    from gouji.ingest.system_words import system_words
    from gouji.templates.errors import DefinitionError, FormNotFoundError

    match error:
        case FileNotFoundError(filename=str() as name):
            return f"找不到“{name}”，请核对路径。"
        case FileExistsError(filename=str() as name):
            return f"“{name}”已经存在，请换一个文件名，或先把它移走。"
        case PermissionError(filename=str() as name):
            return f"没有权限读写“{name}”，可能正被其他程序打开，请关闭后重试。"
        case OSError(filename=str() as name):
            return f"“{name}”无法读写：{system_words(error)}"
        case OSError():
            return f"读写出错：{system_words(error)}"
        case FormNotFoundError():
            return "\n  ".join([f"{error}。可选：", *error.choices])
        case DefinitionError():
            return f"表样定义有误。{error}"
        case _:
            return str(error)
