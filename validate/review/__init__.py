"""审核: decisions on findings that last from run to run."""
