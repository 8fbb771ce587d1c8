"""Request numbers and customer identification numbers.

A number is eight random symbols of Crockford's base 32 and one check symbol of the same
alphabet (ISO/IEC 7064, hybrid system MOD N+1,N with N = 32). It can be read over the phone,
typed in any case, with or without hyphens, and tells nothing about how many there are.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: without I, L, O, U
RANDOM_SYMBOLS = 8
GROUP = 4
CIN_PREFIX = "C"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_SEPARATORS = str.maketrans("", "", " -–—.\t\u00a0\u200b\u200e\u200f")


def request_number() -> str:
    """A fresh number in its stored form: nine symbols, no hyphens."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_SYMBOLS))
    return symbols + check_symbol(symbols)


def cin() -> str:
    """A fresh customer identification number: `C` before a number."""
    return CIN_PREFIX + request_number()


def display(number: str) -> str:
    """The number grouped for the ear: `7KQ4-M2ZX-P`."""
    prefix, symbols = (
        (number[:1] + "-", number[1:]) if len(number) > RANDOM_SYMBOLS + 1 else ("", number)
    )
    return prefix + "-".join(
        symbols[start : start + GROUP] for start in range(0, len(symbols), GROUP)
    )


def normalise(text: str) -> str | None:
    """The stored form of what somebody typed; None if it cannot be a number of ours."""
    if len(text) > 10 * RANDOM_SYMBOLS:
        return None
    symbols = text.translate(_SEPARATORS).upper().translate(_LOOKALIKES)
    if len(symbols) != RANDOM_SYMBOLS + 1 or not set(symbols) <= set(ALPHABET):
        return None
    return symbols if check_symbol(symbols[:-1]) == symbols[-1] else None


def check_symbol(symbols: str) -> str:
    """The check symbol of ISO/IEC 7064 MOD 33,32: finds every single wrong symbol."""
    size = len(ALPHABET)
    product = size
    for symbol in symbols:
        total = (product + ALPHABET.index(symbol)) % size or size
        product = total * 2 % (size + 1)
    return ALPHABET[(size + 1 - product) % size]
