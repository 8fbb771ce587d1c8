"""Where the time in a signature comes from: an authority on the network, or our own clock.

Our own stamp proves no more than that the organisation says so; its certificate states that.
"""

import functools
import hashlib
import secrets

import httpx
from asn1crypto import cms, parser, tsp
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.timestamps import TimeStamper

from engine import clock
from tasks.documents.certificates import POLICIES, Credential, Role
from tasks.documents.errors import TimestampUnavailableError
from tasks.documents.keys import KeyStore

TIMEOUT = httpx.Timeout(10.0)
REPLY_TYPE = "application/timestamp-reply"
MAX_REPLY_BYTES = 64 * 1024
OWN_RESERVE = 2 * 7 * 1024
"""Room for a signature with our token, in hexadecimal digits. Measuring it with a trial
signature, as pyHanko would, doubles the cost, and some trials take seconds."""
REMOTE_RESERVE = 2 * 20 * 1024
"""As OWN_RESERVE; an outside authority may send along a long chain of certificates."""


def stamper(store: KeyStore, url: str | None) -> "Stamper":
    """The authority at `url` (RFC 3161 over HTTP), or the installation's own."""
    return _remote(url) if url else OwnTimeStamper(store.timestamp, store.root)


class Token(cms.ContentInfo):  # type: ignore[misc]  # asn1crypto is untyped.
    """A time-stamp token that is passed on as it was read.

    asn1crypto takes a structure whose length happens to end in the byte 0x80 for one of unknown
    length and packs all of it anew, again and again: a signature would then take seconds.
    """

    def dump(self, force: bool = False) -> bytes:  # noqa: FBT001, FBT002 -- asn1crypto's signature
        """The token as it was read, if nobody has looked into it."""
        if self.children is not None:
            return bytes(super().dump(force=force))
        return bytes(parser.emit(self.class_, self.method, self.tag, self.contents))


class OwnTimeStamper(TimeStamper):
    """Answers time-stamp requests in the process, RFC 3161, with ESSCertIDv2 (RFC 5816)."""

    reserve = OWN_RESERVE

    def __init__(self, credential: Credential, root: Credential) -> None:
        super().__init__(include_nonce=False)  # type: ignore[no-untyped-call]  # pyHanko's is untyped.
        self._key = credential.key
        self._certificate = credential.asn1
        self._chain = (credential.asn1, root.asn1)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Stamp the digest; no request is needed where nobody else answers."""
        imprint = tsp.MessageImprint(
            {"hash_algorithm": {"algorithm": md_algorithm}, "hashed_message": message_digest}
        )
        info = _token_info(imprint, self._certificate)
        return Token.load(self._signed(info.dump()).dump())

    def _signed(self, info: bytes) -> cms.ContentInfo:
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", hashlib.sha256(info).digest()),
                _attribute("signing_certificate_v2", as_signing_certificate_v2(self._certificate)),
            ]
        )
        content = {"content_type": "tst_info", "content": cms.ParsableOctetString(info)}
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": content,
            "certificates": list(self._chain),
            "signer_infos": [self._signer_info(attributes)],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _signer_info(self, attributes: cms.CMSAttributes) -> cms.SignerInfo:
        issuer_and_serial = cms.IssuerAndSerialNumber(
            {
                "issuer": self._certificate.issuer,
                "serial_number": self._certificate.serial_number,
            }
        )
        return cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier({"issuer_and_serial_number": issuer_and_serial}),
                "digest_algorithm": {"algorithm": "sha256"},
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signed_attrs": attributes,
                "signature": self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )


class RemoteTimeStamper(TimeStamper):
    """Asks an authority by HTTP. Every failure to answer is a TimestampUnavailableError."""

    reserve = REMOTE_RESERVE

    def __init__(self, url: str) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]  # pyHanko's is untyped.
        self._url = url

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Let the authority stamp the digest."""
        token = await super().async_timestamp(message_digest, md_algorithm)
        return Token.load(parser.emit(token.class_, token.method, token.tag, token.contents))

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Post the request. One connection per request, so no session stays open."""
        headers = {"Content-Type": "application/timestamp-query"}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT) as client:
                reply = await client.post(self._url, content=req.dump(), headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TimestampUnavailableError(url=self._url, cause=str(error)) from error
        if reply.headers.get("content-type", "").split(";")[0].strip() != REPLY_TYPE:
            raise TimestampUnavailableError(url=self._url, status=reply.status_code)
        return _checked(reply.content, req, self._url)


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": (value,)})


@functools.lru_cache(maxsize=8)
def _remote(url: str) -> RemoteTimeStamper:
    """Keep one stamper per address: it remembers how large that authority's answers are."""
    return RemoteTimeStamper(url)


Stamper = OwnTimeStamper | RemoteTimeStamper


def _checked(content: bytes, request: tsp.TimeStampReq, url: str) -> tsp.TimeStampResp:
    """The parsed answer, if it grants what was asked: this digest, with this nonce."""
    if len(content) > MAX_REPLY_BYTES:
        raise TimestampUnavailableError(url=url, size=len(content))
    try:
        response = tsp.TimeStampResp.load(content, strict=True)
        status = response["status"]["status"].native
        granted = status == "granted" and _answered(response) == _asked(request)
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampUnavailableError(url=url, cause="not a time-stamp reply") from error
    if not granted:
        raise TimestampUnavailableError(url=url, status=status)
    return response


def _asked(request: tsp.TimeStampReq) -> tuple[object, object]:
    return request["message_imprint"].native, request["nonce"].native


def _answered(response: tsp.TimeStampResp) -> tuple[object, object]:
    info = response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
    return info["message_imprint"].native, info["nonce"].native


def _token_info(imprint: tsp.MessageImprint, certificate: asn1.Certificate) -> tsp.TSTInfo:
    """Whole seconds only: then a revocation list made in the same second is not too old."""
    return tsp.TSTInfo(
        {
            "version": "v1",
            "policy": POLICIES[Role.TIMESTAMP].dotted_string,
            "message_imprint": imprint,
            "serial_number": secrets.randbits(63),
            "gen_time": clock.now().replace(microsecond=0),
            "accuracy": tsp.Accuracy({"seconds": 1}),
            "tsa": asn1.GeneralName(name="directory_name", value=certificate.subject),
        }
    )
