"""The public conformance cases of DMN, level 2 and 3; those known to fail are pinned by name.

A case that newly fails breaks this test, and so does one that newly passes: unpin it then.
"""

import pytest

from tests.unit.feel import conformance

# No function of a host language can be called from a model: these are null here, by design.
JAVA = {
    *("boxed_001", "literal_001", "literal_002", "literal_003", "literal_004", "literal_005"),
    *("literal_006", "literal_007", "literal_008", "literal_009", "literal_010"),
    *("literal_011", "literal_012", "varargs_001"),
}
# Years beyond 1 to 9999 and nanoseconds are outside the calendar of the platform.
FAR_DATES = {"015_1dd66594cf", "016_31f3fef4a0", "029_88f5c7c90f", "030_9184a7bfc3"}
FINE_TIMES = {
    *("011_eec2d5bdcd", "012_225a105eef", "026_5ba081cd5f", "027_ae365197dd", "028_1c3d56275f"),
    *("033_2fac4d6807", "040_d9116e1daa", "047_60ea7838ce", "054_2561a406fc"),
}
# Equality that forgets fractions below a millisecond; `(=10)` and `(!=10)` as kinds of range.
EQUALITY = {"time_005", "datetime_003_a", "range_010", "range_012"}
# A built-in function handed over as an argument.
LAMBDA = {"014"}

KNOWN_TO_FAIL = {
    f"3/{folder}/01/{case}"
    for folder, cases in {
        "0068-feel-equality": EQUALITY,
        "0076-feel-external-java": JAVA,
        "0092-feel-lambda": LAMBDA,
        "1115-feel-date-function": FAR_DATES,
        "1117-feel-date-and-time-function": FINE_TIMES,
    }.items()
    for case in cases
}
CASES = list(conformance.cases())

pytestmark = pytest.mark.skipif(
    not CASES, reason=f"The conformance cases are not at {conformance.FOLDER}"
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_passes_unless_it_is_known_to_fail(case: conformance.Case) -> None:
    failures = case.failures()
    assert bool(failures) == (case.id in KNOWN_TO_FAIL), failures


def test_every_pinned_case_exists() -> None:
    assert {case.id for case in CASES} >= KNOWN_TO_FAIL
