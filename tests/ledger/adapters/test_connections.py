import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ledger.adapters.fetch import Fetcher
from tests.ledger.adapters.sites import answering, at_most, dripping, failure, fetcher, serving

PUBLIC = "93.184.215.14"

# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://[64:ff9b::7f00:1]/",
        "http://224.0.0.1/",
        "https://192.0.0.9/",
    ],
)
def test_our_own_network_is_refused_unless_it_is_allowed(url):
    assert failure(Fetcher(timeout_seconds=5), url).facts["reason"] == "refused-address"


def test_a_port_other_than_the_webs_is_refused_before_the_resolver_is_asked():
    resolve = answering([PUBLIC])
    error = failure(Fetcher(resolve=resolve), "http://news.example:6379/")
    assert error.facts["reason"] == "refused-port"
    assert resolve.asked == []


def test_the_connection_goes_to_the_checked_address_and_the_name_stays_in_the_request(site):
    site.page("/", b"hi")
    resolve = answering(["127.0.0.1"])
    fetched = fetcher(site, resolve=resolve).fetch(site.url(host="news.example"))
    assert fetched.url == site.url(host="news.example")
    assert f"Host: news.example:{site.port}".encode() in site.requests[0]


def test_a_resolver_that_changes_its_answer_is_asked_only_once(site):
    site.page("/", b"hi")
    resolve = answering(["127.0.0.1"], ["169.254.169.254"])
    assert fetcher(site, resolve=resolve).fetch(site.url(host="rebind.example")).body == b"hi"
    assert resolve.asked == ["rebind.example"]


def test_a_resolver_that_changes_its_answer_between_redirects_is_caught(site):
    site.redirect("/", "/b")
    site.page("/b", b"never")
    resolve = answering(["127.0.0.1"], ["169.254.169.254"])
    assert (
        failure(fetcher(site, resolve=resolve), site.url(host="rebind.example")).facts["reason"]
        == "refused-address"
    )
    assert len(site.requests) == 1


def test_a_mixed_answer_is_refused_without_connecting(site):
    resolve = answering(["127.0.0.1", "10.0.0.1"])
    assert (
        failure(fetcher(site, resolve=resolve), site.url(host="mixed.example")).facts["reason"]
        == "refused-address"
    )
    assert site.requests == []


def test_the_next_address_is_tried_when_one_does_not_answer(site):
    site.page("/", b"hi")
    resolve = answering(["127.9.9.9", "127.0.0.1"])
    assert fetcher(site, resolve=resolve).fetch(site.url(host="news.example")).body == b"hi"


def test_an_unknown_site_is_reported_as_not_found(site):
    def unknown(host, port, type=0):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    error = failure(Fetcher(resolve=unknown), "https://nwes.example/")
    assert error.facts["reason"] == "dns"
    assert "Check the spelling" in error.message


def test_a_site_that_accepts_no_connection_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    guarded = Fetcher(allow_networks=["127.0.0.0/8"], ports=[port])
    assert failure(guarded, f"http://127.0.0.1:{port}/").facts["reason"] == "unreachable"


def test_a_misspelt_network_is_refused_at_the_start():
    with pytest.raises(ValueError, match="not-a-network"):
        Fetcher(allow_networks=["not-a-network"])


# Time


DRIPS = {
    "status line": dripping(b"HTTP/1.1 200 ", b"O"),
    "headers": dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "interim answers": dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", every=0.01),
    "body": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
    "chunks": dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "silence": lambda connection, head: time.sleep(8),
}


@pytest.mark.parametrize("play", DRIPS.values(), ids=DRIPS.keys())
def test_a_site_that_drips_is_cut_off_at_the_deadline(site, play):
    site.pages["/"] = play
    with at_most(4):
        error = failure(fetcher(site, timeout_seconds=0.4), site.url())
    assert error.facts["reason"] == "timeout"


def test_the_deadline_covers_all_redirects_together(site):
    def slow(to):
        def play(connection, head):
            time.sleep(0.25)
            connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())

        return play

    for number in range(20):
        site.pages[f"/{number}"] = slow(f"/{number + 1}")
    with at_most(4):
        error = failure(fetcher(site, timeout_seconds=0.6, max_redirects=20), site.url("/0"))
    assert error.facts["reason"] == "timeout"
    assert "0.6 seconds" in error.message


def test_a_resolver_that_hangs_is_cut_off_at_the_deadline():
    release = threading.Event()

    def hangs(host, port, type=0):
        release.wait(10)
        return []

    with at_most(4):
        error = failure(Fetcher(resolve=hangs, timeout_seconds=0.3), "https://news.example/")
    release.set()
    assert error.facts["reason"] == "timeout"


def test_a_handshake_that_never_ends_is_cut_off_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        guarded = Fetcher(allow_networks=["127.0.0.0/8"], ports=[port], timeout_seconds=0.3)
        with at_most(4):
            error = failure(guarded, f"https://127.0.0.1:{port}/")
    assert error.facts["reason"] == "timeout"


def test_the_deadline_holds_while_bytes_keep_coming_fast(site):
    site.pages["/"] = dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100, every=0)
    with at_most(4):
        error = failure(fetcher(site, timeout_seconds=0.3, max_bytes=10**9), site.url())
    assert error.facts["reason"] == "timeout"


def test_no_time_at_all_is_a_timeout(site):
    assert failure(fetcher(site, timeout_seconds=0), site.url()).facts["reason"] == "timeout"


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A key and a certificate for news.example, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.example")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "news.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(certificate):
    """A site with that certificate, and the names by which it was asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    asked = []
    context.sni_callback = lambda connection, name, context: asked.append(name)
    with serving(context) as site:
        site.page("/", b"secure")
        yield site, asked


def trusting(certificate, site):
    return fetcher(
        site,
        resolve=answering(["127.0.0.1"]),
        ssl_context=ssl.create_default_context(cafile=certificate),
    )


def test_the_certificate_is_checked_against_the_name_and_not_the_address(secure, certificate):
    site, asked = secure
    fetched = trusting(certificate, site).fetch(site.url(host="news.example", scheme="https"))
    assert fetched.body == b"secure"
    assert asked == ["news.example"]


def test_a_full_name_with_its_dot_has_the_same_certificate(secure, certificate):
    site, _ = secure
    assert trusting(certificate, site).fetch(site.url(host="news.example.", scheme="https")).body == b"secure"


def test_a_certificate_for_another_name_is_refused(secure, certificate):
    site, _ = secure
    error = failure(trusting(certificate, site), site.url(host="other.example", scheme="https"))
    assert error.facts["reason"] == "tls"
    assert "other.example" in error.facts["detail"]


def test_a_certificate_that_nobody_vouches_for_is_refused(secure):
    site, _ = secure
    guarded = fetcher(site, resolve=answering(["127.0.0.1"]))
    assert failure(guarded, site.url(host="news.example", scheme="https")).facts["reason"] == "tls"
    assert site.requests == []


def test_a_site_without_tls_behind_an_https_address_fails_as_tls():
    def plain(listener):
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=plain, args=(listener,), daemon=True).start()
        port = listener.getsockname()[1]
        guarded = Fetcher(allow_networks=["127.0.0.0/8"], ports=[port], timeout_seconds=5)
        assert failure(guarded, f"https://127.0.0.1:{port}/").facts["reason"] == "tls"


def test_a_redirect_from_https_to_http_is_followed(secure, certificate, site):
    safe, _ = secure
    safe.redirect("/", site.url("/plain"))
    site.page("/plain", b"plain")
    guarded = fetcher(
        site,
        ports=[site.port, safe.port],
        resolve=answering(["127.0.0.1"]),
        ssl_context=ssl.create_default_context(cafile=certificate),
    )
    assert guarded.fetch(safe.url(host="news.example", scheme="https")).url == site.url("/plain")
