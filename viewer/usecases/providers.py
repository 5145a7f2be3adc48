"""Who answers: the chosen provider, its models, its key, and the connection test. Settings are kept, keys never here."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from functools import cache

from viewer.answer.answer import Answer
from viewer.answer.ending import tells_shorter
from viewer.answer.models import DEFAULT_MODEL, MAX_TOKENS, image_tier, offered
from viewer.answer.picture_size import send_size
from viewer.answer.price import PRICED_HOST, elsewhere, elsewhere_words, estimate
from viewer.archive.archive import Archive
from viewer.consult.address import clean_address, host_of, is_local
from viewer.consult.consultation import Consultation
from viewer.consult.keys import Key, KeyState, KeyStore
from viewer.consult.models import ModelRow
from viewer.consult.providers import Provider, provider, recipient
from viewer.disclosure.frame import KeyStyle, Recipient
from viewer.jobs.jobs import Job, Jobs
from viewer.problem import Problem, ProblemError, problem
from viewer.text.translate import tr
from viewer.usecases.asking import Chosen, key_name
from viewer.usecases.rows import AskSettings, ConnectionReport, ModelChoice

ANTHROPIC, ADDRESS = "anthropic", "address"
_KEY_THERE, _NO_KEY = "There is a key.", "There is no key yet."
SHORTER, LEAST_TOKENS = 4, 1_000  # of an answer that a server has no room for: a quarter, but hardly less than one page
USUAL_WORDS = " " * 3000  # about as long as the fixed words that go with each question


def _plain_setting(to: Recipient) -> str:
    """Of this model alone: behind one address there may be many."""
    return f"ask.plain.{to.base_url} {to.model}"


def _longest_setting(to: Recipient) -> str:
    return f"ask.longest.{to.base_url} {to.model}"


def _may_be_reasoning(to: Recipient, said: str) -> bool:
    """Whether a refusal may mean the wish for reasoning. Anthropic names it (older models know another form of it); others
    say what they like."""
    return to.provider != ANTHROPIC or any(word in said.lower() for word in ("thinking", "effort", "output_config"))


class AskSetup:
    """Settings of asking over the archive, the keyring and the asking process.

    The keyring may take seconds: what touches it is a job, or says that it blocks; the others answer from what these found.
    """

    def __init__(self, archive: Archive, keys: KeyStore, consultation: Consultation, jobs: Jobs) -> None:
        self._archive, self._keys, self._consultation, self._jobs = archive, keys, consultation, jobs
        self._lock = threading.Lock()
        self._choosing = threading.Lock()  # held for no longer than a choice is written
        self._once: Chosen | None = None
        self._known: dict[str, str] = {}  # settings as read or set: asked for with every key that is typed
        self._listed: dict[str, tuple[ModelRow, ...]] = {}
        self._states: dict[str, KeyState] = {}

    # --- who
    def chosen(self) -> Chosen:
        """The choice in force: the one for this run, else the kept one."""
        once = self._once
        if once is not None:
            return once
        name = self._setting("ask.provider", ANTHROPIC)
        row = provider(name if name in (ANTHROPIC, ADDRESS) else ANTHROPIC)
        return Chosen(
            row.id,
            row.base_url or self._kept(row.id, "base_url", ""),
            self._model_of(row),
            self._kept(row.id, "key_style", KeyStyle.BEARER.value),
        )

    def _model_of(self, row: Provider) -> str:
        return self._kept(row.id, "model", "") or row.default_model

    def _kept(self, name: str, field: str, default: str) -> str:
        return self._setting(f"ask.{name}.{field}", default)

    def _setting(self, name: str, default: str) -> str:
        """What cannot be read counts as never set: asking goes on with the usual choice."""
        if name not in self._known:
            try:
                read = str(self._archive.settings_get(name, default))
            except ProblemError:
                return default
            return self._known.setdefault(name, read)  # a choice made while this was read from the disk stands
        return self._known[name]

    def _set(self, values: dict[str, str]) -> None:
        """Holds at once, and for this run also where it cannot be kept; that is said where the archive's trouble is."""
        self._known |= values
        for name, value in values.items():
            with suppress(ProblemError):
                self._archive.settings_set(name, value)

    def choose(self, provider: str, base_url: str, model: str, key_style: str = KeyStyle.BEARER.value) -> None:
        """Keep a choice (no model named: the one before); raises ProblemError for an address that cannot be one."""
        with self._choosing:
            self._choose(Chosen(provider, base_url, model, key_style))

    def _choose(self, chosen: Chosen) -> None:
        base_url = "" if chosen.provider == ANTHROPIC else clean_address(chosen.base_url)
        model = chosen.model.strip() or self._model_of(provider(chosen.provider))
        self._once = None
        fields = (("base_url", base_url), ("model", model), ("key_style", chosen.key_style))
        chosen_fields = {f"ask.{chosen.provider}.{field}": value for field, value in fields}
        self._set({"ask.provider": chosen.provider, **chosen_fields})

    def choose_once(self, name: str | None, base_url: str | None, model: str | None, key_style: str) -> None:
        """A choice for this run only (commands); None keeps what is set. Raises ProblemError for a service that nobody knows and
        for an address that cannot be one."""
        now = self.chosen()
        if base_url is not None:
            # An address without a model named is asked for the usual one: gateways know it, local programs answer any name.
            self._once = Chosen(ADDRESS, clean_address(base_url), model or DEFAULT_MODEL, key_style)
        elif name not in (None, ANTHROPIC, ADDRESS):
            raise ProblemError(problem("no_such_provider"))
        elif name is not None and name != now.provider:
            row = provider(name)
            address = row.base_url or self._kept(name, "base_url", "")
            self._once = Chosen(name, address, model or self._model_of(row), key_style)
        elif model:
            self._once = Chosen(now.provider, now.base_url, model, now.key_style)

    def recipient(self) -> Recipient:
        """Who would get a question now; raises ProblemError while no address is set."""
        chosen = self.chosen()
        to = recipient(chosen.provider, chosen.model, chosen.base_url, KeyStyle(chosen.key_style))
        longest = self._setting(_longest_setting(to), "")
        return replace(
            to,
            wants_reasoning=self._setting(_plain_setting(to), "") != "yes",
            max_tokens=int(longest) if longest.isdecimal() else to.max_tokens,
        )

    def learn_from(self, to: Recipient, answer: Answer) -> Answer:
        """An address that refused the request is asked more simply from now on, or for a shorter answer; the answer then
        says so."""
        refused = answer.problem
        if refused is None:
            return answer
        if refused.code == "ask_not_accepted" and to.wants_reasoning and _may_be_reasoning(to, refused.where):
            self._set({_plain_setting(to): "yes"})
            return replace(answer, problem=problem("ask_more_simply", refused.where))
        shorter = to.max_tokens // SHORTER
        if (
            to.provider != ANTHROPIC
            and refused.code == "ask_no_room"
            and tells_shorter(refused.where)
            and shorter >= LEAST_TOKENS
        ):
            self._set({_longest_setting(to): str(shorter)})
            return replace(answer, problem=problem("ask_shorter", refused.where, tokens=shorter))
        return answer

    def settings(self) -> AskSettings:
        """As shown in Settings."""
        chosen = self.chosen()
        state = self._states.get(self.key_name(), KeyState("unknown", tr("Looking for a key…")))
        return AskSettings(
            chosen.provider, chosen.base_url, chosen.model, state.words, chosen.key_style
        )  # fmt: skip

    # --- keys
    def key_name(self) -> str:
        """Under which name the key of who answers now is kept."""
        chosen = self.chosen()
        return chosen.provider if chosen.provider == ANTHROPIC else chosen.base_url

    def keep_key(self, key: str) -> Job[AskSettings]:
        """Put a key in the system's password store, or keep it for this run where there is none ("" forgets it)."""
        name = self.key_name()  # of now: the person may turn to another address before the worker begins

        def work(job: Job[AskSettings]) -> AskSettings:
            self._keys.keep(name, Key(key) if key.strip() else None)
            self._note_state(name)
            return self.settings()

        return self._jobs.start("key", work)

    def look_for_key(self) -> Job[object]:
        """Bring the key of who answers now into memory, so that `why_not` knows; the result says nothing."""
        return self._jobs.start("key", lambda job: self._key_of(self.key_name()) is not None)

    def _key_of(self, name: str) -> Key | None:
        """The key kept under this name. Blocks on the keyring."""
        key = self._keys.get(name)
        self._note_state(name)
        return key

    def _note_state(self, name: str) -> None:
        """What the key store says now; of two workers the one that asked last is believed."""
        with self._lock:
            self._states[name] = self._keys.state(name)

    def keyring_words(self) -> tuple[str, bool]:
        """What key store there is, whether there is a key, and whether the store works. Blocks on the keyring."""
        self._key_of(self.key_name())
        store, works = self._keys.store_words()
        kind = self._states[self.key_name()].kind
        return f"{store} {tr(_KEY_THERE if kind != 'none' else _NO_KEY)}", works

    def why_not(self) -> Problem | None:
        """Why asking is off as far as is known, or None."""
        chosen = self.chosen()
        state = self._states.get(self.key_name())
        if chosen.provider == ANTHROPIC and state is not None and state.kind == "none":
            return problem("key_missing")
        if not chosen.base_url:
            return problem("no_address")
        return None if chosen.model else problem("no_model")

    def check_ready(self) -> None:
        """Blocks on the keyring; raises ProblemError when asking is off."""
        self._key_of(self.key_name())
        why = self.why_not()
        if why is not None:
            raise ProblemError(why)

    def warm_up(self) -> Job[None]:
        """Start the asking process and bring the key into memory, in the background (when the panel opens)."""

        def work(job: Job[None]) -> None:
            self._consultation.warm()
            self._key_of(self.key_name())

        return self._jobs.start("warm up", work)

    # --- models
    def models(self) -> tuple[ModelChoice, ...]:
        """What the service listed this run, else the dated table."""
        chosen = self.chosen()
        host = host_of(chosen.base_url)
        rows = self._listed.get(chosen.base_url)
        if rows is not None:
            return tuple(
                ModelChoice(r.id, r.name, r.takes_pictures, price_words(r.id, host), from_service=True) for r in rows
            )
        if chosen.provider == ANTHROPIC:
            return tuple(
                ModelChoice(r.id, r.name, True, price_words(r.id, host), from_service=False) for r in offered()
            )
        name = chosen.model
        return (ModelChoice(name, name, None, price_words(name, host), from_service=False),) if name else ()

    def test_connection(self) -> Job[ConnectionReport]:
        """Ask the provider for its model list; sends no picture."""
        return self._jobs.start("connection", lambda job: self._test())

    def _test(self) -> ConnectionReport:
        try:
            to, before = self.recipient(), self.chosen()
            key = self._key_of(key_name(to))  # its own, whatever is chosen by then
            found = self._consultation.test(to, key)
        except ProblemError as failure:
            return ConnectionReport(False, failure.problem.words)
        if found.models is not None and found.models.from_service:
            with self._lock:
                self._listed[to.base_url] = found.models.rows
            if not to.model and found.models.rows:  # none was named yet: the first it offers
                self._take_model(before, found.models.rows[0].id)
        return ConnectionReport(found.ok, found.words, self.models())

    def _take_model(self, before: Chosen, model: str) -> None:
        """The first model an address offers, unless the person has chosen something else while it was asked."""
        with self._choosing:
            if self.chosen() == before:
                self._choose(replace(before, model=model))

    # --- cost
    def estimate_words(self, question: str) -> str:
        """For one square picture, before it is drawn; the preview has the exact figure."""
        chosen = self.chosen()
        host = host_of(chosen.base_url)
        if host != PRICED_HOST:
            words = elsewhere(is_local=is_local(host))
            return words[:1].upper() + words[1:]
        words = _usual_cost(chosen.model, question)
        return tr("{cost} for this question", cost=words[:1].upper() + words[1:])


@cache  # the table is shipped; asked for every model each time the panel fills
def price_words(model_id: str, host: str) -> str:
    """ "about 4 to 33 US cents" for a usual question, or why no price can be told."""
    if host != PRICED_HOST:
        return elsewhere_words(is_local=is_local(host))
    return _usual_cost(model_id)


def _usual_cost(model_id: str, question: str = "") -> str:
    """For a square picture: the panel and the list of models name the same sum until the question grows long."""
    size = send_size(512, 512, image_tier(model_id))
    return estimate(model_id, [size], [question], MAX_TOKENS, USUAL_WORDS).words
