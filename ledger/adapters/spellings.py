"""The ways in which one and the same page is addressed: with and without www, by http and https, as AMP.

An article keeps the address that it came in with (`addresses.canonical`). Who looks one up may have another
spelling of it; these are the ones that we try, the likeliest first.
"""

import re
from functools import lru_cache

from ledger.adapters.addresses import canonical, tracks

# What needs no parser, which takes ten times as long: lower-case ASCII, no escapes, port or dotted folders.
_PLAIN = re.compile(
    r"(https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})((?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*)/*"
    r"(?:\?([A-Za-z0-9._~=&-]*))?(?:#[A-Za-z0-9._~=&/-]*)?\Z"
)
_WHOLE = re.compile(r"(https?)://([^/?]+)([^?]*)(?:\?(.*))?\Z")
_AMP_CACHE = re.compile(r"(?:[a-z0-9-]+\.)?cdn\.ampproject\.org\Z")
_AMP_PARAMETER = re.compile(r"(?:amp(?:=1|=true|=)?|outputtype=amp)\Z", re.IGNORECASE)


@lru_cache(maxsize=1 << 14)
def spellings(url: str) -> tuple[str, ...]:
    """The addresses under which an article may be kept that is asked for by `url`.

    The canonical spelling of `url` itself comes first. Raises Invalid (field `url`) if it is none.
    """
    known = _quickly(plain) if (plain := _PLAIN.match(url)) else canonical(url)
    found = _WHOLE.match(known)
    if found is None:
        return (known,)
    scheme, host, path, query = found[1], found[2], found[3] or "/", found[4]
    host, path = _out_of_the_cache(host, path)
    host = host.removeprefix("www.").removeprefix("amp.")
    tail = _without_amp(query)
    path = _plain_path(path)
    other = "http" if scheme == "https" else "https"
    ways = [
        f"{by}://{prefix}{host}{way}{tail}"
        for way in (path, f"{path.rstrip('/')}/amp")
        for by in (scheme, other)
        for prefix in ("", "www.")
    ] + [f"{by}://amp.{host}{path}{tail}" for by in (scheme, other)]
    return tuple(dict.fromkeys([known, *ways]))


def _quickly(plain: re.Match[str]) -> str:
    query = "&".join(part for part in (plain[3] or "").split("&") if part and not tracks(part))
    return f"{plain[1]}{plain[2] or '/'}{'?' if query else ''}{query}"


def _out_of_the_cache(host: str, path: str) -> tuple[str, str]:
    """`cdn.ampproject.org/c/s/news.example/page` is the page `news.example/page`."""
    parts = path.split("/")
    if _AMP_CACHE.match(host) and len(parts) > 3 and parts[1] in ("c", "v"):
        rest = parts[3:] if parts[2] == "s" else parts[2:]
        return rest[0].lower(), "/" + "/".join(rest[1:])
    return host, path


def _plain_path(path: str) -> str:
    path = path.rstrip("/")
    if path.endswith("/amp"):
        path = path.removesuffix("/amp")
    elif path.startswith("/amp/"):
        path = path.removeprefix("/amp")
    elif path.endswith(".amp.html"):
        path = path.removesuffix(".amp.html") + ".html"
    return path or "/"


def _without_amp(query: str | None) -> str:
    kept = [part for part in (query or "").split("&") if part and not _AMP_PARAMETER.match(part)]
    return f"?{'&'.join(kept)}" if kept else ""
