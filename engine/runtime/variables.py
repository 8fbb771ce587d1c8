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
   activity collects an output, what they write, to themselves.
"""

from collections.abc import Mapping
from typing import Any

SCOPE = "$branch"  # path of side branches of a token, outermost first, joined by a slash
LOCAL = "$local"  # set on tokens of a multi-instance that collects its output


class Variables:
    """The variables of one instance, read and written from the place of a token."""

    def __init__(
        self,
        main: Mapping[str, object] | None = None,
        branches: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        self.main = dict(main or {})
        self.branches = {name: dict(values) for name, values in (branches or {}).items()}

    def everything(self) -> dict[str, object]:
        """The set, and each side branch's context under the name of its boundary event."""
        return {**self.branches, **self.main}

    def seen_from(self, task: Any) -> dict[str, object]:
        """What an expression at this token reads; nearer values hide farther ones."""
        seen: dict[str, object] = {**self.branches, **self.main}
        for branch in _path(task):
            seen.update(self.branches.get(branch, {}))
        if task.data:
            seen.update((k, v) for k, v in task.data.items() if not k.startswith("$"))
        return seen

    def write(self, task: Any, values: Mapping[str, object]) -> None:
        """Write where this token may: its instance of a loop, its side branch, or the set."""
        path = _path(task)
        if task.data.get(LOCAL):
            task.data.update(values)
        elif path:
            self.branches.setdefault(path[-1], {}).update(values)
        else:
            self.main.update(values)


def _path(task: Any) -> list[str]:
    path = task.data.get(SCOPE)
    return path.split("/") if path else []
