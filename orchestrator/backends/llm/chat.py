"""A local language model as a LangChain chat model, which also ranks allowed answers.

`chat.invoke(messages)` writes freely; `chat.bind(choices={"category": (...)}).invoke(messages)` answers with
the best of each slot as JSON; ranking and scores stand in `response_metadata`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, cast

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, convert_to_openai_messages
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import ConfigDict

from orchestrator.backends.llm.chat_template import fill_in
from orchestrator.backends.llm.ranking import Question, Ranker
from orchestrator.backends.torch_process import default_precision_kept, torch_threads

_PLAIN = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)
Chat = Sequence[BaseMessage]
Choices = Mapping[str, Sequence[str]]


class LocalChat(BaseChatModel):
    """A causal language model of a Hugging Face folder.

    Attributes:
        ranker: holds model and tokenizer, and scores values.
        max_tokens: how much free text is written at most.
        temperature: 0 takes the likeliest token each time.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    ranker: Ranker
    name_of_model: str = "local"
    max_tokens: int = 200
    temperature: float = 0.0
    small: ClassVar[int] = 500_000_000

    @classmethod
    def load(cls, folder: Path, *, device: str, dtype: str, threads: int) -> LocalChat:
        """From a folder on this machine: safetensors alone, no code of the folder's, no network."""
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        with _no_bars(), default_precision_kept():
            model: Any = AutoModelForCausalLM.from_pretrained(
                folder,
                dtype=getattr(torch, dtype),
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=True,
            )
        model = model.to(device).eval()
        # Barriers between threads cost a small model more than the second thread gains, and on a busy machine
        # two threads were measured 15 to 60 times slower than one.
        small = model.num_parameters() < cls.small
        ranker = Ranker(model, tokenizer, threads=1 if small else threads)
        return cls(ranker=ranker, name_of_model=folder.name)

    @property
    def _llm_type(self) -> str:
        return "orchestrator-local"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"model": self.name_of_model, "max_tokens": self.max_tokens, "temperature": self.temperature}

    def rank(
        self,
        chats: Sequence[tuple[Chat, str, Sequence[str]]],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[dict[str, float]]:
        """For each (messages, cue, values): how likely the assistant goes on from the cue with each value."""
        halves: dict[tuple[tuple[str, str], ...], tuple[str, str]] = {}
        questions: list[Question] = []
        for messages, cue, values in chats:  # the same messages come with many cues and values
            key = tuple((message.type, str(message.content)) for message in messages)
            prefix, rest = halves.get(key) or halves.setdefault(key, self._halves(messages))
            questions.append(Question(prefix, rest + cue, tuple(values)))
        return self.ranker.scores(questions, cancelled)

    def _halves(self, messages: Chat) -> tuple[str, str]:
        """What comes before the last message, and the rest up to where the assistant answers."""
        before, whole = self._text(messages[:-1], ask=False), self._text(messages, ask=True)
        prefix = before if whole.startswith(before) else ""
        return prefix, whole[len(prefix) :]

    def _text(self, messages: Chat, *, ask: bool) -> str:
        if not messages:
            return ""
        tokenizer = self.ranker.tokenizer
        turns = cast("list[dict[str, object]]", convert_to_openai_messages(list(messages)))
        template: str = tokenizer.get_chat_template() if tokenizer.chat_template else _PLAIN
        return fill_in(template, turns, ask=ask, tokens=tokenizer.special_tokens_map)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        del run_manager
        choices: Choices | None = kwargs.get("choices")
        message = self._ranked(messages, choices) if choices else self._written(messages, stop, **kwargs)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _ranked(self, messages: Chat, choices: Choices) -> AIMessage:
        scored = self.rank([(messages, f"{slot}:", values) for slot, values in choices.items()])
        scores = dict(zip(choices, scored, strict=True))
        ranked = {
            slot: sorted(values, key=values.__getitem__, reverse=True) for slot, values in scores.items()
        }
        best = {slot: values[0] for slot, values in ranked.items()}
        return AIMessage(json.dumps(best), response_metadata={"ranked": ranked, "scores": scores})

    def _written(self, messages: Chat, stop: list[str] | None, **kwargs: Any) -> AIMessage:
        import torch

        tokenizer, model = self.ranker.tokenizer, self.ranker.model
        inputs = tokenizer(self._text(messages, ask=True), add_special_tokens=False, return_tensors="pt")
        inputs = inputs.to(model.device)
        heat = float(kwargs.get("temperature", self.temperature))
        sampling: dict[str, Any] = (
            {"do_sample": True, "temperature": heat} if heat > 0 else {"do_sample": False}
        )
        if stop:
            sampling |= {"stop_strings": stop, "tokenizer": tokenizer}
        alone = torch.random.fork_rng(devices=[])
        with torch_threads(self.ranker.threads), alone, torch.inference_mode():
            torch.manual_seed(int(kwargs.get("seed", 0)))
            ids = model.generate(**inputs, max_new_tokens=self.max_tokens, **sampling)
        text = tokenizer.decode(ids[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
        return AIMessage(_before_stop(text, stop or []))


@contextmanager
def _no_bars() -> Generator[None]:
    """Progress is this project's to show; transformers would draw bars over it."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _before_stop(text: str, stop: Sequence[str]) -> str:
    ends = [at for word in stop if (at := text.find(word)) >= 0]
    return text[: min(ends, default=len(text))].strip()
