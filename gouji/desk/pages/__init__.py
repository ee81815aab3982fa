"""The pages of the desk: a file per page, each with its routes."""
