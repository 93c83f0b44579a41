"""A server on this machine that speaks S3, and a bucket on it for each test."""

import secrets
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ledger.adapters.s3 import S3Blobs

# It warns of itself, and moto changes what it is imported beside: it has a process of its own.
_SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""


@dataclass(frozen=True)
class Bucket:
    """A bucket, reached past our own client by plain requests."""

    endpoint: str
    name: str

    def blobs(self, prefix: str = "ledger", **changed) -> S3Blobs:
        given = {"endpoint": self.endpoint, "region": "us-east-1", "keys": ("key", "secret"), "seconds": 20.0}
        return S3Blobs(f"s3://{self.name}/{prefix}", **(given | changed))

    def request(self, method: str, key: str = "", body: bytes | None = None) -> bytes:
        url = f"{self.endpoint}/{self.name}/{key}"
        asked = urllib.request.Request(url, body, {"Authorization": "AWS test:test"}, method=method)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.read()


@contextmanager
def serving_s3() -> Iterator[str]:
    """The address of a server that runs meanwhile."""
    command = [sys.executable, "-W", "ignore", "-c", _SERVER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        port = int(process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
        process.stdin.close()
        process.wait(20)


def made(endpoint: str) -> Bucket:
    """A new bucket."""
    bucket = Bucket(endpoint, f"test-{secrets.token_hex(6)}")
    bucket.request("PUT")
    return bucket
