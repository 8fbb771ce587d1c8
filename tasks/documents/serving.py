"""The inside of a separate process: answers one message after another, under hard limits.

It ends when its input ends, as it does when the parent dies, and by its own alarm when a message
takes too long; so whatever hostile bytes do, they do it to this process alone.
"""

import json
import resource
import signal
import struct
import sys
from collections.abc import Callable, Mapping
from datetime import datetime

FRAME = struct.Struct(">II")
"""The lengths of a message's two parts: facts in JSON, and bytes as they are."""
FILE_BYTES = 64 * 1024**2
OPEN_FILES = 128

Message = tuple[Mapping[str, object], bytes]


def serve(answer: Callable[[Mapping[str, object], bytes], Message], memory: int) -> None:
    """Answer messages until the input ends, with at most `memory` bytes of address space."""
    _limit(memory)
    while (message := _receive()) is not None:
        facts, data = message
        # The default action of this signal ends the process, whatever it is busy with.
        signal.setitimer(signal.ITIMER_REAL, float(str(facts["seconds"])))
        reply = packed(*answer(facts, data))
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.buffer.write(reply)
        sys.stdout.buffer.flush()


def packed(facts: Mapping[str, object], data: bytes = b"") -> bytes:
    """One message for the pipe; times travel as ISO 8601."""
    head = json.dumps(facts, default=datetime.isoformat).encode()
    return FRAME.pack(len(head), len(data)) + head + data


def _receive() -> Message | None:
    frame = sys.stdin.buffer.read(FRAME.size)
    if len(frame) < FRAME.size:
        return None
    head, body = FRAME.unpack(frame)
    return json.loads(sys.stdin.buffer.read(head)), sys.stdin.buffer.read(body)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
