"""Messages of a hostile bundle: refused at once, whatever they would have cost."""

import pytest

from engine.cases import sandbox
from engine.cases.sandbox import MessageTemplateError

VALUES = {"text": "x" * 20_000, "rows": [{"a": "b"}] * 100, "small": ["a", "b"]}
LOOPS = "{% for a in text %}{% for b in text %}{% endfor %}{% endfor %}"

HOSTILE = {
    "doubled names": "{% set x = 'ab' %}" + "{% set x = x ~ x %}" * 40 + "{{ x|length }}",
    "doubled blocks": "{% set x %}ab{% endset %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 40,
    "names by with": "{% with x = text ~ text %}{{ x|length }}{% endwith %}",
    "replaced": "{{ text|replace('x', text)|length }}",
    "replaced twice": "{{ text|replace('x', text|replace('x', text))|length }}",
    "joined": "{{ text|join(text)|length }}",
    "concatenated": "{% if " + "text ~ " * 100 + "text %}{% endif %}",
    "added": "{% if " + "text + " * 100 + "text %}{% endif %}",
    "rounded": "{{ 1.5|round(1000000000, 'ceil') }}",
    "rounded far": "{{ 1.5|round(1000000000) }}",
    "macro": "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(24) }}",
    "recursive": "{% for a in rows recursive %}{{ loop(rows) }}{% endfor %}",
    "loops": LOOPS,
    "loops over what is filtered": "{% for a in text if false %}{% endfor %}",
    "listed lists": "{% for a in [rows, rows] %}{{ a }}{% endfor %}",
    "chained": "{{ text" + "|forceescape" * 50 + " }}",
    "dictionary": "{{ {'a': text} }}",
    "filter block": "{% filter upper %}{{ text }}{% endfilter %}",
    "format": "{{ 'a{0.__class__}'.format(text) }}",
    "attribute filter": "{{ rows|map('x') }}",
    "joined attributes": "{{ small|join(',', '__class__') }}",
    "attribute by name": "{{ small['__class__'] }}",
    "mapping's method": "{{ rows[0].items() }}",
    "autoescape": "{% autoescape false %}{{ text }}{% endautoescape %}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_refused(name):
    with pytest.raises(MessageTemplateError):
        sandbox.fill(HOSTILE[name], VALUES, locale="en")


@pytest.mark.parametrize("name", ["doubled names", "macro", "recursive", "chained", "dictionary"])
def test_a_message_that_may_not_be_is_refused_at_the_gate(name):
    assert "not for messages" in sandbox.check(HOSTILE[name])


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (
            "{% for row in rows[:2] %}{{ row.a }}{{ ',' if not loop.last }}{% endfor %}",
            "b,b",
        ),
        ("{{ 'a' ~ small[0] ~ 1 }}", "aa1"),
        ("{{ small|join(' and ') }}", "a and b"),
        ("{{ 'a' + 'b' }}{{ 1 + 2 * 3 }}", "ab7"),
        ("{{ 'a.b'|replace('.', '-') }}", "a-b"),
        ("{{ 1.256|round(2) }}", "1.26"),
        ("{% if 'a' in ['a', 'b'] %}yes{% elif small %}no{% else %}-{% endif %}", "yes"),
        ("{% for row in rows if row.b is defined %}x{% else %}none{% endfor %}", "none"),
    ],
)
def test_what_honest_messages_say_is_written(template, text):
    assert sandbox.fill(template, VALUES, locale="en") == text


def test_concatenated_values_stay_escaped_in_html():
    values = {"name": "<b>"}
    assert sandbox.fill("{{ 'a' ~ name }}", values, locale="en", html=True) == "a&lt;b&gt;"
    assert sandbox.fill("{{ ['x']|join(name) }}{{ name }}", values, locale="en", html=True) == (
        "x&lt;b&gt;"
    )
