"""`[endpoints.NAME]`: models behind an address, which the operator configures and a recipe names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast
from urllib.parse import urlsplit

from orchestrator.config.endpoint import EndpointSettings
from orchestrator.config.places import Place, Places
from orchestrator.errors import Diagnostic, Findings, Span, Topic, unknown
from orchestrator.frozen import Frozen
from orchestrator.stage import KINDS

PRICES: Final = ("request", "picture", "million_tokens_in", "million_tokens_out")
ENDPOINT_CAPS: Final = ("in_flight", "requests_per_minute", "tokens_per_minute", "tokens_per_request")
ENDPOINT_KEYS: Final = ("kind", "provider", "model", "url", "key_env", "identity", "price", "caps")
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_LITERAL: Final = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{12,}|[A-Z0-9]{32,}")
_SECRETS: Final = re.compile(r"(?:api_?)?key|(?:access_?|auth_?)?token|secret|password|bearer|authorization")
_MASK: Final = "*"


class ReadEndpoints(Frozen):
    """What a file says of endpoints.

    Attributes:
        endpoints: those without a finding.
        findings: what is wrong with the others.
        secrets: keys behind which a secret stands in the file itself, to be shown to nobody.
    """

    endpoints: Mapping[str, EndpointSettings]
    findings: tuple[Diagnostic, ...]
    secrets: tuple[Span, ...]


def read_endpoints(value: object, places: Places) -> ReadEndpoints:
    """The endpoints of a config file."""
    if not isinstance(value, dict):
        wrong = _wrong(places.of("endpoints").key, "`endpoints` is a table of endpoints", "")
        return ReadEndpoints({}, (wrong,), ())
    readers = [_Reader(name, given, places) for name, given in cast("dict[str, object]", value).items()]
    read = {reader.name: reader.read() for reader in readers}
    return ReadEndpoints(
        {name: endpoint for name, endpoint in read.items() if endpoint is not None},
        tuple(finding for reader in readers for finding in reader.findings.all()),
        tuple(span for reader in readers for span in reader.secrets),
    )


def masked(text: str, secrets: tuple[Span, ...]) -> str:
    """The text with what stands behind these keys made unreadable, places kept."""
    lines = text.splitlines(keepends=True)
    for span in secrets:
        line, end = lines[span.line - 1], span.end_column - 1
        lines[span.line - 1] = line[:end] + re.sub(r"[^\s={}]", _MASK, line[end:])
    return "".join(lines)


class _Reader:
    """Reads one endpoint, and collects all that is wrong with it."""

    def __init__(self, name: str, value: object, places: Places) -> None:
        self.name, self._value, self._places = name, value, places
        self.findings = Findings()
        self.secrets: list[Span] = []

    def read(self) -> EndpointSettings | None:
        """The endpoint; None where it has a finding."""
        head = self._places.of("endpoints", self.name).key
        if not _NAME.fullmatch(self.name) or self.name == "embedded":
            self.findings.add(_bad_name(self.name, head))
        if not isinstance(self._value, dict):
            self.findings.add(_wrong(head, f"`{self.name}` is a table", "[endpoints.NAME]"))
            return None
        given = cast("dict[str, Any]", self._value)
        for key, value in given.items():
            self._check(key, value)
        if set(given) <= set(ENDPOINT_KEYS):  # a misspelt key is not missing too
            self.findings.add_all(_missing(self.name, given, head))
        return None if len(self.findings) else EndpointSettings(self.name, **given, span=head)

    def _check(self, key: str, value: object) -> None:
        place = self._places.of("endpoints", self.name, key)
        if key not in ENDPOINT_KEYS:
            self._unknown(key, place)
        elif key in _TABLES:
            below = self._places.below("endpoints", self.name, key)
            self.findings.add_all(_wrong_table(key, value, place, below))
        elif not isinstance(value, str) or not value.strip():
            self.findings.add(_wrong(place.value, f"`{key}` is a text", _EXAMPLES[key]))
        elif key in _TEXTS:
            self._text(key, value, place)

    def _text(self, key: str, value: str, place: Place) -> None:
        finding = _TEXTS[key](self.name, value, place.value)
        if finding is not None:
            self.findings.add(finding)
            if finding.topic is Topic.SECRET:
                self.secrets.append(place.key)

    def _unknown(self, key: str, place: Place) -> None:
        if _SECRETS.fullmatch(key.lower().replace("-", "_")):
            self.secrets.append(place.key)
            self.findings.add(_literal(self.name, f"`{key}`", place.key))
            return
        finding = unknown(
            "E454", f"an endpoint has no key `{key}`", key, place.key, ENDPOINT_KEYS,
            why=f"Its keys are {', '.join(ENDPOINT_KEYS)}.", pasted="{} =", otherwise="take it out",
        )  # fmt: skip
        self.findings.add(finding)


def _missing(name: str, given: Mapping[str, object], head: Span) -> Iterator[Diagnostic]:
    for key in ("kind", "provider"):
        if key not in given:
            yield _lacks(name, f"`{key}`", head, _EXAMPLES[key])
    if not {"model", "url"} & set(given):
        yield _lacks(name, "`model` or `url`", head, _EXAMPLES["model"])
    elif not {"model", "identity"} & set(given):
        yield _lacks(name, "`model` or `identity`", head, _EXAMPLES["identity"])


def _kind(name: str, value: str, span: Span) -> Diagnostic | None:
    del name
    if value in KINDS:
        return None
    return unknown(
        "E454", f"{value!r} is no kind of model", value, span, KINDS, why=f"Kinds are {', '.join(KINDS)}.",
        form='"{}"',
    )  # fmt: skip


def _url(name: str, value: str, span: Span) -> Diagnostic | None:
    try:
        parts = urlsplit(value)
    except ValueError:
        return _wrong(span, "`url` is an address of the web", _EXAMPLES["url"])
    if parts.username or parts.password:
        return _literal(name, "`url`", span)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return _wrong(span, "`url` is an address of the web", _EXAMPLES["url"])
    return None


def _key_env(name: str, value: str, span: Span) -> Diagnostic | None:
    if _VARIABLE.fullmatch(value) and not _LITERAL.fullmatch(value):
        return None
    return _literal(name, "`key_env`", span)


_TEXTS: Final[Mapping[str, Callable[[str, str, Span], Diagnostic | None]]] = {
    "kind": _kind, "url": _url, "key_env": _key_env,
}  # fmt: skip
_TABLES: Final[Mapping[str, tuple[str, ...]]] = {"price": PRICES, "caps": ENDPOINT_CAPS}
_EXAMPLES: Final = {
    "kind": 'kind = "diffusion"',
    "provider": 'provider = "openai"',
    "model": 'model = "gpt-image-1"',
    "url": 'url = "http://127.0.0.1:8188/"',
    "key_env": 'key_env = "STUDIO_KEY"',
    "identity": 'identity = "gpt-image-1 of 2026-11"',
    "price": "price = {picture = 0.04}",
    "caps": "caps = {in_flight = 4}",
}


def _wrong_table(
    key: str, value: object, place: Place, inner: Mapping[str, Place]
) -> Iterator[Diagnostic]:
    """A price is a number over or at nought, a cap a whole number over it."""
    if not isinstance(value, dict):
        yield _wrong(place.value, f"`{key}` is a table of numbers", _EXAMPLES[key])
        return
    for name, number in cast("dict[str, object]", value).items():
        at = inner.get(name, place)
        if name not in _TABLES[key]:
            why = f"What `{key}` may name: {', '.join(_TABLES[key])}."
            yield unknown("E454", f"`{key}` has no key `{name}`", name, at.key, _TABLES[key], why=why)
        elif not _counts(key, number):
            form = "a whole number from 1" if key == "caps" else "a number from 0"
            yield _wrong(at.value, f"`{key}.{name}` is {form}", _EXAMPLES[key])


def _counts(key: str, number: object) -> bool:
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    return 0 <= number < float("inf") if key == "price" else isinstance(number, int) and number > 0


def _wrong(span: Span, message: str, fix: str) -> Diagnostic:
    return Diagnostic(
        code="E454",
        message=message,
        span=span,
        why="An endpoint is checked when it is configured, so that no run finds it wrong.",
        help="write it so",
        fix=fix,
    )


def _lacks(name: str, what: str, span: Span, fix: str) -> Diagnostic:
    return Diagnostic(
        code="E454",
        message=f"the endpoint `{name}` lacks {what}",
        span=span,
        why="An endpoint says what kind of model it gives, who speaks with it, and for which model it asks; "
        "the model, or what `identity` vouches for, is part of every result's key.",
        help=f"add it below `[endpoints.{name}]`",
        fix=fix,
    )


def _bad_name(name: str, span: Span) -> Diagnostic:
    return Diagnostic(
        code="E454",
        message=f"`{name}` cannot be the name of an endpoint",
        span=span,
        why="A recipe writes it as a bare word: lower-case letters, digits, `_` and `-`, a letter first, at "
        "most 64; `embedded` is what comes with the package.",
        help="choose such a name",
        fix="[endpoints.studio]",
    )


def _literal(name: str, what: str, span: Span) -> Diagnostic:
    variable = re.sub(r"\W|-", "_", name.upper(), flags=re.ASCII)
    return Diagnostic(
        code="E455",
        message=f"{what} of the endpoint `{name}` would hold a secret",
        span=span,
        why="A config file is copied, shared and shown; a key belongs into an environment variable, of which "
        "the file gives the name: capital letters, digits and `_`. What stands there is shown to nobody.",
        help="put the key into a variable, name that, and change the key if the file was ever shared",
        fix=f'key_env = "{variable}_KEY"',
        topic=Topic.SECRET,
    )
