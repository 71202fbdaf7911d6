"""The director: takes running scenarios from step to step, when their time, their event or their request has come.

It decides when; what an action does is handed in. Nothing depends on its thread but that steps come by themselves:
whoever advances the clock lets it take the steps that lie on the way.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from ucmsim.api.engine import Engine
from ucmsim.api.events.happenings import Event
from ucmsim.api.origin import Origin
from ucmsim.api.sim import playbook
from ucmsim.models.catalogue import slug
from ucmsim.models.faults import Subject
from ucmsim.models.scenario import OnEvent, OnRequest, Scenario
from ucmsim.models.states import Instant

if TYPE_CHECKING:
    from ucmsim.api.sim.documents.scenarios import ActionBody

log = logging.getLogger(__name__)

_BATCH = 1000
_PAUSE_AFTER_FAILURE = 1.0

Perform = Callable[[str, "ActionBody"], None]


class Director:
    """Directs the scenarios of one server. `perform` carries out an action on behalf of a scenario, by its name."""

    def __init__(self, engine: Engine, perform: Perform) -> None:
        self._engine = engine
        self._perform = perform
        self._stepping = threading.RLock()
        self._running: Mapping[str, Scenario] = {}
        self._called: deque[Scenario] = deque()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._seen = 0

    def begin(self) -> None:
        """Go on with what was running when the server ended."""
        _, self._seen = self._engine.event_range()
        self.refresh()

    def refresh(self) -> None:
        """Take over what the store has, and see to it that steps come by themselves."""
        with self._engine.reading() as connection:
            plays = playbook.read(connection).values()
        running = {play.scenario.id: play.scenario for play in plays if play.scenario.awaited}
        if not any(isinstance(scenario.awaited, OnEvent) for scenario in self._running.values()):
            _, self._seen = self._engine.event_range()  # nobody has looked for a while
        self._running = running
        if running and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="ucmsim-scenarios", daemon=True)
            self._thread.start()
        self._engine.wake()

    def join(self) -> None:
        """Wait for the end; call it when the engine has been closed."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else take steps meanwhile; `take` may be called inside."""
        with self._stepping:
            yield

    @property
    def due(self) -> Instant | None:
        """When the next step comes by its time."""
        return min((each.due for each in self._running.values() if each.due is not None), default=None)

    @property
    def listens(self) -> bool:
        """Whether a step waits for an event: then every planned change may bring it."""
        return any(isinstance(each.awaited, OnEvent) for each in self._running.values())

    def heard(self, subject: Callable[[], Subject]) -> None:
        """Let a request bring the steps that wait for it, soon; never waits."""
        if not self._running:
            return
        waiting = [each for each in self._running.values() if isinstance(each.awaited, OnRequest)]
        if waiting:
            what = subject()
            self._called.extend(each for each in waiting if each.called(what))
            self._engine.wake()

    def take(self) -> None:
        """Take every step whose time, event or request has come."""
        with self._stepping:
            while self._take_called() or self._take_due() or self._take_roused():
                continue

    def _take_called(self) -> bool:
        if not self._called:
            return False
        scenario = self._called.popleft()
        if self._running.get(scenario.id) == scenario:
            self._step(scenario)
        return True

    def _take_due(self) -> bool:
        now = self._engine.clock.now()
        scenario = next((each for each in self._running.values() if each.reached(now)), None)
        if scenario is not None:
            self._step(scenario)
        return scenario is not None

    def _take_roused(self) -> bool:
        if not self.listens:
            return False
        events = self._engine.events(self._seen, _BATCH)
        for event in events:
            self._seen = event.id
            facts = _facts(event)
            roused = [each for each in self._running.values() if each.roused(facts)]
            for scenario in roused:
                self._step(scenario)
        return bool(events)

    def _step(self, scenario: Scenario) -> None:
        """Note that a step is done, then do it: killed between the two, a server leaves it out rather than repeat it."""
        with self._engine.transaction([], Origin("SIM", scenario.id, "")) as transaction:
            after = scenario.stepped(transaction.now)
            mine = playbook.move(transaction.connection, scenario, after)
        self.refresh()
        if not mine:
            return
        for action in scenario.steps[scenario.current].do:
            try:
                self._perform(scenario.id, cast("ActionBody", action))
            except Exception:
                log.exception("an action of step %d of scenario %s failed", scenario.current, scenario.id)

    def _run(self) -> None:
        seen: int | None = 0
        while seen is not None:
            try:
                self._engine.publish()
                self.take()
                seen = self._engine.rest(seen, self.due)
            except Exception:
                log.exception("scenarios could not go on; trying again")
                if self._ended.wait(_PAUSE_AFTER_FAILURE):
                    return


def _facts(event: Event) -> dict[str, object]:
    """Return what a step may ask of an event: as in its CloudEvent, in one level."""
    named = {"cluster": event.cluster, "node": event.node, "service": slug(event.service)}
    return {**event.data, **named, "type": event.type}
