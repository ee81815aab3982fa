"""抽查复核: which tables are looked at again, drawn so that anybody can draw them again, and what came of it."""
