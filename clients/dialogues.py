"""Dialogues with a node: one or several calls, pauses between them, and what the answers mean.

Each is a generator that yields calls and pauses and is sent the answers, so that the same dialogue serves threads and
event loops, and is tested without either. No network, no clock and no sleep here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ucmsim.clients.errors import (
    NotReachedError,
    RefusedError,
    ThrottledError,
    UcmError,
    UnknownServiceError,
)
from ucmsim.clients.reasons import advice
from ucmsim.clients.results import SEVERAL, SUCCESS, Action, Answer, Reason, ServiceState, Status

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Monotonic = Callable[[], float]
Seen = Callable[[Sequence[ServiceState]], object]


class Call(Protocol[T_co]):
    """Anything that can be carried to a node and makes a value of the answer, whatever the protocol."""

    @property
    def read(self) -> Callable[[Any], T_co]: ...


@dataclass(frozen=True, slots=True)
class Pause:
    """Ask nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Ask:
    """Carry out a call, and send back what it returns or throw in what it raises."""

    call: Call[Any]


Dialogue = Generator[Pause | Ask, Any, T]


def carry(dialogue: Dialogue[T], ask: Callable[[Any], Any], sleep: Callable[[float], object]) -> T:
    """Carry a dialogue to its end: `ask` carries out a call or raises UcmError, `sleep` waits."""
    resume: Callable[[Any], Any] = dialogue.send
    told = None
    while True:
        try:
            step = resume(told)
        except StopIteration as end:
            result: T = end.value
            return result
        resume, told = dialogue.send, None
        if isinstance(step, Pause):
            sleep(step.seconds)
            continue
        try:
            told = ask(step.call)
        except UcmError as error:
            resume, told = dialogue.throw, error


async def carry_awaiting(
    dialogue: Dialogue[T],
    ask: Callable[[Any], Awaitable[Any]],
    sleep: Callable[[float], Awaitable[object]],
) -> T:
    """The same as `carry` on an event loop."""
    resume: Callable[[Any], Any] = dialogue.send
    told = None
    while True:
        try:
            step = resume(told)
        except StopIteration as end:
            result: T = end.value
            return result
        resume, told = dialogue.send, None
        if isinstance(step, Pause):
            await sleep(step.seconds)
            continue
        try:
            told = await ask(step.call)
        except UcmError as error:
            resume, told = dialogue.throw, error


@dataclass(frozen=True, slots=True)
class Patience:
    """How a throttled call is repeated: after `first` seconds, then `factor` times as long each time, `limit` at most.

    The default waits 2, 4, 8, 16, 30 and 30 seconds: longer than the minute over which a node counts (`U-47`).
    """

    attempts: int = 7
    first: float = 2.0
    factor: float = 2.0
    limit: float = 30.0

    def pauses(self) -> Iterable[float]:
        """The pauses between the attempts, in seconds."""
        return [min(self.first * self.factor**number, self.limit) for number in range(self.attempts - 1)]


def patiently(call: Call[T], patience: Patience) -> Dialogue[T]:
    """One call, repeated while the node is throttling. A throttled call was not carried out, so repeating is safe."""
    for pause in patience.pauses():
        try:
            answer: T = yield Ask(call)
        except ThrottledError as refusal:
            yield Pause(pause if refusal.after is None else min(refusal.after, patience.limit))
        else:
            return answer
    last: T = yield Ask(call)
    return last


def status(call: Call[Answer], patience: Patience) -> Dialogue[list[ServiceState]]:
    """A status query: the states in the order asked."""
    answer = yield from patiently(call, patience)
    return list(answer.states)


def command(
    node: str, action: Action, call: Call[Answer], patience: Patience
) -> Dialogue[list[ServiceState]]:
    """A command: the states after it; raises RefusedError when it was not carried out in whole."""
    answer = yield from patiently(call, patience)
    failed = failures(action, answer)
    if failed or answer.reason.code != SUCCESS:
        raise refusal(node, action, answer.reason, failed)
    return list(answer.states)


def failures(action: Action, answer: Answer) -> list[ServiceState]:
    """The services that a command did not move: their state is none of its aims, or their reason is the call's.

    Both are looked at, since real servers are not consistent (specification sections 4.3 and 4.4).
    """
    blamed = {answer.reason.code} - {SUCCESS, SEVERAL}
    return [
        state for state in answer.states if state.status not in action.aims or state.reason.code in blamed
    ]


def refusal(node: str, action: Action, reason: Reason, failed: list[ServiceState]) -> RefusedError:
    """The exception for a command that was not carried out in whole."""
    if reason.code == SUCCESS and failed:
        reason = failed[0].reason
    hint = advice(reason.code)
    if reason.code == SEVERAL:
        hint = "; ".join(map(str, failed))
    return RefusedError(node, action, reason, failed, hint)


@dataclass(frozen=True)
class Waiting:
    """How a client waits for states: it asks every `interval` seconds of the clock `now`."""

    node: str
    interval: float
    patience: Patience
    now: Monotonic

    def until(
        self, call: Call[Answer], aim: Status, seconds: float, seen: Seen | None = None
    ) -> Dialogue[list[ServiceState]]:
        """Ask until every service has the status `aim`, telling `seen` each time; raises NotReachedError after `seconds`.

        Raises UnknownServiceError at once for a name that the node does not have: it would never arrive.
        """
        end = self.now() + seconds
        while True:
            states = yield from status(call, self.patience)
            if seen is not None:
                seen(states)
            for state in states:
                if not state.known:
                    raise UnknownServiceError(self.node, state.name)
            late = [state for state in states if state.status is not aim]
            if not late:
                return states
            left = end - self.now()
            if left <= 0:
                raise NotReachedError(self.node, aim, late, seconds)
            yield Pause(min(self.interval, left))

    def after(
        self, orders: Dialogue[list[ServiceState]], call: Call[Answer], aim: Status, seconds: float
    ) -> Dialogue[list[ServiceState]]:
        """Give a command, then ask until every service has the status `aim`."""
        states = yield from orders
        if states and all(state.status is aim for state in states):
            return states
        return (yield from self.until(call, aim, seconds))
