"""What GraphQL finds wrong with a document, in words of both languages.

graphql-core quotes what it does not understand, and that may be an ID number or a password. So only
the findings listed here are told, with the names that they are about and never with a value; every
other one is told by its place in the document alone.
"""

import re

_N = r"['\"]?([_A-Za-z$@][\w.$]{0,60})['\"]?"  # a name, however it is quoted
_T = r"['\"]([_A-Za-z\[][\w!\[\]]{0,60})['\"]"  # a type

_FINDINGS: tuple[tuple[str, str, str], ...] = (
    (
        rf"Cannot query field {_N} on type {_T}",
        "类型 {1} 没有字段 {0}。",
        "The type {1} has no field {0}.",
    ),
    (
        rf"Unknown argument {_N} on field {_N}",
        "字段 {1} 没有参数 {0}。",
        "The field {1} has no argument {0}.",
    ),
    (
        rf"Unknown argument {_N} on directive {_N}",
        "指令 {1} 没有参数 {0}。",
        "The directive {1} has no argument {0}.",
    ),
    (
        rf"Field {_N} of type {_T} must have a selection",
        "字段 {0} 须选择子字段。",
        "Fields must be selected from {0}.",
    ),
    (
        rf"Field {_N} must not have a selection",
        "字段 {0} 没有子字段。",
        "The field {0} has no fields to select.",
    ),
    (
        r"Argument '([\w.]+)\((\w+):\)' of type \S+ is required",
        "{0} 缺少必填参数 {1}。",
        "The argument {1} of {0} is required.",
    ),
    (
        rf"Expected value of type {_T} to include required field {_N}",
        "{0} 缺少必填字段 {1}。",
        "The field {1} of {0} is required.",
    ),
    (
        rf"Expected value of type {_T} not to include unknown field {_N}",
        "{0} 没有字段 {1}。",
        "{0} has no field {1}.",
    ),
    (
        rf"Variable {_N} has invalid value at \.?([\w.\[\]]{{1,100}}):",
        "变量 {0} 在 {1} 处的值与其类型不符。",
        "The value of {0} does not fit its type at {1}.",
    ),
    (
        rf"Variable {_N} (?:has|got) invalid value",
        "变量 {0} 的值与其类型不符。",
        "The value of the variable {0} does not fit its type.",
    ),
    (
        rf"Variable {_N} of type {_T} used in position expecting type {_T}",
        "变量 {0} 的类型 {1} 应为 {2}。",
        "The variable {0} is {1} where {2} is expected.",
    ),
    (rf"Variable {_N} is not defined", "未声明变量 {0}。", "The variable {0} is not declared."),
    (rf"Variable {_N} is never used", "变量 {0} 未使用。", "The variable {0} is never used."),
    (rf"Fragment {_N} is never used", "片段 {0} 未使用。", "The fragment {0} is never used."),
    (rf"Unknown type {_N}", "没有类型 {0}。", "There is no type {0}."),
    (rf"Unknown fragment {_N}", "没有片段 {0}。", "There is no fragment {0}."),
    (rf"Unknown directive {_N}", "没有指令 {0}。", "There is no directive {0}."),
    (
        rf"Cannot spread fragment {_N} within itself",
        "片段 {0} 循环引用。",
        "The fragment {0} contains itself.",
    ),
    (
        rf"There can be only one (?:\w+ ){{1,2}}named {_N}",
        "名称 {0} 重复。",
        "The name {0} stands there twice.",
    ),
    (
        rf"Fields {_N} conflict",
        "字段 {0} 冲突，请使用别名。",
        "The fields {0} conflict: give them aliases.",
    ),
    (r"Syntax Error", "GraphQL 语法错误。", "The document is not GraphQL: a syntax error."),
    (r"Must provide operation name", "须指定操作名。", "Say which operation of the document."),
    (
        r"Must provide|Unknown operation|The \w+ operation is not supported",
        "没有该操作。",
        "There is no such operation.",
    ),
    (
        r"Document contains more than (\d+) tokens",
        "文档超过 {0} 个词法单元。",
        "The document has more than {0} tokens.",
    ),
)
_COMPILED = tuple((re.compile(pattern), zh, en) for pattern, zh, en in _FINDINGS)

_OTHER = ("GraphQL 文档无效。", "The document is not valid here.")


def words_for(message: str, language: str) -> str:
    """The words for one finding of graphql-core, in `zh` or `en`, without any value of the client's."""
    for pattern, zh, en in _COMPILED:
        found = pattern.match(message)
        if found is not None:
            return (zh if language == "zh" else en).format(*found.groups())
    return _OTHER[0 if language == "zh" else 1]
