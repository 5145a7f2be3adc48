"""How an answer stands, in words: the same first word and sentence on screen, in the history and in the PDF."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.answer.answer import Answer, AnswerState
from viewer.problem import Problem, problem
from viewer.text.translate import count_of, tr


@dataclass(frozen=True, slots=True)
class StateWords:
    """`first` stands alone before the sentence ("Cut off"); the sentence may be empty (a complete answer needs none)."""

    first: str
    sentence: str = ""


_ROWS: dict[AnswerState, StateWords] = {
    AnswerState.SENDING: StateWords("Sending"),
    AnswerState.REASONING: StateWords("Reasoning"),
    AnswerState.ANSWERING: StateWords("Answering"),
    AnswerState.WAITING: StateWords("Waiting"),
    AnswerState.COMPLETE: StateWords("Complete"),
    AnswerState.CUT_OFF: StateWords(
        "Cut off", "The answer stops here because it reached its length limit. What is missing is unknown."
    ),
    AnswerState.REFUSED: StateWords("Refused", "The service declined to answer. Nothing was sent elsewhere."),
    AnswerState.STOPPED: StateWords(
        "Stopped", "You stopped this answer, so it is incomplete. What had been sent cannot be called back."
    ),
    AnswerState.BROKEN: StateWords("Broken off", "The connection ended before the answer was finished."),
    AnswerState.TIMED_OUT: StateWords("Timed out", "There was no sign of life for too long."),
    AnswerState.FAILED: StateWords("Failed", "The question could not be answered."),
}

# Problems with which no byte of the question left: nobody picked up or could prove who they are, or there was no record.
NOBODY_THERE = frozenset({
    "ask_no_connection", "ask_not_picked_up", "ask_not_trusted", "ask_not_as_agreed", "ask_not_this_computer",
    "ask_address_wrong", "ask_not_encrypted",
})  # fmt: skip
NO_RECORD = frozenset({"ledger_not_written", "ledger_key_missing"})

_TELLING = frozenset({  # problems whose reason only the service knows
    "ask_not_accepted", "ask_too_large", "ask_no_pictures", "ask_more_simply", "ask_service_down", "ask_unexpected_status",
    "answer_not_streamed", "answer_service_error", "ask_no_room", "ask_shorter", "ask_no_credit",
})  # fmt: skip

# What services say where question and answer do not fit: llama.cpp, vLLM, LM Studio, Anthropic, and many behind a gateway.
_NO_ROOM = (
    "context size", "context length", "context limit", "context window", "prompt is too long", "maximum model length",
)  # fmt: skip
_ROOM_FOR_THE_ANSWER = (
    "max_tokens",
    "max_completion_tokens",
    "output tokens",
    "completion tokens",
    "in the completion",
)

# What the service says about its end → our state and the code of the problem shown with it.
_STOP_REASONS: dict[str, tuple[AnswerState, str]] = {
    "end_turn": (AnswerState.COMPLETE, ""),
    "max_tokens": (AnswerState.CUT_OFF, "answer_length_limit"),
    "model_context_window_exceeded": (AnswerState.CUT_OFF, "answer_context_limit"),
    "refusal": (AnswerState.REFUSED, "answer_refused"),
    "tool_use": (AnswerState.BROKEN, "answer_wants_more"),
    "pause_turn": (AnswerState.BROKEN, "answer_wants_more"),
}

_REFUSAL_WORDS = {
    "bio": "biology",
    "cyber": "computer security",
    "frontier_llm": "building AI models",
    "general_harms": "possible harm",
    "reasoning_extraction": "asking for the model's inner reasoning",
}


def state_words(answer: Answer) -> StateWords:
    """First word and sentence for an answer, translated. An ended answer's sentence is that of its own problem."""
    row = _ROWS[answer.state]
    if answer.problem is not None and answer.state.ended:
        return StateWords(tr(row.first), answer.problem.words)
    if answer.state is AnswerState.WAITING:
        return StateWords(tr(row.first), waiting_words(answer.wait_seconds))
    if answer.state is AnswerState.COMPLETE and not answer.text.strip():
        return StateWords(tr(row.first), tr("The model ended without writing an answer."))
    return StateWords(tr(row.first), tr(row.sentence) if row.sentence else "")


def waiting_words(seconds: float) -> str:
    """What is said while the service is given time."""
    one = "The service is busy. Trying again in {n} second."
    return count_of(max(1, round(seconds)), one, "The service is busy. Trying again in {n} seconds.")


def said_words(answer: Answer) -> str:
    """What the service itself said about its refusal, as its words; "" where its own state says it all."""
    if answer.problem is None or answer.problem.code not in _TELLING or not answer.problem.where:
        return ""
    return tr("It said: “{words}”", words=answer.problem.where)


def tells_no_room(said: str) -> bool:
    """Whether a service's own words mean that question and answer are too long for the model."""
    plain = said.lower()
    return "thinking" not in plain and any(words in plain for words in (*_NO_ROOM, *_ROOM_FOR_THE_ANSWER))


def tells_shorter(said: str) -> bool:
    """Whether they mean that it would take the question if it were to answer in fewer words."""
    return any(words in said.lower() for words in _ROOM_FOR_THE_ANSWER)


def stopped(answer: Answer) -> Problem:
    """The person's stop: what there is of the answer is incomplete, or there is none."""
    return problem("answer_stopped" if answer.text.strip() else "answer_stopped_early")


def left(answer: Answer) -> Problem:
    """Nobody pressed Stop: another scan was opened, this one was closed, or the program ended."""
    return problem("answer_left" if answer.text.strip() else "answer_left_early")


def ending_of(stop_reason: str, category: str | None = None) -> tuple[AnswerState, Problem | None]:
    """State and problem for the service's `stop_reason`; one we do not know means that the end cannot be trusted."""
    state, code = _STOP_REASONS.get(stop_reason, (AnswerState.BROKEN, "answer_unknown_end"))
    if not code:
        return state, None
    if state is AnswerState.REFUSED:
        return state, problem(code, category=_category_words(category))
    return state, problem(code)


def _category_words(category: str | None) -> str:
    if not category:
        return tr("no category given")
    return tr("category: {words}", words=tr(_REFUSAL_WORDS.get(category, "one that Sidelight does not know")))
