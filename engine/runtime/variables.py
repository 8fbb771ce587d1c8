"""Variables of an instance: one set for all, and a place of its own for each side branch.

SpiffWorkflow copies data from token to token and merges copies at joins; here its tokens
carry no data. The rules instead:

1. An instance has one set of variables. What an element writes is there for every element
   from then on, on all paths and at all depths; the last writer of a name wins.
2. A side branch, begun by a non-interrupting boundary event, reads everything but never
   writes into that set: its variables lie in a context named after the boundary event, which
   all others read as `<event id>.<name>` while the branch itself reads `<name>`. So it loses
   nothing and overwrites nothing, and its context stays when the branch is cancelled.
   Rounds of one cycle share the context.
3. Instances of a multi-instance activity keep their item, their `loopCounter` and, where the
   activity collects an output, what they write, to themselves, until they are over.

A token carries only the path of contexts it lies in, outermost first: ids of boundary events,
and for instances of loops a mark and the token's id.
"""

from collections.abc import Collection, Mapping
from typing import Any

SCOPE = "$scope"
OWN = "#"  # an instance that keeps what it writes
SEEN = "@"  # an instance that writes outside itself


class Variables:
    """The variables of one instance, read and written from the place of a token."""

    def __init__(
        self,
        main: Mapping[str, object] | None = None,
        contexts: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        self.main = dict(main or {})
        self.contexts = {name: dict(values) for name, values in (contexts or {}).items()}

    def everything(self) -> dict[str, object]:
        """The set, and each side branch's context under the name of its boundary event."""
        branches = {k: v for k, v in self.contexts.items() if not k.startswith((OWN, SEEN))}
        return {**branches, **self.main}

    def seen_from(self, task: Any) -> dict[str, object]:
        """What an expression at this token reads; nearer values hide farther ones."""
        seen = self.everything()
        for name in path(task):
            seen.update(self.contexts.get(name, {}))
        return seen

    def write(self, task: Any, values: Mapping[str, object]) -> None:
        """Write where this token may: its instance of a loop, its side branch, or the set."""
        for name in reversed(path(task)):
            if not name.startswith(SEEN):
                self.contexts.setdefault(name, {}).update(values)
                return
        self.main.update(values)

    def enclose(self, task: Any, mark: str, values: Mapping[str, object]) -> None:
        """Give an instance of a loop a context of its own."""
        self.contexts[f"{mark}{task.id}"] = dict(values)
        task.data[SCOPE] = "/".join((*path(task), f"{mark}{task.id}"))

    def forget(self, alive: Collection[str]) -> None:
        """Drop the contexts of instances whose tokens are no more."""
        for name in [name for name in self.contexts if name.startswith((OWN, SEEN))]:
            if name[1:] not in alive:
                del self.contexts[name]


def path(task: Any) -> tuple[str, ...]:
    """The contexts a token lies in, outermost first."""
    found: str | None = task.data.get(SCOPE)
    return tuple(found.split("/")) if found else ()
