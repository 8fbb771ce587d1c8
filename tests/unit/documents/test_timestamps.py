"""An authority on loopback stands in for one on the network."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp

from tasks.documents import keys, timestamps, trust, verification
from tasks.documents.errors import TimestampUnavailableError
from tasks.documents.keys import KeyStore
from tasks.documents.report import Verdict
from tasks.documents.timestamps import OwnTimeStamper
from tasks.documents.trust import Trust
from tests.requirements import demand
from tests.unit.documents import builders


@dataclass
class Authority:
    """What the stand-in answers with, and how it misbehaves if asked to."""

    store: KeyStore
    status: int = 200
    kind: str = "application/timestamp-reply"
    body: bytes | None = None
    forget_nonce: bool = False
    other_digest: bool = False
    asked: list[bytes] = field(default_factory=list)

    def answer(self, request: tsp.TimeStampReq) -> bytes:
        stamper = OwnTimeStamper(self.store.timestamp, self.store.root)
        info = timestamps._token_info(request["message_imprint"], stamper._certificate)
        if self.other_digest:
            info["message_imprint"]["hashed_message"] = bytes(32)
        if not self.forget_nonce:
            info["nonce"] = request["nonce"].native
        token = stamper._signed(info.dump())
        granted = {"status": {"status": "granted"}, "time_stamp_token": token}
        return tsp.TimeStampResp(granted).dump()


@contextmanager
def served(authority: Authority) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked.append(content)
            body = authority.body or authority.answer(tsp.TimeStampReq.load(content))
            self.send_response(authority.status)
            self.send_header("Content-Type", authority.kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    return keys.open(tmp_path_factory.mktemp("other"), "passphrase", "Time Authority")


def test_an_outside_authority_stamps_the_seal(store: KeyStore, other: KeyStore):
    with served(Authority(other)) as url:
        pdf = builders.sealed(builders.plain_letter(), store, url)
    report = verification.verify(pdf, trust.of(store, keys.root_pem(other)))
    stamp = report.signatures[0].timestamp
    assert report.verdict is Verdict.GENUINE
    assert stamp is not None
    assert (stamp.own, stamp.trusted) == (False, True)
    assert "Time Authority" in stamp.authority


def test_an_authority_we_do_not_know_is_reported(
    store: KeyStore, other: KeyStore, own_trust: Trust
):
    with served(Authority(other)) as url:
        pdf = builders.sealed(builders.plain_letter(), store, url)
    seal = verification.verify(pdf, own_trust).signatures[0]
    assert seal.timestamp is not None
    assert not seal.timestamp.trusted
    assert any("authority" in problem for problem in seal.problems)


def test_a_seal_asks_the_authority_once(store: KeyStore, other: KeyStore):
    authority = Authority(other)
    with served(authority) as url:
        builders.sealed(builders.plain_letter(), store, url)
    assert len(authority.asked) == 1


def test_an_outside_authority_stamps_the_customers_signature(store: KeyStore, other: KeyStore):
    with served(Authority(other)) as url:
        pdf = builders.signed(builders.plain_letter(), store, tsa_url=url).pdf
    report = verification.verify(pdf, trust.of(store, keys.root_pem(other)))
    assert report.verdict is Verdict.GENUINE
    assert [item.covers_whole_file for item in report.signatures] == [False, True]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503, "kind": "text/html", "body": b"busy"},
        {"kind": "text/plain"},
        {"body": b"nonsense"},
        {"body": bytes.fromhex("30053003020102")},
        {"body": bytes(70_000)},
        {"forget_nonce": True},
        {"other_digest": True},
    ],
    ids=",".join,
)
def test_a_useless_answer_may_be_tried_again(store: KeyStore, other: KeyStore, fault: dict):
    with served(Authority(other, **fault)) as url, pytest.raises(TimestampUnavailableError):
        builders.sealed(builders.plain_letter(), store, url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/tsa", "nonsense", "http://"])
def test_an_authority_that_is_down_may_be_tried_again(store: KeyStore, url: str):
    with pytest.raises(TimestampUnavailableError) as caught:
        builders.sealed(builders.plain_letter(), store, url)
    assert caught.value.retryable


def test_openssl_accepts_the_own_time_stamp(store: KeyStore, tmp_path: Path):
    demand("openssl")
    import hashlib
    import subprocess

    from tasks.documents import signatures

    (tmp_path / "data").write_bytes(b"stamped")
    (tmp_path / "root.pem").write_bytes(keys.root_pem(store))
    stamper = OwnTimeStamper(store.timestamp, store.root)
    digest = hashlib.sha256(b"stamped").digest()
    token = signatures.run(stamper.async_timestamp(digest, "sha256"))
    (tmp_path / "token").write_bytes(token.dump())
    command = ["openssl", "ts", "-verify", "-data", "data", "-in", "token", "-token_in"]
    command += ["-CAfile", "root.pem"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in result.stdout + result.stderr
