"""Which tables stand on a sheet, and in which cells their items do."""
