"""The container files name only settings and commands that exist. No container is started here."""

import re
from pathlib import Path

import pytest

from engine import settings
from web.cli import cli

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
IGNORED = (ROOT / ".dockerignore").read_text().split("\n")

SETTINGS = {setting.variable: setting for _, setting in settings.declared()}
FOREIGN = {"PATH", "PYTHONUNBUFFERED"}  # read by others than the product
VARIABLE = r"[A-Z][A-Z0-9_]+"


def blocks(text, indent):
    """The named blocks that begin with exactly so many blanks."""
    pad = " " * indent
    parts = re.split(rf"^{pad}([\w-]+):(?=\s|$)", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


TOP = blocks(COMPOSE, 0)
SERVICES = blocks(TOP["services"], 2)
OURS = {name: text for name, text in SERVICES.items() if "<<: *turnaround" in text}
TOLD = dict(re.findall(rf"^  ({VARIABLE}):[ ]?(.*)$", TOP["x-settings"], re.MULTILINE))
IMAGE = dict(re.findall(rf"({VARIABLE})=(\S+)", DOCKERFILE.split("\nENV ")[1].split("USER")[0]))


def commands_of(text):
    return re.findall(r'^    command: \["([\w-]+)"\]$', text, re.MULTILINE)


def test_the_product_runs_in_its_parts():
    assert OURS.keys() == {"migrate", "web", "worker", "scheduler"}
    assert SERVICES.keys() - OURS.keys() == {"database", "broker"}


@pytest.mark.parametrize("service", sorted(OURS))
def test_each_part_runs_the_command_of_its_name(service):
    assert commands_of(OURS[service]) == [service]
    assert service in cli.commands


def test_the_image_runs_a_command_that_exists():
    assert 'ENTRYPOINT ["turnaround"]' in DOCKERFILE
    (command,) = re.findall(r'^CMD \["([\w-]+)"\]$', DOCKERFILE, re.MULTILINE)
    assert command in cli.commands


def test_every_variable_is_a_setting():
    assert TOLD.keys() <= SETTINGS.keys()
    assert IMAGE.keys() - FOREIGN <= SETTINGS.keys()


def test_each_part_is_told_the_same():
    assert all("environment: *settings" in text for text in OURS.values())


def test_what_is_asked_of_the_operator_is_a_setting_or_the_databases_password():
    asked = set(re.findall(rf"\$\{{({VARIABLE})", COMPOSE))
    assert asked - {"POSTGRES_PASSWORD"} <= SETTINGS.keys()
    assert asked <= set(re.findall(rf"^#\s+({VARIABLE})=", COMPOSE, re.MULTILINE)) | {
        "TRUSTED_PROXIES"
    }


def test_what_the_parts_are_told_is_understood(tmp_path):
    passphrase = tmp_path / "key_passphrase"
    passphrase.write_text("a passphrase of an operator\n")
    given = {"PUBLIC_URL": "https://example.org", "PROVIDER_EMAIL": "care@example.org"}
    told = {name: filled(value, given.get(name, "x" * 16)) for name, value in TOLD.items()}
    told |= {"TURNAROUND_KEY_PASSPHRASE_FILE": str(passphrase)}
    loaded = settings.load({**IMAGE, **told, "TURNAROUND_DATA": str(tmp_path / "data")})
    assert loaded.database_url.startswith("postgresql+psycopg://turnaround:")
    assert loaded.broker_url.startswith("redis://broker:")
    assert not loaded.demo


def filled(value, given):
    """A value as Compose makes it of the operator's answers."""
    if ":-" in value:
        return re.sub(r"\$\{\w+:-(\w+)\}", r"\1", value)
    return re.sub(r"\$\{[^}]+\}", given, value)


def test_the_passphrase_is_a_secret_outside_the_data_folder():
    place = Path(TOLD["TURNAROUND_KEY_PASSPHRASE_FILE"])
    assert place == Path("/run/secrets/key_passphrase")
    assert not place.is_relative_to(IMAGE["TURNAROUND_DATA"])
    assert "key_passphrase" in blocks(TOP["secrets"], 2)
    assert "data:/data" in TOP["x-turnaround"]


def test_no_secret_is_written_down():
    written = {**TOLD, **IMAGE}
    secret = {name for name in written if SETTINGS.get(name) and SETTINGS[name].secret}
    plain = {name for name in secret if re.sub(r"\$\{[^}]+\}", "", written[name])}
    assert plain <= {"DATABASE_URL", "BROKER_URL"}
    assert ":${POSTGRES_PASSWORD" in written["DATABASE_URL"]


def test_the_image_runs_without_privileges():
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "\nUSER turnaround\n" in last_stage
    assert "no-new-privileges" in TOP["x-turnaround"]


def test_the_running_image_holds_no_node():
    build, _, run = DOCKERFILE.rpartition("\nFROM ")
    assert "requirements-build.lock" in build
    assert "requirements" not in run


def test_the_web_is_healthy_when_it_is_ready():
    assert f"http://127.0.0.1:{IMAGE['PORT']}/readyz" in SERVICES["web"]
    assert all("healthcheck:" in SERVICES[name] for name in ("database", "broker"))


def test_the_parts_wait_for_the_migrations():
    for name in OURS.keys() - {"migrate"}:
        assert "migrate: { condition: service_completed_successfully }" in OURS[name]


def test_the_build_is_given_what_it_copies_and_no_data():
    allowed = {line.removeprefix("!") for line in IGNORED if line.startswith("!")}
    assert "*" in IGNORED
    assert allowed >= {"engine", "forms", "processes", "tasks", "web", "pyproject.toml"}
    assert all((ROOT / name).exists() for name in allowed)


def test_no_package_host_is_named():
    for text in (COMPOSE, DOCKERFILE):
        hosts = set(re.findall(r"https?://([\w.-]+)", text))
        assert hosts <= {"127.0.0.1", "..."}
        assert not re.search(r"--(extra-)?index-url|^(FROM|\s+image:) \S+\.\S+/", text)
