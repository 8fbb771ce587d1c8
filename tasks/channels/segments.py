"""How many parts an SMS is sent in: 3GPP TS 23.038 (alphabets), TS 23.040 (concatenation)."""

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_EXTENSION = frozenset("^{}\\[~]|€\f")  # each takes an escape as well

SINGLE_GSM, PART_GSM = 160, 153  # septets
SINGLE_UCS, PART_UCS = 70, 67  # UTF-16 units


def is_gsm(text: str) -> bool:
    """Whether the text fits the 7-bit alphabet."""
    return set(text) <= GSM_7 | GSM_7_EXTENSION


def count(text: str) -> int:
    """The number of parts; an escape and its symbol, or a surrogate pair, stay in one part."""
    if is_gsm(text):
        sizes = [2 if symbol in GSM_7_EXTENSION else 1 for symbol in text]
        single, part = SINGLE_GSM, PART_GSM
    else:
        sizes = [len(symbol.encode("utf-16-le")) // 2 for symbol in text]
        single, part = SINGLE_UCS, PART_UCS
    return 1 if sum(sizes) <= single else _parts(sizes, part)


def _parts(sizes: list[int], capacity: int) -> int:
    parts, used = 1, 0
    for size in sizes:
        if used + size > capacity:
            parts, used = parts + 1, 0
        used += size
    return parts
