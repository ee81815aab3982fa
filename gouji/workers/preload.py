"""What every worker needs, loaded once for all of them: imported by the server that they are forked from."""

from contextlib import suppress

from gouji.loading import loading

with loading():  # it stays: no worker looks through it for garbage, nor has it copied for that
    from gouji import examining, reading, returning
    from gouji.ingest.files import docx, pdf
    from gouji.templates.catalogue import built_in
    from gouji.templates.errors import DefinitionError

    with suppress(DefinitionError):  # the first task meets it again, and can say so where this server could not
        _ = built_in().supplements

__all__ = ["docx", "examining", "pdf", "reading", "returning"]
