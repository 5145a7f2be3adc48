"""The one form of a request body: which keys, in which order, serialised how.

The anthropic client serialises `messages.create(**fields)` as compact JSON (separators `,` and `:`), UTF-8 with nothing
escaped beyond what JSON demands, no NaN, the top-level keys in the order of its signature, everything below in the order
given. `body_bytes` writes exactly that, so the bytes a person agreed to are the bytes the client sends; the consult child
compares the two and sends nothing when they differ.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

BODY_KEYS = ("max_tokens", "messages", "model", "output_config", "stream", "system", "thinking")
REQUIRED_KEYS = frozenset({"max_tokens", "messages", "model", "stream"})


def body_bytes(fields: Mapping[str, object]) -> bytes:
    """The request's exact bytes; `fields` in any order, values plain JSON, `stream` always true.

    Raises ValueError for a key that is not in `BODY_KEYS`, a missing required key, NaN, or text that is not Unicode.
    """
    unknown = sorted(set(fields) - set(BODY_KEYS))
    missing = sorted(REQUIRED_KEYS - set(fields))
    if unknown or missing or fields["stream"] is not True:
        raise ValueError(f"not a request body: unknown {unknown}, missing {missing}, or not streamed")
    ordered = {key: fields[key] for key in BODY_KEYS if key in fields}
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")
