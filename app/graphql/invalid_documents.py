"""What GraphQL finds wrong with a document, in words of both languages.

graphql-core quotes what it does not understand, and that may be an ID number or a password. So only
the findings listed here are told, with the names that they are about and never with a value; every
other one is told by its place in the document alone.
"""

import re

_NAME = r"['\"]([_A-Za-z$][\w.]*)['\"]"
_TYPE = r"['\"]([_A-Za-z][\w!\[\]]*)['\"]"

_FINDINGS: tuple[tuple[str, str, str], ...] = (
    (
        rf"Cannot query field {_NAME} on type {_TYPE}\.",
        "类型 {1} 没有字段 {0}。",
        "The type {1} has no field {0}.",
    ),
    (
        rf"Unknown argument {_NAME} on field {_NAME}\.",
        "字段 {1} 没有参数 {0}。",
        "The field {1} has no argument {0}.",
    ),
    (
        rf"Field {_NAME} of type {_TYPE} must have a selection of subfields\.",
        "字段 {0} 须选择子字段。",
        "Fields must be selected from {0}.",
    ),
    (
        rf"Field {_NAME} must not have a selection since type {_TYPE} has no subfields\.",
        "字段 {0} 没有子字段。",
        "The field {0} has no fields to select.",
    ),
    (
        rf"Argument {_NAME} of type {_TYPE} is required",
        "缺少必填参数 {0}。",
        "The argument {0} is required.",
    ),
    (
        rf"Field {_NAME} argument {_NAME} of type {_TYPE} is required",
        "字段 {0} 缺少必填参数 {1}。",
        "The argument {1} of {0} is required.",
    ),
    (
        rf"Field {_NAME} of required type {_TYPE} was not provided\.",
        "缺少必填字段 {0}。",
        "The field {0} is required.",
    ),
    (
        rf"Variable {_NAME} of required type {_TYPE} was not provided\.",
        "缺少必填变量 {0}。",
        "The variable {0} is required.",
    ),
    (
        rf"Variable {_NAME} (?:has|got) invalid value",
        "变量 {0} 的值与其类型不符。",
        "The value of the variable {0} does not fit its type.",
    ),
    (rf"Variable {_NAME} is not defined", "未声明变量 {0}。", "The variable {0} is not declared."),
    (rf"Variable {_NAME} is never used", "变量 {0} 未使用。", "The variable {0} is never used."),
    (rf"Unknown type {_NAME}", "没有类型 {0}。", "There is no type {0}."),
    (rf"Unknown fragment {_NAME}", "没有片段 {0}。", "There is no fragment {0}."),
    (
        rf"Cannot spread fragment {_NAME} within itself",
        "片段 {0} 循环引用。",
        "The fragment {0} contains itself.",
    ),
    (r"Must provide operation name", "须指定操作名。", "Say which operation of the document."),
    (r"Syntax Error", "GraphQL 语法错误。", "The document is not GraphQL: a syntax error."),
    (r"Must provide|Unknown operation", "没有该操作。", "There is no such operation."),
    (
        r"Document contains more than (\d+) tokens",
        "文档超过 {0} 个词法单元。",
        "The document has more than {0} tokens.",
    ),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern), zh, en) for pattern, zh, en in _FINDINGS)

_OTHER = ("GraphQL 文档无效。", "The document is not valid here.")


def words_for(message: str, language: str) -> str:
    """The words for one finding of graphql-core, in `zh` or `en`, without any value of the client's."""
    for pattern, zh, en in _COMPILED:
        found = pattern.match(message)
        if found is not None:
            return (zh if language == "zh" else en).format(*found.groups())
    return _OTHER[0 if language == "zh" else 1]
