"""Who can be asked: one row per provider, and the recipient that a row and an address make."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.answer.models import DEFAULT_MODEL, image_tier, model_facts
from viewer.consult.address import clean_address, host_of, is_local
from viewer.disclosure.frame import KeyStyle, Recipient


@dataclass(frozen=True, slots=True)
class Provider:
    """A row. `base_url` "" means that the person enters one; `words` explains it in the settings."""

    id: str
    name: str
    base_url: str
    key_needed: bool
    default_model: str
    strict_fields: bool
    words: str


PROVIDERS = (
    Provider(
        "anthropic",
        "Anthropic",
        "https://api.anthropic.com",
        key_needed=True,
        default_model=DEFAULT_MODEL,
        strict_fields=True,
        words="The Claude models, on the internet. Needs a key of your own; each question costs a little.",
    ),
    Provider(
        "address",
        "Another address",
        "",
        key_needed=False,
        default_model="",
        strict_fields=False,
        words="Any address that speaks the Messages API, for example Ollama, llama.cpp, LM Studio or vLLM on this computer.",
    ),
)


def provider(provider_id: str) -> Provider:
    """The row of `provider_id`; KeyError for an unknown one (a bug: the settings offer only rows)."""
    return {row.id: row for row in PROVIDERS}[provider_id]


def recipient(
    provider_id: str, model: str = "", base_url: str = "", key_style: KeyStyle = KeyStyle.BEARER
) -> Recipient:
    """Who gets a question, checked; raises ProblemError for an address that cannot be asked or is not encrypted."""
    row = provider(provider_id)
    address = clean_address(row.base_url or base_url)
    model = model.strip() or row.default_model
    facts = model_facts(model)
    return Recipient(
        provider=row.id,
        name=row.name if row.base_url else host_of(address),
        base_url=address,
        model=model,
        model_name=facts.name if facts else model,
        key_style=key_style,
        is_local=is_local(host_of(address)),
        image_tier=image_tier(model),
        strict_fields=row.strict_fields,
    )
