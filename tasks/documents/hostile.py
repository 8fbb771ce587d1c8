"""What parsers written in Python raise over bytes that are damaged or made to hurt."""

import struct
import zlib

PARSER_ERRORS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    SyntaxError,
    OSError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""Whatever of these appears, the file is at fault and is called unreadable."""
