"""What is asked of the desk by its addresses: a file per page, each with its routes."""
