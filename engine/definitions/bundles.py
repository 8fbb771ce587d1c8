"""Bundles: a request type as a folder of files, checked whole and published as one version.

Publishing is a gate: what has an error never becomes a row. The same content is never
published twice; whoever publishes it again gets the version that exists.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine import clock
from engine.definitions import checks, request_types
from engine.definitions.errors import RefusedError
from engine.findings import Finding, Severity
from engine.store import BundleFile, ProcessDefinition, RequestTypeVersion

MAX_FILES = 500
MAX_FILE_BYTES = 5 * 1024 * 1024
SUFFIXES = frozenset({".toml", ".bpmn", ".dmn", ".json", ".typ", ".svg", ".png", ".md"})
DEPLOY_LOCK = 7_402_032  # advisory: versions are numbered by one deployer at a time


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a bundle by their path below `folder`; other files are left out.

    Links are not followed, so a bundle cannot bring in a file from outside its folder.
    """
    paths = sorted(path for path in folder.rglob("*") if _belongs(folder, path))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths[:MAX_FILES]}


def deploy_folder(session: Session, folder: Path, by: str = "system") -> RequestTypeVersion:
    """Publish the bundle in `folder`; raises RefusedError with all findings, placed in it."""
    try:
        return deploy(session, read_folder(folder), by)
    except RefusedError as refused:
        raise RefusedError(placed(refused.findings, folder), folder) from refused


def placed(findings: Iterable[Finding], folder: Path) -> list[Finding]:
    """Findings of a bundle, with the paths that its files have on this machine."""
    return [replace(finding, file=str(folder / finding.file)) for finding in findings]


def deploy(session: Session, files: Mapping[str, bytes], by: str) -> RequestTypeVersion:
    """Publish `files` as the next version, or return the version with this very content.

    Raises RefusedError with all findings.
    """
    digest = digest_of(files)
    existing = select(RequestTypeVersion).where(RequestTypeVersion.digest == digest)
    if (version := session.scalar(existing)) is not None:
        return version
    findings = checks.check_bundle(files)
    if any(found.severity is Severity.ERROR for found in findings):
        raise RefusedError(findings)
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": DEPLOY_LOCK})
    return session.scalar(existing) or _publish(session, files, digest, by)


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over paths and contents, hexadecimal; the order of files does not matter."""
    digest = hashlib.sha256()
    for path in sorted(files):
        content = hashlib.sha256(files[path]).hexdigest()
        digest.update(f"{content} {path}\n".encode())
    return digest.hexdigest()


def _publish(
    session: Session, files: Mapping[str, bytes], digest: str, by: str
) -> RequestTypeVersion:
    settings = dict(request_types.read_settings(files))
    key = str(settings["key"])
    version = RequestTypeVersion(
        key=key,
        version=request_types.next_version(session, key),
        digest=digest,
        settings=settings,
        published_at=clock.now(),
        published_by=by,
    )
    version.files = [BundleFile(path=path, content=files[path]) for path in sorted(files)]
    session.add(version)
    session.flush()
    session.add(_definition(session, version, files))
    session.flush()
    return version


def _definition(
    session: Session, version: RequestTypeVersion, files: Mapping[str, bytes]
) -> ProcessDefinition:
    process_id = str(version.settings["process"])
    highest = select(func.max(ProcessDefinition.version)).where(
        ProcessDefinition.process_id == process_id
    )
    executable = {
        path: content for path, content in files.items() if path.endswith((".bpmn", ".dmn"))
    }
    return ProcessDefinition(
        request_type_version_id=version.id,
        process_id=process_id,
        version=(session.scalar(highest) or 0) + 1,
        digest=digest_of(executable),
        deployed_at=clock.now(),
    )


def _belongs(folder: Path, path: Path) -> bool:
    inside = path.relative_to(folder)
    steps = [folder / Path(*inside.parts[:depth]) for depth in range(1, len(inside.parts) + 1)]
    return (
        path.is_file()
        and not any(step.is_symlink() for step in steps)
        and not any(part.startswith((".", "__")) for part in inside.parts)
        and path.suffix in SUFFIXES
        and path.stat().st_size <= MAX_FILE_BYTES
    )
