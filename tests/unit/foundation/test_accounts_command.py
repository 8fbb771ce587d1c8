"""Accounts from the command line: what is refused before any database is asked."""

import pytest
from click.testing import CliRunner

from engine.errors import InvalidError
from web import cli


def run(*arguments: str) -> object:
    return CliRunner().invoke(cli.cli, ["account", *arguments], input="long enough\n")


def test_an_account_needs_a_role():
    result = run("create", "sample")
    assert result.exit_code == 2
    assert "--role" in result.output


def test_an_unknown_role_is_answered_with_those_there_are():
    result = run("create", "sample", "--role", "king")
    assert result.exit_code == 2
    assert "executive" in result.output


def test_a_name_of_blanks_is_refused():
    result = run("create", "  ", "--role", "executive", "--password-stdin")
    with pytest.raises(InvalidError, match="needs a name"):
        raise result.exception


def test_a_password_typed_differently_is_asked_again_and_never_shown():
    typed = "long enough\nlong enuogh\n"
    result = CliRunner().invoke(
        cli.cli, ["account", "create", "sample", "--role", "executive"], input=typed
    )
    assert "do not match" in result.output
    assert "long en" not in result.output
