"""An archive on this machine that speaks SPN2, and misbehaves as the real one does."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from ledger import clock


class Archive:
    """What it has captured, and how it answers: each list is worked off, its last entry stays.

    An answer is a status, a number of seconds to sleep, `hang up`, or words of SPN2 as a dictionary.
    Whatever it answers, `captures` says whether it captures.
    """

    def __init__(self) -> None:
        self.port = 0
        self.saving: list = [{}]
        self.telling: list = [{"status": "success"}]
        self.finding: list = [200]
        self.captures = True
        self.indexed = True
        self.copies: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str, dict]] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def save(self, url: str) -> dict:
        if self.captures:
            self.copies.append((clock.now().astimezone(UTC).strftime("%Y%m%d%H%M%S"), url))
        return {"url": url, "job_id": "spn2-1234abcd"}

    def told(self) -> dict:
        stamp, url = self.copies[-1] if self.copies else ("", "")
        return {"job_id": "spn2-1234abcd", "timestamp": stamp, "original_url": url}

    def index(self, url: str, since: str) -> str:
        found = [(stamp, one) for stamp, one in self.copies if one == url and stamp >= since]
        return "".join(f"{stamp} {one}\n" for stamp, one in found) if self.indexed else ""


@contextmanager
def archiving() -> Iterator[Archive]:
    archive = Archive()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(form).items()}
            archive.asked.append(("save", self.headers["Authorization"], sent))
            self._play(archive.saving, archive.save(sent["url"]))

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path.startswith("/save/status/"):
                archive.asked.append(("status", parts.path.rpartition("/")[2], {}))
                self._play(archive.telling, archive.told())
            else:
                archive.asked.append(("index", sent["url"], sent))
                self._play(archive.finding, archive.index(sent["url"], sent["from"]))

        def _play(self, plays: list, usual: object) -> None:
            play = plays.pop(0) if len(plays) > 1 else plays[0]
            if play == "hang up":
                self.close_connection = True
                self.connection.close()
                return
            if isinstance(play, float):
                time.sleep(play)
            if isinstance(play, dict) and isinstance(usual, dict):
                usual = {**usual, **play}
            status = play if isinstance(play, int) else 200
            body = (usual if isinstance(usual, str) else json.dumps(usual)).encode()
            if status != 200:
                body = b"<html>error</html>"
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "60")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            # Whoever waited hung up: that is what these tests are about.
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        archive.port = server.server_port
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield archive
        server.shutdown()
