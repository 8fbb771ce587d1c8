"""Settings: read once, all faults at once, no secret shown."""

from pathlib import Path

import pytest

from engine import settings

GOOD_PASSPHRASE = "correct horse battery"


def load(folder: Path, **environ: str) -> settings.Settings:
    return settings.load({"TURNAROUND_DATA": str(folder), "TURNAROUND_DEMO": "1"} | environ)


def faults(folder: Path, **environ: str) -> tuple[str, ...]:
    with pytest.raises(settings.SettingsError) as refused:
        load(folder, **environ)
    return refused.value.faults


def test_a_demo_needs_nothing_but_a_folder(tmp_path):
    loaded = load(tmp_path)
    assert (loaded.host, loaded.port, loaded.database_url) == ("127.0.0.1", 8000, None)
    assert loaded.public_url == "http://127.0.0.1:8000"


def test_all_faults_are_reported_at_once_with_their_variables(tmp_path):
    found = faults(tmp_path, PORT="eighty", MAIL_URL="post://x", TURNAROUND_DEMO="0")
    named = [fault.split(":")[0] for fault in found]
    assert named == ["MAIL_URL", "PORT", "TURNAROUND_KEY_PASSPHRASE"]


def test_a_fault_never_repeats_what_was_written(tmp_path):
    found = faults(tmp_path, DATABASE_URL="mysql://root:hunter2@db/x")
    assert "hunter2" not in "".join(found)


def test_an_empty_variable_counts_as_unset(tmp_path):
    assert load(tmp_path, PORT="").port == 8000


def test_made_secrets_are_private_and_stay_the_same(tmp_path):
    first, second = load(tmp_path), load(tmp_path)
    assert first.secret_key == second.secret_key
    kept = tmp_path / "secrets" / "secret_key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text().strip() == first.secret_key


def test_a_demo_keeps_its_password_where_the_start_can_point_to(tmp_path):
    loaded = load(tmp_path)
    assert (tmp_path / "secrets" / "demo_password").read_text().strip() == loaded.demo_password


def test_production_has_no_demo_password(tmp_path):
    loaded = load(tmp_path, TURNAROUND_DEMO="0", TURNAROUND_KEY_PASSPHRASE=GOOD_PASSPHRASE)
    assert loaded.demo_password is None


def test_the_passphrase_is_read_from_a_file_outside_the_data_folder(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text(GOOD_PASSPHRASE + "\n")
    loaded = load(tmp_path / "var", TURNAROUND_DEMO="0", TURNAROUND_KEY_PASSPHRASE_FILE=str(path))
    assert loaded.key_passphrase == GOOD_PASSPHRASE


def test_a_passphrase_file_inside_the_data_folder_is_refused(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text(GOOD_PASSPHRASE)
    (fault,) = faults(tmp_path, TURNAROUND_KEY_PASSPHRASE_FILE=str(path))
    assert "outside the data folder" in fault


def test_no_secret_stands_in_the_representation(tmp_path):
    loaded = load(
        tmp_path,
        DATABASE_URL="postgresql://app:hunter2@db/turnaround",
        MAIL_URL="smtp://me:hunter2@mail.example",
        MAIL_FROM="a@example.org",
    )
    assert "hunter2" not in repr(loaded)
    assert loaded.secret_key not in repr(loaded)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_database_url_becomes_the_one_sqlalchemy_wants(tmp_path, scheme):
    loaded = load(tmp_path, DATABASE_URL=f"{scheme}://app:pw@db:5433/turnaround")
    assert loaded.database_url == "postgresql+psycopg://app:pw@db:5433/turnaround"


@pytest.mark.parametrize(
    ("url", "port", "security"),
    [
        ("smtp://mail.example", 25, settings.MailSecurity.NONE),
        ("smtps://mail.example", 465, settings.MailSecurity.TLS),
        ("smtp+starttls://u:p%40@mail.example", 587, settings.MailSecurity.STARTTLS),
    ],
)
def test_a_mail_url_says_server_port_and_protection(tmp_path, url, port, security):
    mail = load(tmp_path, MAIL_URL=url, MAIL_FROM="a@example.org").mail
    assert mail is not None
    assert (mail.host, mail.port, mail.security) == ("mail.example", port, security)


def test_a_mail_server_without_a_sender_is_a_fault(tmp_path):
    (fault,) = faults(tmp_path, MAIL_URL="smtp://mail.example")
    assert fault.startswith("MAIL_FROM:")


@pytest.mark.parametrize(
    ("variable", "written"),
    [
        ("TURNAROUND_DEMO", "yes"),
        ("PROVIDER_TIMEZONE", "Mars/Olympus"),
        ("DEFAULT_LOCALE", "English"),
        ("LOG_FORMAT", "xml"),
        ("PUBLIC_URL", "example.org"),
        ("BROKER_URL", "kafka://x"),
        ("WORKER_THREADS", "0"),
        ("DATABASE_URL", "postgresql://host"),
        ("MAIL_FROM", "nobody"),
        ("PROVIDER_LOGO", "/no/such/logo.svg"),
    ],
)
def test_a_malformed_setting_is_named(tmp_path, variable, written):
    found = faults(tmp_path, **{variable: written})
    assert [fault for fault in found if fault.startswith(f"{variable}: ")]


def test_every_setting_says_what_it_means_and_what_holds_without_it():
    assert all(setting.meaning and setting.without for _, setting in settings.declared())


def test_a_data_folder_that_cannot_be_written_is_a_fault(tmp_path):
    (tmp_path / "secrets").write_text("a file where a folder should be")
    (fault,) = faults(tmp_path)
    assert "TURNAROUND_DATA" in fault
