"""Sites on this machine that behave, misbehave and lie; nothing here leaves the loopback interface."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from ledger.adapters.fetch import Fetcher
from ledger.errors import FetchFailed

Play = Callable[[socket.socket, bytes], None]
"""What a site does with one connection, given the head of the request."""


@dataclass
class Site:
    """A real HTTP server: each path is answered by exact bytes, or by a play of its own."""

    port: int
    pages: dict[str, bytes | Play] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def page(self, path: str, body: bytes = b"", status: str = "200 OK", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = {"Content-Type": "text/html", "Content-Length": str(len(body)), **named}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.pages[path] = f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body

    def redirect(self, path: str, to: str, status: str = "302 Found") -> None:
        self.page(path, b"", status, Location=to)


def _serve(site: Site, listener: socket.socket, context: ssl.SSLContext | None) -> None:
    def answer(connection: socket.socket) -> None:
        # A client that hangs up in the middle is what many of these tests are about.
        with suppress(OSError), ExitStack() as stack:
            stack.enter_context(connection)
            connection.settimeout(10)
            if context:
                connection = stack.enter_context(context.wrap_socket(connection, server_side=True))
            head = b""
            while b"\r\n\r\n" not in head:
                received = connection.recv(65536)
                if not received:
                    return
                head += received
            site.requests.append(head)
            page = site.pages[head.split()[1].decode()]
            if callable(page):
                page(connection, head)
            else:
                connection.sendall(page)

    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=answer, args=(connection,), daemon=True).start()


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site = Site(listener.getsockname()[1])
        threading.Thread(target=_serve, args=(site, listener, context), daemon=True).start()
        yield site
        # Closing alone does not wake a thread that waits in accept().
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def answering(*rounds):
    """A resolver that gives the answers of each round in turn, the last one from then on."""

    def resolve(host, port, type=0):
        resolve.asked.append(host)
        answers = rounds[min(len(resolve.asked), len(rounds)) - 1]
        return [(socket.AF_INET, type, 6, "", (answer, port)) for answer in answers]

    resolve.asked = []
    return resolve


def fetcher(site, **options):
    return Fetcher(
        **{"allow_networks": ["127.0.0.0/8"], "ports": [site.port], "timeout_seconds": 5} | options
    )


def failure(fetcher, url):
    with pytest.raises(FetchFailed) as caught:
        fetcher.fetch(url)
    assert caught.value.field == "url"
    return caught.value


@contextmanager
def at_most(seconds):
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def dripping(first, drop, every=0.05):
    """A play that sends `first`, then `drop` again and again without an end."""

    def play(connection, head):
        connection.sendall(first)
        while True:
            connection.sendall(drop)
            time.sleep(every)

    return play
