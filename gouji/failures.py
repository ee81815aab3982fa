"""What makes a command impossible, as one Chinese sentence. Anything else is a bug and keeps its traceback."""

from __future__ import annotations


def known() -> tuple[type[Exception], ...]:
    """The exceptions that have a sentence; a function, so that start-up stays light."""
    from gouji.archiving.manifest import ArchiveError
    from gouji.bureau_rules.tried import TrialError
    from gouji.export.output import OutputError
    from gouji.export.outputs import UnknownOutputError
    from gouji.export.sampling.draw import SampleError
    from gouji.files import MixedPlacesError, UnreachableError
    from gouji.ingest.beside.indicator_library import IndicatorLibraryError
    from gouji.ingest.beside.previous import PreviousError
    from gouji.ingest.beside.reference import ReferenceTableError
    from gouji.ingest.beside.review import ReviewError
    from gouji.ingest.beside.rule_workbook import RuleWorkbookError
    from gouji.ingest.beside.sampled import SampledError
    from gouji.ingest.beside.taught_file import TaughtError
    from gouji.ingest.drafting.draft import NothingToDraftError
    from gouji.ingest.kept import KeptError
    from gouji.ingest.limits import LimitsError
    from gouji.ingest.refusal import Refused
    from gouji.ingest.register.receipts import ReceiptsError
    from gouji.ingest.roster import RosterError
    from gouji.locking import BusyError
    from gouji.round.errors import RoundError
    from gouji.statement import StatementError
    from gouji.templates.errors import DefinitionError, FormNotFoundError
    from gouji.validate.review.log import LogError
    from gouji.workers.tasks import HandedOverError, PartLostError, WorkersError
    from gouji.years import OtherYearError

    handed_in = (
        HandedOverError,
        OutputError,
        RosterError,
        PreviousError,
        ReferenceTableError,
        OtherYearError,
        Refused,
        NothingToDraftError,
    )
    working = (
        LimitsError,
        StatementError,
        KeptError,
        PartLostError,
        WorkersError,
        UnreachableError,
        BusyError,
        RoundError,
        ReceiptsError,
        SampleError,
        SampledError,
        RuleWorkbookError,
        TrialError,
        IndicatorLibraryError,
    )
    return (
        *handed_in,
        *working,
        MixedPlacesError,
        UnknownOutputError,
        ArchiveError,
        ReviewError,
        LogError,
        TaughtError,
        DefinitionError,
        FormNotFoundError,
        OSError,
    )


def said(error: Exception) -> str:
    """The sentence, with the choices where there are any."""
    from gouji.templates.errors import DefinitionError, FormNotFoundError

    match error:
        case FileNotFoundError(filename=str() as name):
            return f"找不到“{name}”，请核对路径。"
        case FileExistsError(filename=str() as name):
            return f"“{name}”已经存在，请换一个文件名，或先把它移走。"
        case PermissionError(filename=str() as name):
            return f"没有权限读写“{name}”，可能正被其他程序打开，请关闭后重试。"
        case OSError(filename=str() as name):
            return f"“{name}”无法读写：{error.strerror}"
        case FormNotFoundError():
            return "\n  ".join([f"{error}。可选：", *error.choices])
        case DefinitionError():
            return f"表样定义有误。{error}"
        case _:
            return str(error)
