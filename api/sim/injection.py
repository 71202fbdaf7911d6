"""Injection: carries out fault rules, rate limits and a node's latency on requests that the ring has let in.

The ring's one seam ends here. Effects on services themselves act in the core, not here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from math import ceil
from typing import Protocol

from ucmsim.api.origin import Origin
from ucmsim.api.rest.problems import (
    NODE_UNREACHABLE,
    NOT_AUTHENTICATED,
    RATE_LIMITED,
    Problem,
    problem_response,
)
from ucmsim.api.ring import severing
from ucmsim.api.ring.authentication import CHALLENGE
from ucmsim.api.ring.exchange import ClientGoneError, Exchange
from ucmsim.api.ring.interception import Alteration, InterceptedError
from ucmsim.api.ring.pages import page
from ucmsim.api.ring.reply import HTML, Reply
from ucmsim.api.ring.web_application import is_command, uncacheable
from ucmsim.api.sim import answers, asking, wire
from ucmsim.api.sim.effects import (
    AuthFail,
    Delay,
    Drop,
    HttpStatus,
    RequestEffect,
    Reset,
    SoapFault,
    Throttle,
    Truncate,
    WrongResult,
)
from ucmsim.api.sim.limits import MINUTE, Limits
from ucmsim.models.disturbances import Refusal
from ucmsim.models.faults import Effect, Match, Rule, Subject
from ucmsim.models.states import SECOND, Instant, NodeRef

_ONLY_SOAP = (SoapFault, WrongResult, Refusal)


class Rules(Protocol):
    """Where fault rules are kept and counted."""

    @property
    def seed(self) -> int:
        """What chances are drawn from."""

    def may_act(self, wanted: Callable[[Effect], bool]) -> bool:
        """Whether some rule with a wanted effect is armed."""

    def act(self, subject: Subject, wanted: Callable[[Effect], bool], origin: Origin) -> tuple[Rule, ...]:
        """Count the rules that match and return those that act; may block."""


@dataclass(frozen=True)
class World:
    """What the injection asks of the simulation.

    `services` are the names that a node offers, `latency` is in milliseconds, `rate` says how many calls of an API a
    minute are accepted (None: any number) and `real_seconds_until` how long that is until a simulated moment.
    `rest_follows_tomcat` is the setting, `tomcat_is_down` is asked of nodes that may not exist.
    """

    rules: Rules
    now: Callable[[], Instant]
    zone: Callable[[NodeRef], tzinfo]
    services: Callable[[NodeRef], tuple[str, ...]]
    latency: Callable[[NodeRef], int]
    rate: Callable[[str], int | None]
    real_seconds_until: Callable[[Instant], float | None]
    rest_follows_tomcat: Callable[[], bool] = lambda: False
    tomcat_is_down: Callable[[NodeRef], bool] = lambda _node: False


class Injection:
    """The ring's interception. Rules are counted in `executor`, `sleep` takes real seconds."""

    def __init__(
        self, world: World, executor: Executor, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._world = world
        self._executor = executor
        self.sleep = sleep
        self._limits = Limits()

    async def __call__(
        self, exchange: Exchange, node: NodeRef, user: str, body: bytes
    ) -> Reply | Alteration | None:
        """Disturb a request as limits and rules say."""
        api = asking.api_of(exchange.path)
        if api is None:
            return None
        self._follow_tomcat(api, exchange)
        wait = self._latency(api, node) / SECOND
        until = self._limited(api, exchange, node, user)
        if until is not None:
            await self._pause(wait)
            return self._throttled(api, exchange.path, until)
        rules = await self._acting(api, exchange, node, user, body)
        for rule in rules:
            if isinstance(rule.effect, Delay):
                wait += rule.effect.drawn(rule.draw(self._world.rules.seed, "delay")) / SECOND
        await self._pause(wait)
        terminal = next((rule for rule in rules if rule.effect.terminal), None)
        return None if terminal is None else await self._carry_out(terminal, api, exchange, node)

    def idle(self, path: str, node: NodeRef) -> bool:
        """Whether nothing is armed against requests to `path` of a node: no rule, no limit, no latency."""
        api = asking.api_of(path)
        world = self._world
        return api is None or (
            self._latency(api, node) == 0
            and world.rate(api) is None
            and not (api == asking.REST and world.rest_follows_tomcat())
            and not world.rules.may_act(lambda effect: _possible(effect, on_soap=api != asking.REST))
        )

    def forget(self) -> None:
        """Forget who has called how often."""
        self._limits.clear()

    def _latency(self, api: str, node: NodeRef) -> int:
        """Return by how many milliseconds a node's own interfaces answer later; the operator's API is none of them."""
        return 0 if api == asking.REST else self._world.latency(node)

    def _follow_tomcat(self, api: str, exchange: Exchange) -> None:
        """Refuse what is below a node's path while its Tomcat is down, if the settings want that."""
        if api != asking.REST or not self._world.rest_follows_tomcat():
            return
        asked = asking.rest(exchange.method, exchange.path)
        if asked.cluster and asked.node and self._world.tomcat_is_down(NodeRef(asked.cluster, asked.node)):
            text = f"Cisco Tomcat of {asked.node} is down"
            raise InterceptedError(_problem(Problem(NODE_UNREACHABLE, text), exchange.path))

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await self.sleep(seconds)

    async def _acting(
        self, api: str, exchange: Exchange, node: NodeRef, user: str, body: bytes
    ) -> tuple[Rule, ...]:
        """Return the rules that act on this request, counted and noted for the journal."""
        on_soap = api != asking.REST

        def possible(effect: Effect) -> bool:
            return _possible(effect, on_soap=on_soap)

        if not self._world.rules.may_act(possible):
            return ()
        asked = asking.asked(
            exchange.method, exchange.path, exchange.query, body, exchange.text(b"content-type")
        )

        def wanted(effect: Effect) -> bool:
            # Commands are refused in the core, where nothing of them is done.
            return possible(effect) and not (isinstance(effect, Refusal) and is_command(asked.operation))

        subject = Subject(
            api,
            asked.operation,
            asked.cluster or node.cluster,
            asked.node or node.node,
            exchange.client,
            asked.services or self._world.services(node),
        )
        origin = Origin("REST" if api == asking.REST else "SOAP", user, exchange.client, asked.operation)
        acting = await asyncio.get_running_loop().run_in_executor(
            self._executor, self._world.rules.act, subject, wanted, origin
        )
        if acting:
            exchange.note(faults=[rule.id for rule in acting])
        return acting

    async def _carry_out(
        self, rule: Rule, api: str, exchange: Exchange, node: NodeRef
    ) -> Reply | Alteration | None:
        match rule.effect:
            case SoapFault() as effect:
                return answers.fault(effect)
            case Refusal() as effect:
                return partial(_with_reason, effect, rule.match)
            case WrongResult() as effect:
                return partial(_with_text, effect)
            case HttpStatus() as effect:
                raise InterceptedError(_as_given(effect))
            case AuthFail() if api == asking.REST:
                raise InterceptedError(
                    _problem(Problem(NOT_AUTHENTICATED, "an injected fault"), exchange.path)
                )
            case AuthFail():
                raise InterceptedError(page(401, uncacheable(self._world.zone(node)) + CHALLENGE))
            case Throttle():
                return self._throttled(api, exchange.path, self._world.now() + MINUTE)
            case Truncate() as effect:
                exchange.note(**{wire.CUT: effect.length})
            case Drop():
                severing.close(exchange.scope)
                await exchange.gone()
                raise ClientGoneError
            case Reset():
                severing.reset(exchange.scope)
                await exchange.gone()
                raise ClientGoneError
        return None

    def _limited(self, api: str, exchange: Exchange, node: NodeRef, user: str) -> Instant | None:
        """Count a call; if it is one too many, return until when. Requests for a contract do not count."""
        allowed = self._world.rate(api)
        if allowed is None or (api != asking.REST and exchange.method != "POST"):
            return None
        key = (asking.REST, user, "") if api == asking.REST else ("SOAP", node.cluster, node.node)
        return self._limits.refused(key, allowed, self._world.now())

    def _throttled(self, api: str, path: str, until: Instant) -> Reply:
        if api != asking.REST:
            return answers.throttled(self._world.rate(api))
        seconds = self._world.real_seconds_until(until)
        headers = {} if seconds is None else {"Retry-After": str(ceil(seconds))}
        return _problem(Problem(RATE_LIMITED, "too many requests in this minute", headers=headers), path)


def _possible(effect: Effect, *, on_soap: bool) -> bool:
    """Whether an effect can come over a request at all."""
    return isinstance(effect, RequestEffect | Refusal) and (on_soap or not isinstance(effect, _ONLY_SOAP))


def _with_reason(effect: Refusal, match: Match, reply: Reply) -> Reply:
    return answers.with_reason(reply, effect, match)


def _with_text(effect: WrongResult, reply: Reply) -> Reply:
    return answers.with_text(reply, effect)


def _as_given(effect: HttpStatus) -> Reply:
    named = {name.lower(): name for name in effect.headers}
    content_type = effect.headers[named["content-type"]] if "content-type" in named else HTML
    headers = tuple(
        (name, value)
        for name, value in effect.headers.items()
        if name.lower() not in {"content-type", "content-length", "transfer-encoding"}
    )
    body = b"" if effect.status in (204, 304) else effect.body.encode()
    return Reply(effect.status, body, content_type, headers)


def _problem(problem: Problem, path: str) -> Reply:
    status, headers, body = problem_response(problem, path)
    kind = headers.pop("Content-Type")
    return Reply(status, body, kind, tuple(headers.items()))
