"""Asks a language model over the chat completions API that OpenAI, Ollama, vLLM and most others speak."""

import json
import logging
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx

from scanner.ask import wording
from scanner.ask.address import Address
from scanner.ask.allowance import Allowance
from scanner.ask.cache import Cache
from scanner.checks.asking import Answer, Question, Unanswered

log = logging.getLogger(__name__)

SEED = 5812
MAX_ANSWER_TOKENS = 1_200
MAX_ANSWER_BYTES = 256_000
_CONNECT_SECONDS = 5.0
_AGAIN_AFTER = (1.0, 4.0)  # seconds before the second and the third try
_MAX_WAIT = 20.0  # a server that wants more patience than that is not waited for
_PASSING = frozenset({429, 500, 502, 503, 504})


@dataclass(slots=True, kw_only=True)
class ChatAsker:
    """Asks one model; every failure ends as Unanswered, with the reason in words."""

    address: Address
    key: str = field(repr=False)
    seconds: float  # that one try may take
    allowance: Allowance
    sleep: Callable[[float], None] = time.sleep
    name: str = field(init=False)
    version: str = field(init=False)
    _cache: Cache = field(init=False)
    _tls: ssl.SSLContext = field(init=False)

    def __post_init__(self) -> None:
        """Derive who answers: the model's name and the wording are part of the judge's version."""
        self.name = self.address.model
        self.version = f"{wording.VERSION}:{self.address.model}"
        self._cache = Cache(version=self.version)
        self._tls = ssl.create_default_context()

    def ask(self, question: Question) -> Answer:
        """Return what the model answered, now or to the same question before. Raises Unanswered."""
        known = self._cache.get(question)
        if known is not None:
            return known
        messages = wording.messages(question)
        try:
            answer = wording.answer_of(self._said(messages))
        except ValueError:
            nudge = {"role": "user", "content": "That was not JSON of the given schema. Answer with nothing else."}
            answer = self._second(messages, nudge)
        self._cache.put(question, answer)
        return answer

    def unreachable(self) -> str:
        """Ask the server for its models; return "" where it answers, else why not, for doctor."""
        try:
            with self._client() as client:
                answer = client.get("/models")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _words(error)
        return "" if answer.is_success else f"answers {answer.status_code}"

    def _second(self, messages: list[dict[str, str]], nudge: dict[str, str]) -> Answer:
        try:
            return wording.answer_of(self._said([*messages, nudge]))
        except ValueError as error:
            log.info("A language model answered out of form twice.", extra={"event": "ask.malformed"})
            raise Unanswered(f"the language model {self.name} answered out of form twice") from error

    def _said(self, messages: list[dict[str, str]]) -> str:
        """Return the text of one answer. Raises Unanswered, and ValueError where it is no chat completion."""
        body = {
            "model": self.address.model,
            "messages": messages,
            "response_format": wording.answer_format(),
            "temperature": 0,
            "seed": SEED,
            "max_tokens": MAX_ANSWER_TOKENS,
            "stream": False,
        }
        content = self._post(body)
        try:
            completion = json.loads(content)
            said = completion["choices"][0]["message"]["content"]
            usage = completion.get("usage") or {}
            tokens = int(usage.get("total_tokens") or (len(json.dumps(messages)) + len(content)) // 4)
        except (LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise ValueError("no chat completion") from error
        self.allowance.spent(tokens)
        return str(said)

    def _post(self, body: dict[str, object]) -> bytes:
        because = ""
        for pause in (0.0, *_AGAIN_AFTER):
            self.sleep(pause)
            refused = self.allowance.refused()
            if refused:
                raise Unanswered(refused if not because else f"the language model {self.name} {because}")
            try:
                return self._once(body)
            except _NotNow as error:
                because = str(error)
                self.allowance.failed()
                if error.wait is None or error.wait > _MAX_WAIT:
                    break
                self.sleep(error.wait)
        log.info("A language model did not answer.", extra={"event": "ask.unanswered"})
        raise Unanswered(f"the language model {self.name} {because}")

    def _once(self, body: dict[str, object]) -> bytes:
        try:
            with self._client() as client, client.stream("POST", "/chat/completions", json=body) as answer:
                if not answer.is_success:
                    raise _NotNow(f"answered {answer.status_code}", wait=_wait(answer))
                return b"".join(_bounded(answer.iter_bytes(), until=time.monotonic() + self.seconds))
        except httpx.TimeoutException as error:
            raise _NotNow(_words(error), wait=None) from error  # a model that is too slow is so the next time, too
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _NotNow(_words(error), wait=0.0) from error

    def _client(self) -> httpx.Client:
        """Return a client that goes nowhere else: no redirect, and for a local model no proxy of the environment."""
        return httpx.Client(
            base_url=self.address.url,
            headers={"Authorization": f"Bearer {self.key}"} if self.key else {},
            timeout=httpx.Timeout(self.seconds, connect=min(_CONNECT_SECONDS, self.seconds)),
            verify=self._tls,
            follow_redirects=False,
            trust_env=not self.address.local,
        )


class _NotNow(Exception):
    """One try failed; `wait` is how long to wait before another makes sense, None for never."""

    def __init__(self, because: str, *, wait: float | None) -> None:
        super().__init__(because)
        self.wait = wait


def _wait(answer: httpx.Response) -> float | None:
    if answer.status_code not in _PASSING:
        return None
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() else 0.0


def _bounded(pieces: Iterator[bytes], *, until: float) -> Iterator[bytes]:
    """Yield an answer's pieces; a server that sends drop by drop, or without end, is left."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MAX_ANSWER_BYTES or time.monotonic() > until:
            raise _NotNow("answered without end", wait=None)
        yield piece


def _words(error: Exception) -> str:
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return "cannot be reached"
        case httpx.TimeoutException():
            return "took too long"
        case _:
            return "broke off"
