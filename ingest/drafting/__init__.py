"""Drafts of form definitions, made from blank forms."""
