"""Where the time in a signature comes from: an authority on the network, or our own clock.

Our own stamp proves no more than that the organisation says so; its certificate states that.
"""

import functools
import hashlib
import secrets

import httpx
from asn1crypto import cms, tsp
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
DIGESTS = ("sha256", "sha384", "sha512")
REPLY_TYPE = "application/timestamp-reply"
GRANTED = ("granted", "granted_with_mods")
MAX_REPLY_BYTES = 64 * 1024


def stamper(store: KeyStore, url: str | None) -> TimeStamper:
    """The authority at `url` (RFC 3161 over HTTP), or the installation's own."""
    return _remote(url) if url else OwnTimeStamper(store.timestamp, store.root)


class OwnTimeStamper(TimeStamper):
    """Answers time-stamp requests in the process, RFC 3161, with ESSCertIDv2 (RFC 5816)."""

    def __init__(self, credential: Credential, root: Credential) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]  # pyHanko's is untyped.
        self._key = credential.key
        self._certificate = credential.asn1
        self._chain = (credential.asn1, root.asn1)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Stamp the digest in the request; refuse what is not one of the SHA-2 digests."""
        imprint = req["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        digest_size = len(imprint["hashed_message"].native)
        if algorithm not in DIGESTS or digest_size != hashlib.new(algorithm).digest_size:
            return tsp.TimeStampResp({"status": {"status": "rejection", "fail_info": {"bad_alg"}}})
        token = self._signed(_token_info(req, self._certificate).dump())
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})

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

    def __init__(self, url: str) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]  # pyHanko's is untyped.
        self._url = url

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


def _checked(content: bytes, request: tsp.TimeStampReq, url: str) -> tsp.TimeStampResp:
    """The parsed answer, if it is granted and stamps what was asked."""
    if len(content) > MAX_REPLY_BYTES:
        raise TimestampUnavailableError(url=url, size=len(content))
    try:
        response = tsp.TimeStampResp.load(content, strict=True)
        status = response["status"]["status"].native
        granted = status in GRANTED and _imprint(response) == request["message_imprint"].native
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampUnavailableError(url=url, cause="not a time-stamp reply") from error
    if not granted:
        raise TimestampUnavailableError(url=url, status=status)
    return response


def _imprint(response: tsp.TimeStampResp) -> object:
    signed = response["time_stamp_token"]["content"]
    return signed["encap_content_info"]["content"].parsed["message_imprint"].native


def _token_info(request: tsp.TimeStampReq, certificate: asn1.Certificate) -> tsp.TSTInfo:
    """Whole seconds only: then a revocation list made in the same second is not too old."""
    info = {
        "version": "v1",
        "policy": POLICIES[Role.TIMESTAMP].dotted_string,
        "message_imprint": request["message_imprint"],
        "serial_number": secrets.randbits(63),
        "gen_time": clock.now().replace(microsecond=0),
        "accuracy": tsp.Accuracy({"seconds": 1}),
        "tsa": asn1.GeneralName(name="directory_name", value=certificate.subject),
    }
    if request["nonce"].native is not None:
        info["nonce"] = request["nonce"]
    return tsp.TSTInfo(info)
