"""Canonical JSON and digests: the same bytes for the same meaning, on every machine."""

from __future__ import annotations

import hashlib
import json


def canonical_json(value: object) -> bytes:
    """UTF-8 JSON with sorted keys, no blanks, no NaN (RFC 8785 in spirit; numbers as Python prints them)."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest_of(data: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
