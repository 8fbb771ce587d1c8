"""The built-in functions of the language (DMN 1.5, 10.3.4), by kind of their subject."""

from engine.feel.library import (
    contexts,
    dates,
    lists,
    numbers,
    patterns,
    ranges,
    statistics,
    strings,
)
from engine.feel.library.registry import call, find, function_names

MODULES = (contexts, dates, lists, numbers, patterns, ranges, statistics, strings)

__all__ = ["MODULES", "call", "find", "function_names"]
