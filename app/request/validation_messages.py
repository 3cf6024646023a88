"""What pydantic finds wrong with a field, in words of both languages.

Only the kind of the finding and its limits are used, never the value. A validator of our own raises
`Unfit`, which has both.
"""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import Unfit

_MESSAGES: dict[str, tuple[str, str]] = {
    "missing": ("必填。", "This is required."),
    "extra_forbidden": ("未知字段。", "This field is not known."),
    "string_type": ("应为文本。", "This should be text."),
    "string_too_short": ("至少 {min_length} 个字符。", "At least {min_length} characters."),
    "string_too_long": ("最多 {max_length} 个字符。", "At most {max_length} characters."),
    "string_pattern_mismatch": ("格式不符。", "This does not have the expected form."),
    "string_unicode": ("不是有效的 Unicode 文本。", "This is not valid Unicode text."),
    "int_type": ("应为整数。", "This should be a whole number."),
    "int_parsing": ("应为整数。", "This should be a whole number."),
    "int_parsing_size": ("数字过大。", "This number is too large."),
    "int_from_float": ("应为整数。", "This should be a whole number."),
    "float_type": ("应为数字。", "This should be a number."),
    "float_parsing": ("应为数字。", "This should be a number."),
    "finite_number": ("应为有限数字。", "This should be a finite number."),
    "decimal_type": ("应为十进制数。", "This should be a decimal number."),
    "decimal_parsing": ("应为十进制数。", "This should be a decimal number."),
    "decimal_max_digits": ("总位数最多 {max_digits}。", "At most {max_digits} digits in all."),
    "decimal_max_places": (
        "小数最多 {decimal_places} 位。",
        "At most {decimal_places} decimal places.",
    ),
    "decimal_whole_digits": (
        "整数部分最多 {whole_digits} 位。",
        "At most {whole_digits} digits before the point.",
    ),
    "bool_type": ("应为 true 或 false。", "This should be true or false."),
    "bool_parsing": ("应为 true 或 false。", "This should be true or false."),
    "uuid_type": ("应为 UUID。", "This should be a UUID."),
    "uuid_parsing": ("应为 UUID。", "This should be a UUID."),
    "date_type": ("应为日期（YYYY-MM-DD）。", "This should be a date (YYYY-MM-DD)."),
    "date_parsing": ("应为日期（YYYY-MM-DD）。", "This should be a date (YYYY-MM-DD)."),
    "date_from_datetime_parsing": (
        "应为日期（YYYY-MM-DD）。",
        "This should be a date (YYYY-MM-DD).",
    ),
    "date_from_datetime_inexact": ("应为日期，不含时间。", "This should be a date without a time."),
    "datetime_type": ("应为日期时间（ISO 8601）。", "This should be a moment (ISO 8601)."),
    "datetime_parsing": ("应为日期时间（ISO 8601）。", "This should be a moment (ISO 8601)."),
    "datetime_from_date_parsing": (
        "应为日期时间（ISO 8601）。",
        "This should be a moment (ISO 8601).",
    ),
    "timezone_aware": ("须带时区。", "A time zone is required."),
    "enum": ("可取值：{expected}。", "It can be: {expected}."),
    "literal_error": ("可取值：{expected}。", "It can be: {expected}."),
    "list_type": ("应为列表。", "This should be a list."),
    "dict_type": ("应为对象。", "This should be an object."),
    "model_type": ("应为对象。", "This should be an object."),
    "model_attributes_type": ("应为对象。", "This should be an object."),
    "too_short": ("至少 {min_length} 项。", "At least {min_length} items."),
    "too_long": ("最多 {max_length} 项。", "At most {max_length} items."),
    "greater_than": ("应大于 {gt}。", "This should be greater than {gt}."),
    "greater_than_equal": ("应不小于 {ge}。", "This should be at least {ge}."),
    "less_than": ("应小于 {lt}。", "This should be less than {lt}."),
    "less_than_equal": ("应不大于 {le}。", "This should be at most {le}."),
    "json_invalid": ("不是有效的 JSON。", "This is not valid JSON."),
}

_UNKNOWN = ("内容无效。", "This is not valid.")


def message_of(error: Mapping[str, Any], language: str) -> str:
    """The words for one finding of pydantic (`ValidationError.errors()`)."""
    kind = str(error["type"])
    if kind == "value_error":
        reason = error.get("ctx", {}).get("error")
        if isinstance(reason, Unfit):
            return reason.zh if language == "zh" else reason.en
    if kind in {"too_short", "too_long"} and error.get("ctx", {}).get("field_type") == "Value":
        kind = f"string_{kind}"  # a secret is text, whose length pydantic counts as a list's
    template = _MESSAGES.get(kind, _UNKNOWN)[0 if language == "zh" else 1]
    try:
        return template.format(**error.get("ctx", {}))
    except (KeyError, IndexError):
        return _UNKNOWN[0 if language == "zh" else 1]
