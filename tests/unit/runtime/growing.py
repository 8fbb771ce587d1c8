"""Grows random well-structured diagrams: each block has one way in and one way out."""

from dataclasses import dataclass, field
from random import Random

from tests.unit.runtime import drawing
from tests.unit.runtime.drawing import end, gateway, job, message, node, script, start, sub, user

HEAD = '<bpmn:message id="m" name="paid"/>'
LEAVES = ("person", "machine", "sum")
BLOCKS = (*LEAVES, "row", "choice", "all", "some", "loop", "inside", "watched", "first", "many")
NESTING = BLOCKS[len(LEAVES) :]
GATEWAYS = {"choice": "exclusiveGateway", "all": "parallelGateway", "some": "inclusiveGateway"}
MANY = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{}"><bpmn:loopCardinality>2'
    "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
)


@dataclass
class Block:
    lines: list[str]
    first: str
    last: str
    flows: list[str] = field(default_factory=list)


class Gardener:
    def __init__(self, seed):
        self.random = Random(seed)
        self.count = 0

    def diagram(self):
        block = self._row(4, "")
        flow = "; ".join((*block.flows, f"begin > {block.first}", f"{block.last} > end"))
        return drawing.files(start(), *block.lines, end(), flow=flow, head=HEAD)

    def block(self, depth):
        kind = self.random.choice(BLOCKS if depth < 2 else NESTING) if depth else "person"
        return getattr(self, f"_{kind}", self._branches)(depth, kind)

    def _new(self):
        self.count += 1
        return f"n{self.count}"

    def _leaf(self, draw):
        name = self._new()
        return Block([draw(name)], name, name)

    def _person(self, *_):
        return self._leaf(user)

    def _machine(self, *_):
        return self._leaf(lambda name: job(name, "notify", to="n"))

    def _sum(self, *_):
        return self._leaf(lambda name: script(name, "n + 1", "n"))

    def _many(self, *_):
        sequential = self.random.choice(("true", "false"))
        return self._leaf(lambda name: user(name, MANY.format(sequential)))

    def _row(self, depth, _):
        one, two = self.block(depth - 1), self.block(depth - 1)
        flows = [*one.flows, *two.flows, f"{one.last} > {two.first}"]
        return Block(one.lines + two.lines, one.first, two.last, flows)

    def _branches(self, depth, kind):
        fork, join = self._new(), self._new()
        blocks = [self.block(depth - 1) for _ in range(self.random.choice((2, 3)))]
        default = "" if kind == "all" else blocks[0].first
        whole = Block(
            [gateway(fork, default, GATEWAYS[kind]), gateway(join, kind=GATEWAYS[kind])],
            fork,
            join,
        )
        for number, block in enumerate(blocks):
            mark = "" if kind == "all" else "*" if number == 0 else f"[x{number}]"
            whole.lines += block.lines
            whole.flows += [
                *block.flows,
                f"{fork} {mark}> {block.first}",
                f"{block.last} > {join}",
            ]
        return whole

    def _loop(self, depth, _):
        merge, turn, out = self._new(), self._new(), self._new()
        body = self.block(depth - 1)
        pause = self._person()  # A loop without rest is no loop that may run.
        lines = [*body.lines, *pause.lines, gateway(merge), gateway(turn, out), node("task", out)]
        flows = [
            *body.flows,
            f"{merge} > {body.first}",
            f"{body.last} > {pause.first}",
            f"{pause.last} > {turn} [again]> {merge}",
            f"{turn} *> {out}",
        ]
        return Block(lines, merge, out, flows)

    def _inside(self, depth, _):
        name, begin, stop = self._new(), self._new(), self._new()
        body = self.block(depth - 1)
        event = self.random.choice(("", "<bpmn:terminateEventDefinition/>"))
        flow = "; ".join((*body.flows, f"{begin} > {body.first}", f"{body.last} > {stop}"))
        return Block(
            [sub(name, start(begin), *body.lines, end(stop, event), flow=flow)], name, name
        )

    def _watched(self, depth, _):
        host, merge = self._inside(depth, ""), self._new()
        whole = Block([*host.lines, gateway(merge)], host.first, merge, [f"{host.last} > {merge}"])
        for _ in range(self.random.choice((1, 2))):
            self._watch(whole, host.first, self.block(depth - 1))
        return whole

    def _watch(self, whole, host, branch):
        name, interrupting = self._new(), self.random.random() < 0.4
        kind = (
            "timeDuration" if interrupting else self.random.choice(("timeDuration", "timeCycle"))
        )
        event = drawing.timer("R/PT1H" if kind == "timeCycle" else "PT1H", kind)
        whole.lines += [drawing.boundary(name, host, event, interrupting=interrupting)]
        whole.lines += branch.lines
        target = whole.last if interrupting else self._new()
        if not interrupting:
            whole.lines.append(end(target))
        whole.flows += [*branch.flows, f"{name} > {branch.first}", f"{branch.last} > {target}"]

    def _first(self, *_):
        fork, late, paid, merge = (self._new() for _ in range(4))
        lines = [
            gateway(fork, kind="eventBasedGateway"),
            gateway(merge),
            node("intermediateCatchEvent", late, drawing.timer("PT1H")),
            node("intermediateCatchEvent", paid, message("m")),
        ]
        return Block(
            lines, fork, merge, [f"{fork} > {late} > {merge}", f"{fork} > {paid} > {merge}"]
        )
