"""What FEEL sees at one place of a form: all data, and in lists `this`, `parent` and `i`.

Numbers are Decimal there; an expression that yields nothing useful reads as None.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from forms import templates
from forms.limits import EXPRESSION_TIME
from forms.model import Component, Setting
from forms.nodes import is_expression
from forms.paths import Path, dig

Evaluate = Callable[[str, Mapping[str, object]], object]


def guarded(evaluate: Evaluate, *errors: type[Exception]) -> Evaluate:
    """An evaluator for which an expression that raises one of the errors yields None."""

    def quiet(text: str, context: Mapping[str, object]) -> object:
        try:
            return evaluate(text, context)
        except errors:
            return None

    return quiet


class Patience:
    """An evaluator with EXPRESSION_TIME for all it is asked; from then on it answers None."""

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate
        self._left = EXPRESSION_TIME.total_seconds()

    @property
    def is_over(self) -> bool:
        """Whether something was not evaluated any more, so that nothing may rest on it."""
        return self._left < 0

    def __call__(self, text: str, context: Mapping[str, object]) -> object:
        """The expression's value, while there is time."""
        if self.is_over:
            return None
        began = time.monotonic()
        try:
            return self._evaluate(text, context)
        finally:
            self._left -= time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Scope:
    """A place of the form: under `prefix`, inside the rows numbered `indexes` (from 1)."""

    root: Mapping[str, object]
    evaluate: Evaluate
    prefix: Path = ()
    this: object = None
    parent: object = None
    indexes: tuple[int, ...] = ()
    titles: tuple[str, ...] = ()  # of the rows, outermost first

    def inside(self, path: tuple[str, ...]) -> "Scope":
        """The scope of a group's components."""
        return replace(self, prefix=self.prefix + path)

    def row(self, component: Component, number: int) -> "Scope":
        """The scope of the row with this number, from 0, of a list."""
        prefix = (*self.prefix, *component.path, number)
        title = self.text(component.texts.get("label", ""))
        return replace(
            self,
            prefix=prefix,
            this=dig(self.root, prefix),
            parent=self.context(),
            indexes=(*self.indexes, number + 1),
            titles=(*self.titles, f"{title} {number + 1}".strip()),
        )

    def context(self) -> dict[str, object]:
        """The variables of an expression at this place."""
        this = self.root if self.this is None else self.this
        special = {"this": this, "parent": self.parent, "i": list(self.indexes)}
        return {**special, **self.root, **{f"_{name}_": v for name, v in special.items()}}

    def value(self, setting: Setting) -> object:
        """The setting, evaluated if it is an expression."""
        if isinstance(setting, str) and is_expression(setting):
            return self.evaluate(setting[1:], self.context())
        return setting

    def text(self, template: str, escape: templates.Escape = str) -> str:
        """The template, filled in."""
        if "{{" not in template and not is_expression(template):
            return template
        return templates.render(template, self.context(), self.evaluate, escape)
