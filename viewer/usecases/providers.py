"""Who answers: the chosen provider, its models, its key, and the connection test. Settings are kept, keys never here."""

from __future__ import annotations

import ipaddress
import threading
from urllib.parse import urlsplit

from viewer.answer.models import DEFAULT_MODEL, image_tier, model_facts, offered
from viewer.answer.price import estimate
from viewer.archive.archive import Archive
from viewer.consult.consultation import Consultation, ModelRow
from viewer.consult.keys import KeyState, KeyStore
from viewer.disclosure.frame import KeyStyle, Recipient
from viewer.picture.render import send_size
from viewer.problem import Problem, ProblemError, problem
from viewer.text.plain import one_line
from viewer.text.translate import tr
from viewer.usecases.asking import Chosen
from viewer.usecases.rows import AskSettings, ConnectionReport, ModelChoice

ANTHROPIC = "anthropic"
ANTHROPIC_URL = "https://api.anthropic.com"


def is_this_laptop(base_url: str) -> bool:
    """Whether the address names this computer (loopback), by its words alone; the connection checks it again."""
    host = (urlsplit(base_url).hostname or "").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def clean_address(base_url: str) -> str:
    """The address without a trailing slash or /v1, checked; raises ProblemError for anything else than http(s)://host.

    Plain http is for this laptop only: on the way it could be read by others.
    """
    text = one_line(base_url, 500).strip()
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as failure:
        raise ProblemError(problem("address_not_understood")) from failure
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        raise ProblemError(problem("address_not_understood"))
    if parts.scheme == "http" and not is_this_laptop(text):
        raise ProblemError(problem("address_not_encrypted"))
    return text.rstrip("/").removesuffix("/v1").rstrip("/")


class AskSetup:
    """Settings of asking over the archive, the keyring and the asking process."""

    def __init__(self, archive: Archive, keys: KeyStore, consultation: Consultation) -> None:
        self._archive, self._keys, self._consultation = archive, keys, consultation
        self._lock = threading.Lock()
        self._once: Chosen | None = None
        self._listed: dict[str, tuple[ModelRow, ...]] = {}

    # --- who
    def chosen(self) -> Chosen:
        """The choice in force: the one for this run, else the kept one."""
        if self._once is not None:
            return self._once
        provider = str(self._archive.settings_get("ask.provider", ANTHROPIC))
        return Chosen(
            provider,
            str(self._archive.settings_get(f"ask.{provider}.base_url", ANTHROPIC_URL if provider == ANTHROPIC else "")),
            str(self._archive.settings_get(f"ask.{provider}.model", DEFAULT_MODEL if provider == ANTHROPIC else "")),
            str(self._archive.settings_get(f"ask.{provider}.key_style", "bearer")),
        )

    def choose(self, chosen: Chosen) -> None:
        """Keep a choice; raises ProblemError for an address that cannot be one."""
        base_url = ANTHROPIC_URL if chosen.provider == ANTHROPIC else clean_address(chosen.base_url)
        self._once = None
        self._archive.settings_set("ask.provider", chosen.provider)
        for name, value in (("base_url", base_url), ("model", chosen.model), ("key_style", chosen.key_style)):
            self._archive.settings_set(f"ask.{chosen.provider}.{name}", value)

    def choose_once(self, provider: str | None, base_url: str | None, model: str | None, key_style: str) -> None:
        """A choice for this run only (commands); None keeps what is set."""
        now = self.chosen()
        if base_url is not None:
            self._once = Chosen("address", clean_address(base_url), model or "", key_style)
        elif provider not in (None, ANTHROPIC, "address"):
            raise ProblemError(problem("no_such_provider"))
        elif provider == ANTHROPIC:
            self._once = Chosen(ANTHROPIC, ANTHROPIC_URL, model or DEFAULT_MODEL, key_style)
        elif model:
            self._once = Chosen(now.provider, now.base_url, model, now.key_style)

    def recipient(self) -> Recipient:
        """Who would get a question now."""
        chosen = self.chosen()
        facts = model_facts(chosen.model)
        official = chosen.provider == ANTHROPIC
        local = is_this_laptop(chosen.base_url)
        name = "Anthropic" if official else tr("a program on this laptop") if local else tr("another address")
        return Recipient(
            provider=chosen.provider,
            name=name,
            base_url=chosen.base_url,
            model=chosen.model or "default",
            model_name=facts.name if facts and official else chosen.model or tr("the model that runs there"),
            key_style=KeyStyle(chosen.key_style),
            is_local=local,
            image_tier=image_tier(chosen.model),
            strict_fields=official,
        )

    def settings(self) -> AskSettings:
        """As shown in Settings; never touches the keyring."""
        chosen = self.chosen()
        state = self._keys.state(chosen.provider)
        return AskSettings(
            chosen.provider, chosen.base_url, chosen.model, state.kind, state.words, chosen.key_style
        )

    # --- keys
    def keep_key(self, provider: str, key: str) -> AskSettings:
        """Blocks on the keyring (at most a few seconds)."""
        self._keys.keep(provider, key.strip())
        return self.settings()

    def why_not(self) -> Problem | None:
        """Why asking is off, or None."""
        chosen = self.chosen()
        if chosen.provider == ANTHROPIC and self._keys.state(ANTHROPIC).kind == "none":
            return problem("no_key")
        if not chosen.base_url:
            return problem("no_address")
        return None

    def check_ready(self) -> None:
        """Blocks on the keyring; raises ProblemError when asking is off."""
        self._keys.get(self.chosen().provider)
        why = self.why_not()
        if why is not None:
            raise ProblemError(why)

    def warm_up(self) -> None:
        """Bring the key into memory and start the asking process."""
        self._keys.get(self.chosen().provider)
        self._consultation.warm()

    # --- models
    def models(self) -> tuple[ModelChoice, ...]:
        """What the service listed this run, else the dated table."""
        chosen = self.chosen()
        listed = self._listed.get(chosen.base_url)
        if listed is not None:
            return tuple(self._choice(row) for row in listed)
        if chosen.provider == ANTHROPIC:
            return tuple(
                ModelChoice(row.id, row.name, True, price_words(row.id), from_service=False) for row in offered()
            )
        return (ModelChoice(chosen.model, chosen.model, None, tr("price unknown"), from_service=False),) if chosen.model else ()

    @staticmethod
    def _choice(row: ModelRow) -> ModelChoice:
        facts = model_facts(row.id)
        name = one_line(row.name or (facts.name if facts else row.id), 80)
        return ModelChoice(row.id, name, row.takes_pictures, price_words(row.id), from_service=True)

    def test_connection(self) -> ConnectionReport:
        """Blocks: asks for the model list, sends no picture."""
        recipient = self.recipient()
        key = self._keys.get(recipient.provider)
        if key is None and recipient.provider == ANTHROPIC:
            why = problem("no_key")
            return ConnectionReport(False, f"{why.text} {why.remedy}")
        try:
            rows = self._consultation.list_models(recipient, key)
        except ProblemError as failure:
            return ConnectionReport(False, f"{failure.problem.text} {failure.problem.remedy}".strip())
        usable = tuple(row for row in rows if row.takes_pictures is not False and row.lifecycle != "retired")
        with self._lock:
            self._listed[recipient.base_url] = usable
        if not usable:
            words = tr("The address answers, but does not say which models it has. Type the model's name yourself.")
            return ConnectionReport(True, words)
        words = tr("The connection works. {n} models take pictures.", n=len(usable))
        return ConnectionReport(True, words, tuple(self._choice(row) for row in usable))

    # --- cost
    def estimate_words(self, question: str) -> str:
        """For one square picture, before it is drawn; the preview has the exact figure."""
        recipient = self.recipient()
        size = send_size(512, 512, recipient.image_tier)
        words = estimate(recipient.model, [size], [question], recipient.max_tokens, " " * 3000).words
        return tr("{cost} for this question", cost=words[:1].upper() + words[1:])


def price_words(model_id: str) -> str:
    """ "about 4 to 33 US cents" for a usual question, or "price unknown"."""
    return estimate(model_id, [(1024, 1024)], [" " * 400], 16_000, " " * 3000).words
