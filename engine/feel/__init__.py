"""FEEL, the expression language of DMN 1.5 (chapter 10): pure, limited, nothing of Python in it.

A wrong type gives null and no error, as the standard says; only a text that is no FEEL, or one
that wants more than its limits, raises. Times come from engine.clock.
"""

from engine.feel.errors import FeelError, FeelLimitError, FeelSyntaxError
from engine.feel.expressions import (
    Expression,
    evaluate,
    unary_test,
)
from engine.feel.expressions import compile_tests as compile_tests
from engine.feel.expressions import compile_text as compile  # noqa: A004 -- called feel.compile
from engine.feel.expressions import variable_names as names
from engine.feel.library import function_names
from engine.feel.values import Function, Range, Value, YearsMonths, from_json, to_json

__all__ = [
    "Expression",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "Function",
    "Range",
    "Value",
    "YearsMonths",
    "compile",
    "compile_tests",
    "evaluate",
    "from_json",
    "function_names",
    "names",
    "to_json",
    "unary_test",
]
