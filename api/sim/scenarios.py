"""Scenarios as testers handle them: put there, started, stopped, put back and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ucmsim.api.engine import Engine
from ucmsim.api.identifiers import unguessable
from ucmsim.api.origin import Origin
from ucmsim.api.sim import playbook
from ucmsim.api.sim.acting import Actor
from ucmsim.api.sim.director import Director
from ucmsim.api.sim.playbook import Play
from ucmsim.models.scenario import Scenario
from ucmsim.models.states import Instant

if TYPE_CHECKING:
    from ucmsim.api.sim.documents.scenarios import ScenarioBody


class Scenarios:
    """The scenarios of a server. KeyError for names that no scenario has."""

    def __init__(self, engine: Engine, director: Director, actor: Actor) -> None:
        self._engine = engine
        self._director = director
        self._actor = actor

    def all(self) -> list[Play]:
        """Return all scenarios, the oldest first."""
        with self._engine.reading() as connection:
            return list(playbook.read(connection).values())

    def get(self, name: str) -> Play:
        """Return a scenario."""
        with self._engine.reading() as connection:
            return playbook.read(connection)[name]

    def put(self, body: ScenarioBody, origin: Origin) -> tuple[Play, bool]:
        """Keep a scenario under its name, or one made for it, not begun; return it and whether it is new.

        Raises UnknownNodeError or UnknownNameError when a step names what does not exist.
        """
        for step in body.steps:
            for action in step.do:
                self._actor.check(action)
        name = body.id or unguessable("scn", self._engine.clock.now())
        with self._director.alone():
            with self._engine.transaction((), origin) as transaction:
                new = playbook.put(transaction.connection, name, body)
            self._director.refresh()
        return self.get(name), new

    def remove(self, name: str, origin: Origin) -> None:
        """Remove a scenario, running or not."""
        with self._director.alone():
            with self._engine.transaction((), origin) as transaction:
                if not playbook.remove(transaction.connection, name):
                    raise KeyError(name)
            self._director.refresh()

    def start(self, name: str, origin: Origin) -> Play:
        """Start a scenario from its first step, be it running or not."""
        return self._move(name, origin, Scenario.started)

    def stop(self, name: str, origin: Origin) -> Play:
        """Stop a scenario where it is."""
        return self._move(name, origin, lambda scenario, _now: scenario.stopped())

    def rewind(self, name: str, origin: Origin) -> Play:
        """Put a scenario back to where it has not begun."""
        return self._move(name, origin, lambda scenario, _now: scenario.reset())

    def _move(self, name: str, origin: Origin, move: Callable[[Scenario, Instant], Scenario]) -> Play:
        with self._director.alone():
            before = self.get(name).scenario
            with self._engine.transaction((), origin) as transaction:
                playbook.move(transaction.connection, before, move(before, transaction.now))
            self._director.refresh()
            self._director.take()
        return self.get(name)
