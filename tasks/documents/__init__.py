"""Documents: made by typst, sealed and judged by pyHanko, taken in with care.

Everything here works on bytes and files alone; it knows no database, no request and no queue.
"""
