"""What the author of a definition reads when a key does not fit: pydantic's findings in Chinese."""

from __future__ import annotations

from pydantic_core import ErrorDetails

_MESSAGES = {
    "missing": "缺少这个键",
    "extra_forbidden": "不认识这个键，请检查拼写",
    "literal_error": "只能是 {expected}",
    "union_tag_invalid": "不认识“{tag}”，只能是 {expected_tags}",
    "union_tag_not_found": "缺少 kind",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "decimal_parsing": "应为数字",
    "decimal_type": "应为数字",
    "finite_number": "应为数字",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "list_type": "应为一列（每项以 - 开头）",
    "dict_type": "应为键和值",
    "model_type": "应为键和值",
    "model_attributes_type": "应为键和值",
}


def validation_message(error: ErrorDetails) -> str:
    """One pydantic error as a Chinese sentence; what stands there is quoted."""
    if error["type"] in ("no_such_part", "contradiction"):
        return error["msg"]
    template = _MESSAGES.get(error["type"])
    if template is None:
        return f"{error['msg']}（现为 {error.get('input')!r}）"
    message = template.format(**error.get("ctx", {}))
    if error["type"] in ("missing", "extra_forbidden"):
        return message
    return f"{message}，现为“{error.get('input')}”"
