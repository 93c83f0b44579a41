"""The connections themselves: to public addresses on the web's ports, and to nothing else.

Apart from `connections`, as these must be made of the library's own classes, which load late.
"""

import ssl
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from threading import Thread
from typing import Any

import httpcore2

from ledger.adapters.addresses import Network, Resolve, check
from ledger.adapters.connections import Deadline, failed


class GuardedBackend(httpcore2.NetworkBackend):
    """Connects to public addresses on the web's ports, and to nothing else."""

    def __init__(
        self, deadline: Deadline, *, allow: Sequence[Network], ports: frozenset[int], resolve: Resolve
    ) -> None:
        self._deadline = deadline
        self._allow = allow
        self._ports = ports
        self._resolve = resolve
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        if port not in self._ports:
            raise failed(
                f"We do not open port {port}, only {', '.join(map(str, sorted(self._ports)))}. "
                "Paste the text instead.",
                reason="refused-port",
            )
        addresses = check(host, port, resolve=self._resolved_in_time, allow=self._allow)
        failure: Exception = httpcore2.ConnectError("no address")
        for done, address in enumerate(addresses):
            # One dead address must leave time for the others.
            seconds = self._deadline.left() / (len(addresses) - done)
            try:
                stream = self._sockets.connect_tcp(str(address), port, seconds, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure

    def _resolved_in_time(self, *args: Any, **kwargs: Any) -> Iterable[tuple[Any, ...]]:
        """Ask the resolver in a thread of its own, because it takes no timeout.

        A thread that is too late ends by itself when the system's resolver gives up.
        """
        answer: Future[Iterable[tuple[Any, ...]]] = Future()

        def ask() -> None:
            try:
                answer.set_result(self._resolve(*args, **kwargs))
            except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
                answer.set_exception(error)

        Thread(target=ask, name="resolve", daemon=True).start()
        try:
            return answer.result(timeout=self._deadline.left())
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout("no answer from DNS") from error


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which every wait ends with the deadline, however little arrives each time."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        except httpcore2.ConnectError as error:
            cause = error.__cause__
            raise failed(
                "The site’s certificate is not valid, or no secure connection could be made. "
                "Check the address, or paste the text instead.",
                reason="tls",
                detail=getattr(cause, "verify_message", None) or str(cause),
            ) from error
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
