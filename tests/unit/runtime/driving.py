"""Drives one instance through its steps, with the state stored as text in between."""

import json

from engine import runtime


class Case:
    def __init__(self, spec, variables=None, functions=None):
        self.spec = spec
        self.functions = functions or {}
        self.step = runtime.start(spec, variables or {}, self.functions)
        self.passages = list(self.step.passages)

    def wait(self, element_id):
        return next(wait for wait in self.step.waits if wait.element_id == element_id)

    def waits(self):
        return sorted(wait.element_id for wait in self.step.waits)

    def complete(self, element_id, **output):
        return self._do(runtime.complete, element_id, output)

    def fire(self, element_id):
        return self._do(runtime.fire, element_id)

    def receive(self, element_id, **payload):
        return self._do(runtime.receive, element_id, payload)

    def fail(self, element_id, code):
        return self._do(runtime.throw_error, element_id, code, "because")

    def redue(self, element_id, moment):
        return self._do(runtime.redue, element_id, moment)

    def events(self, event):
        return sorted(p.element_id for p in self.step.passages if p.event == event)

    @property
    def variables(self):
        return self.step.variables

    def _do(self, verb, element_id, *rest):
        state = json.loads(json.dumps(self.step.state))
        token = self.wait(element_id).token_id
        self.step = verb(self.spec, state, token, *rest, self.functions)
        self.passages += self.step.passages
        return self
