"""The rule language: equations over a form's own item names, parsed once, executed in more than one way."""
