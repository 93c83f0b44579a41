"""Every setting of the service: variable, meaning, default; nothing else reads the environment.

Each is read from `LEDGER_<NAME>`, then from a file `.env` in the working folder, then from a file
of that name below /run/secrets. docs/settings.md is printed from these very lines.
"""

import difflib
import ipaddress
import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ledger.errors import LedgerError
from ledger.scales import all_scales

_SHORTEST_SECRET = 16
_SECRETS = frozenset({"secret_key", "openai_key", "s3_secret_key", "wayback_key", "wayback_secret"})
SECRETS_FOLDER = Path("/run/secrets")
_ONE_RATE = r"[1-9]\d* ?(?:per|/) ?(?:\d+ ?)?(?:second|minute|hour|day|month|year)s?"
_RATE = re.compile(rf"{_ONE_RATE}(?:\s*[;,]\s*{_ONE_RATE})*")
_PASSWORD = re.compile(r"(?<=:)[^:@/]+(?=@)")


class SettingsError(LedgerError):
    """Some settings are wrong; the message lists every one of them with its remedy."""


def _database_url(url: str) -> str:
    """PostgreSQL addresses are answered by psycopg 3, whatever way they are written."""
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith("postgresql+psycopg://"):
        return url
    # A ledger in memory would end with the first connection, and nothing said so.
    if url.startswith("sqlite:///") and url.removeprefix("sqlite:///") not in ("", ":memory:"):
        return url
    raise ValueError("use sqlite:///path/to/ledger.db or postgresql://user:password@host/database")


def _rate(text: str) -> str:
    # The limiter would take a rate that it can't read for no limit at all.
    if not _RATE.fullmatch(text.strip()):
        raise ValueError("write it as `10 per minute; 60 per hour`")
    return text.strip()


def _rate_or_none(text: str) -> str:
    return _rate(text) if text.strip() else ""


def _web_address(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("write it with https:// or http:// before it")
    return url


def _store(address: str) -> str:
    if address and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+[a-z0-9](/[^?#\s]*)?", address):
        raise ValueError("write it as s3://bucket/prefix, or leave it out for a folder")
    return address


def _with_its_key(secret: SecretStr | None, given: ValidationInfo) -> SecretStr | None:
    if bool(secret) != bool(given.data.get("s3_access_key")):
        raise ValueError("set LEDGER_S3_ACCESS_KEY and LEDGER_S3_SECRET_KEY together, or neither")
    return secret


def _known_scale(id: str) -> str:
    if id not in all_scales():
        raise ValueError(f"choose one of {', '.join(all_scales())}")
    return id


def _known_detector(name: str, given: ValidationInfo) -> str:
    # Nobody who only asks for help should wait for it.
    from claims.detectors import OURS, names

    if name not in OURS and name not in names():
        raise ValueError(f"choose one of {', '.join(names())}")
    if name == "openai" and not (given.data.get("openai_base_url") and given.data.get("openai_model")):
        raise ValueError("set LEDGER_OPENAI_BASE_URL and LEDGER_OPENAI_MODEL too")
    return name


def _networks(value: Any) -> Any:
    networks = value.split(",") if isinstance(value, str) else list(value)
    return tuple(str(ipaddress.ip_network(network.strip())) for network in networks if network.strip())


def _numbers(value: Any) -> Any:
    return tuple(int(part) for part in (value.split(",") if isinstance(value, str) else value))


class Settings(BaseSettings):
    """The settings of one process, checked together when it starts."""

    model_config = SettingsConfigDict(
        env_prefix="LEDGER_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        secrets_dir=SECRETS_FOLDER if SECRETS_FOLDER.is_dir() else None,
    )

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default="sqlite:///data/ledger.db",
        description="Where the ledger lives: `sqlite:///FILE` or `postgresql://user:password@host/database`.",
    )
    data_dir: Path = Field(
        default=Path("data"),
        description="Folder for captures, the log's signing key and, unless set, the session key.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=_SHORTEST_SECRET,
        description="Key that signs session cookies, 16 characters or more. "
        "Unset: made once and kept in the data folder. Several machines must share one.",
    )
    base_url: Annotated[str, AfterValidator(_web_address)] = Field(
        default="",
        description="The address that people see, such as `https://ledger.example`; used for links in "
        "exports and sign-in links. Unset: `http://HOST:PORT`.",
    )
    publisher_name: str = Field(
        default="",
        max_length=200,
        description="The organisation that publishes the checks, as ClaimReview, annotations and embeddings "
        "name it. Unset: each article's desk.",
    )
    publisher_url: Annotated[str, AfterValidator(_web_address)] = Field(
        default="",
        description="That organisation's site, such as `https://news.example`. Unset: the ledger's address.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port to listen on.")
    threads: int = Field(default=64, ge=1, le=512, description="Requests answered at the same time.")
    trusted_proxies: int = Field(
        default=0, ge=0, le=5, description="How many reverse proxies stand in front and set X-Forwarded-For."
    )
    secure_cookies: bool = Field(
        default=False, description="Send cookies over https only. Set it wherever the service has https."
    )
    development: bool = Field(
        default=False, description="Show what only developers need: the design system's page, `/styleguide`."
    )
    session_hours: int = Field(
        default=12, ge=1, le=720, description="Hours until a signed-in person must sign in again."
    )
    link_hours: int = Field(
        default=24, ge=1, le=168, description="Hours for which a one-time sign-in link is good."
    )
    sign_in_rate: Annotated[str, AfterValidator(_rate)] = Field(
        default="10 per minute; 60 per hour", description="Sign-in tries allowed for one address and process."
    )
    token_rate: Annotated[str, AfterValidator(_rate_or_none)] = Field(
        default="60000 per minute",
        description="Requests allowed to one token, in each process; more are answered with 429. "
        "Empty: as many as it likes.",
    )
    stranger_rate: Annotated[str, AfterValidator(_rate_or_none)] = Field(
        default="3000 per minute",
        description="Requests allowed to one address without a token or a session (public reports, feeds, "
        "`/v1alpha1`), in each process. Behind a proxy, set LEDGER_TRUSTED_PROXIES too. Empty: no limit.",
    )
    lookup_max_age: int = Field(
        default=0,
        ge=0,
        le=86_400,
        description="Seconds for which who asked for a status, an article by its address or the gate may go "
        "by the answer. 0: they ask each time, with the ETag, which costs next to nothing.",
    )
    public_max_age: int = Field(
        default=60,
        ge=0,
        le=86_400,
        description="Seconds for which any cache may give out public reports, badges and ClaimReviews. "
        "0: it asks each time.",
    )
    request_seconds: float = Field(
        default=60,
        ge=1,
        le=3600,
        description="Seconds after which a question to the database that somebody waits for is stopped. "
        "Downloads and work in the background have no such limit on SQLite; on PostgreSQL it is that of any "
        "one statement.",
    )
    signatures: Literal["one", "two"] = Field(
        default="two",
        description="People needed to settle a verdict: `two` (the proposer and a second reader) or `one`.",
    )
    min_evidence: int = Field(
        default=1,
        ge=1,
        le=5,
        description="Pieces of evidence that a verdict needs, unless its rating is `unproven`.",
    )
    scale: Annotated[str, AfterValidator(_known_scale)] = Field(
        default="ledger", description="Id of the rating scale offered for new verdicts."
    )
    openai_base_url: Annotated[str, AfterValidator(_web_address)] = Field(
        default="",
        description="Where the detector `openai` asks: the part before `/chat/completions`, such as "
        "`http://localhost:11434/v1`. It may be inside your network. Unset: that detector is off.",
    )
    openai_model: str = Field(
        default="", max_length=200, description="The language model that the detector `openai` asks for."
    )
    openai_key: SecretStr | None = Field(
        default=None, description="Key that the detector `openai` sends, where its endpoint wants one."
    )
    openai_timeout_seconds: float = Field(
        default=60, gt=0, le=3600, description="Longest time for one answer of that endpoint."
    )
    detector: Annotated[str, AfterValidator(_known_detector)] = Field(
        default="encoder",
        description="What finds claims: `encoder` (rules and a small learned model), `rules` alone, "
        "`openai`, or one that another package plugs in.",
    )
    detection_floor: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="Check-worthiness from which a found statement is kept. From which one on it is shown "
        "is each desk's own threshold, which its editors set on the page *Desks*.",
    )
    matching_claims: int = Field(
        default=500_000,
        ge=0,
        le=10_000_000,
        description="Claims, the newest, that each process holds in memory to find those that say the same: "
        "about 1 MB for a thousand. 0 turns matching off.",
    )
    max_upload_bytes: int = Field(
        default=20_000_000,
        ge=1_000,
        le=1_000_000_000,
        description="Largest file or request that we accept, in bytes.",
    )
    max_text_chars: int = Field(
        default=2_000_000,
        ge=1_000,
        le=50_000_000,
        description="Longest article text that we accept, in characters.",
    )
    fetch: bool = Field(default=True, description="Whether the ledger may fetch addresses at all.")
    fetch_timeout_seconds: float = Field(
        default=15, gt=0, le=120, description="Longest time for one fetch, all in all."
    )
    fetch_max_bytes: int = Field(
        default=20_000_000,
        ge=1_000,
        le=1_000_000_000,
        description="Largest answer of a fetch, in bytes after decoding.",
    )
    fetch_max_redirects: int = Field(default=5, ge=0, le=20, description="Redirects followed by one fetch.")
    fetch_allow_networks: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_networks)] = Field(
        default=(),
        description="Inside networks that may be fetched from all the same, such as `10.1.0.0/16`, "
        "separated by commas.",
    )
    fetch_ports: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_numbers)] = Field(
        default=(80, 443), description="Ports that may be fetched from, separated by commas."
    )
    liveness_hours: int = Field(
        default=168,
        ge=0,
        le=8760,
        description="Hours between two looks at each source, whether it is still what was captured. "
        "0: none are made on our own.",
    )
    polite_seconds: float = Field(
        default=5,
        ge=0.1,
        le=3600,
        description="Least seconds between two requests to one site that the ledger makes on its own, for "
        "watches and looks at sources; more where the site’s robots.txt asks for more.",
    )
    wayback_url: Annotated[str, AfterValidator(_web_address)] = Field(
        default="https://web.archive.org", description="The Wayback Machine that captures are handed to."
    )
    wayback_key: SecretStr | None = Field(
        default=None,
        description="Access key of an account there. With LEDGER_WAYBACK_SECRET, each captured address is "
        "handed over too; nothing ever waits for it. Unset: none is.",
    )
    wayback_secret: SecretStr | None = Field(default=None, description="The secret that belongs to that key.")
    captures: Annotated[str, AfterValidator(_store)] = Field(
        default="",
        description="Where captured files are kept: `s3://BUCKET/PREFIX` for a store that speaks S3. "
        "Unset: the folder `captures` below the data folder.",
    )
    s3_endpoint: Annotated[str, AfterValidator(_web_address)] = Field(
        default="", description="Where that store is, such as `https://minio.example:9000`. Unset: Amazon S3."
    )
    s3_region: str = Field(default="us-east-1", description="The region of its bucket.")
    s3_access_key: str = Field(
        default="", description="Its access key. Unset: found as Amazon's own tools find it."
    )
    s3_secret_key: Annotated[SecretStr | None, AfterValidator(_with_its_key)] = Field(
        default=None, validate_default=True, description="The secret that belongs to LEDGER_S3_ACCESS_KEY."
    )
    s3_timeout_seconds: float = Field(
        default=30, gt=0, le=600, description="Longest time for one file to or from that store."
    )
    webhook_timeout_seconds: float = Field(
        default=15, gt=0, le=60, description="Longest time that a webhook's receiver may take to answer."
    )
    webhook_allow_networks: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_networks)] = Field(
        default=(),
        description="Inside networks that webhooks may be sent to all the same, such as `10.1.0.0/16`, "
        "separated by commas.",
    )
    webhook_ports: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_numbers)] = Field(
        default=(80, 443, 8080, 8443),
        description="Ports that webhooks may be sent to, separated by commas.",
    )
    webhook_days: int = Field(
        default=5,
        ge=1,
        le=60,
        description="Days of nothing but failures after which the ledger turns a webhook off.",
    )
    webhook_kept_days: int = Field(
        default=30, ge=1, le=3650, description="Days for which a webhook's finished messages are kept."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Log lines for a person or for a program."
    )
    job_attempts: int = Field(
        default=5, ge=1, le=20, description="Times that a job is tried before it counts as failed."
    )
    job_lease_seconds: int = Field(
        default=120,
        ge=5,
        le=3600,
        description="Seconds after which a job whose worker went silent is tried again.",
    )
    log_origin: str = Field(
        default="claim-ledger.example/log",
        pattern=r"^[^\s+]+$",
        description="Name of this ledger's log in its checkpoints; no spaces and no plus sign.",
    )

    @property
    def address(self) -> str:
        """The address that people see, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.base_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def s3_keys(self) -> tuple[str, str] | None:
        """The access key of the store of captured files, with its secret."""
        secret = self.s3_secret_key
        return (self.s3_access_key, secret.get_secret_value()) if secret else None

    @property
    def is_sqlite(self) -> bool:
        """Whether the ledger is one SQLite file."""
        return self.database_url.startswith("sqlite")

    def session_secret(self) -> str:
        """The key for cookies: the one that is set, or one made once and kept in the data folder."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        path = self.data_dir / "session.key"
        try:
            secret = kept_secret(path) or keep_secret(path, secrets.token_hex(32))
        except OSError as error:
            raise SettingsError(
                f"LEDGER_DATA_DIR: {path} can't be read or written ({error.strerror}). "
                "Name a folder that is ours to write, or set LEDGER_SECRET_KEY."
            ) from error
        if len(secret) < _SHORTEST_SECRET:
            # An empty file, after a full disk say, would let anybody sign cookies.
            raise SettingsError(f"{path} holds no usable key. Remove it, and a new one is made.")
        return secret


def kept_secret(path: Path) -> str | None:
    """What a file keeps, if there is one."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def keep_secret(path: Path, value: str) -> str:
    """Write `value` to a file that only its owner may read; a file that is there already wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, fails when another process was first: both then read the same key.
        os.link(temporary, path)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    finally:
        temporary.unlink(missing_ok=True)
    return value


def load(**overrides: Any) -> Settings:
    """The settings from the environment; `SettingsError` lists every fault at once."""
    faults = _misspelt()
    settings = None
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        faults = _explained(error) + faults
    if settings is None or faults:
        raise SettingsError("\n".join([f"{len(faults)} setting(s) are wrong:", *faults]))
    return settings


def _explained(error: ValidationError) -> list[str]:
    lines = []
    for fault in error.errors():
        name = str(fault["loc"][0]) if fault["loc"] else "?"
        shown = "" if name in _SECRETS else f" (it is {_PASSWORD.sub('…', repr(fault['input']))})"
        what = fault["msg"].removeprefix("Value error, ")
        description = (Settings.model_fields[name].description or "") if name in Settings.model_fields else ""
        lines.append(f"  LEDGER_{name.upper()}: {what}{shown}. {description}")
    return lines


def _misspelt() -> list[str]:
    """Variables that are nearly ours: passed over in silence, a ledger would be on the wrong database.

    Others that begin like ours may be there for another reason: Kubernetes names a service's so.
    """
    known = [f"LEDGER_{name.upper()}" for name in Settings.model_fields]
    faults = []
    for name in sorted(os.environ):
        if name.upper().startswith("LEDGER_") and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.9)
            faults += [f"  {name}: there is no such setting; is {near[0]} meant?"] if near else []
    return faults


def as_markdown() -> str:
    """docs/settings.md: one row a setting."""
    rows = [
        "# Settings",
        "",
        "Printed by `make docs` from ledger/settings.py. Each is read from the environment, then from a",
        "file `.env` in the working folder, then from a file of the same name below /run/secrets.",
        "",
        "| variable | meaning | default |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = (
            ",".join(map(str, default))
            if isinstance(default, tuple)
            else ""
            if default is None
            else str(default)
        )
        rows.append(
            f"| `LEDGER_{name.upper()}` | {field.description} | {f'`{shown}`' if shown else 'unset'} |"
        )
    return "\n".join(rows) + "\n"
