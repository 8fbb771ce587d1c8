"""The web server: the socket is taken first, so that a taken port is noticed before all else."""

import errno
import socket
import time
from datetime import timedelta
from threading import Event, Thread
from wsgiref.types import WSGIApplication

from waitress import wasyncore
from waitress.server import create_server

from engine.settings import Settings, SettingsError

BACKLOG = 256
CHANNEL_LIMIT = 500  # open connections; more than browsers of a busy hour hold
ROUND = timedelta(seconds=1)  # of the loop, after which it looks whether it should end
PARTING = timedelta(seconds=2)  # for requests in hand when the process ends
OVERHEAD = 64 * 1024 * 1024  # bytes a request may have beyond its documents


class Listener:
    """A bound port that can serve an application in a thread of its own."""

    def __init__(self, settings: Settings) -> None:
        """Take the port. Raises SettingsError naming HOST or PORT."""
        self._settings = settings
        self._socket = _bound(settings.host, settings.port)
        self._ending = Event()

    def start(self, application: WSGIApplication) -> None:
        """Answer requests until `stop`."""
        sockets: dict[int, object] = {}
        self._server = create_server(
            application,
            map=sockets,
            sockets=[self._socket],
            threads=self._settings.web_threads,
            connection_limit=CHANNEL_LIMIT,
            max_request_body_size=3 * self._settings.upload_max_bytes + OVERHEAD,
            clear_untrusted_proxy_headers=self._settings.trusted_proxies == 0,
            ident=None,
        )
        self._thread = Thread(target=self._serve, args=(sockets,), name="web", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the requests in hand, then let the port go."""
        self._ending.set()
        self._server.pull_trigger()
        self._thread.join(2 * PARTING.total_seconds())
        self._socket.close()

    def close(self) -> None:
        """Let the port go without having served."""
        self._socket.close()

    def _serve(self, sockets: dict[int, object]) -> None:
        dispatcher = self._server.task_dispatcher
        while not self._ending.is_set():
            _turn(sockets, ROUND)
        deadline = time.monotonic() + PARTING.total_seconds()
        while (dispatcher.queue or dispatcher.active_count) and time.monotonic() < deadline:
            _turn(sockets, ROUND / 20)
        dispatcher.shutdown(timeout=0.2)
        wasyncore.close_all(sockets)


def _turn(sockets: dict[int, object], limit: timedelta) -> None:
    wasyncore.loop(timeout=limit.total_seconds(), use_poll=True, map=sockets, count=1)


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise SettingsError((f"HOST: {host} is not an address of this machine.",)) from error
    taken = socket.socket(family, kind)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(address)
        taken.listen(BACKLOG)
    except OSError as error:
        taken.close()
        raise SettingsError((_fault(error, host, port),)) from error
    return taken


def _fault(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"PORT: {port} is taken by another program, or by a start of this one that still runs;"
            f" choose another one: PORT={port + 1}."
        )
    if error.errno == errno.EACCES:
        return f"PORT: {port} is not for ordinary accounts; choose one above 1023."
    return f"HOST: {host} cannot be bound ({error.strerror})."
