"""Limits on definitions and on what is posted, so that neither can exhaust the server."""

from datetime import timedelta

# Of a definition.
SCHEMA_BYTES = 1_000_000
SCHEMA_VERSION = 19
COMPONENTS = 500
DEPTH = 8
OPTIONS = 1_000
PATTERN_LENGTH = 500
PATTERN_REPEATS = 100_000  # the product of its least counts
SETTING_LENGTH = 20_000

# Of a post.
POSTED_KEYS = 2_000
VALUES_PER_KEY = 1_000
ROWS = 100
ROW_DIGITS = 5  # a longer number of rows is no number of rows
ROWS_IN_ALL = 500
TEXTFIELD_LENGTH = 4_000
TEXTAREA_LENGTH = 20_000
TEXT_READ = 50_000  # more of one value is not even looked at
DIGITS = 34
EXPONENT = 400  # a computed number beyond 10 to this is not written out
FILES = 100
REFERENCE_LENGTH = 200

# Of what is computed and shown.
ROUNDS = 10
TABLE_ROWS = 500
TABLE_COLUMNS = 50
PATTERN_TIME = timedelta(milliseconds=100)
EXPRESSION_TIME = timedelta(seconds=5)  # of all expressions of a page; the rest is left
SLOW_ANSWERS = 3  # after so many that ran out of time the rest is not judged
