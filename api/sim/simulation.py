"""The simulation of one server: everything that `/sim/v1` controls, put together over the engine.

It knows which part needs which; what each does is its own business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ucmsim.api.engine import Engine
from ucmsim.api.sim.acting import Actor
from ucmsim.api.sim.archive import Archive
from ucmsim.api.sim.clockwork import Clockwork
from ucmsim.api.sim.director import Director
from ucmsim.api.sim.enforcement import Enforcement
from ucmsim.api.sim.fault_rules import FaultRules
from ucmsim.api.sim.journal import Journal
from ucmsim.api.sim.news import News
from ucmsim.api.sim.pacing import Pacing
from ucmsim.api.sim.preferences import Preferences
from ucmsim.api.sim.rulebook import Rulebook
from ucmsim.api.sim.scenarios import Scenarios
from ucmsim.api.sim.settings import Settings
from ucmsim.api.sim.stage import Stage
from ucmsim.api.sim.timekeeper import Timekeeper
from ucmsim.api.sim.topology import Topology
from ucmsim.api.store import Store
from ucmsim.models.inventory import Inventory

if TYPE_CHECKING:
    from ucmsim.api.sim.documents.scenarios import ActionBody


class Simulation:
    """The parts of a simulation. Make it before the engine answers anything; `close` after the engine was closed.

    `seed` is the inventory that the server was started with, where the engine has another topology since.
    `forgetful` are called when a reset forgets what was asked so far.
    """

    def __init__(self, engine: Engine, store: Store, seed: Inventory | None = None) -> None:
        with store.writing() as connection:
            self.clockwork = clockwork = Clockwork(engine.clock, connection)
        self.engine = engine
        self._news = News()
        self.journal = Journal()
        self.forgetful: list[Callable[[], None]] = [self.journal.clear]
        self.preferences = Preferences(engine, self.journal)
        self.rulebook = Rulebook(store)
        self.enforcement = Enforcement(
            engine, self.rulebook, lambda: self.settings, self.journal.began, self._follow
        )
        engine.interventions = self.enforcement
        self.stage = Stage(engine)
        self.fault_rules = FaultRules(engine, self.rulebook, self.stage)
        self.director = Director(engine, self._perform)
        self.timekeeper = Timekeeper(engine, clockwork, self.director)
        self.actor = Actor(engine, self.stage, self.fault_rules, self.timekeeper)
        self.archive = Archive(engine, clockwork, self.rulebook, self.director, self._forget, self.refresh)
        self.pacing = Pacing(engine)
        self.topology = Topology(engine, seed or engine.inventory)
        self.scenarios = Scenarios(engine, self.director, self.actor)
        self.journal.listeners.append(lambda entry: self.director.heard(lambda: entry.subject))
        self.director.begin()

    def _forget(self) -> None:
        for forget in self.forgetful:
            forget()

    @property
    def settings(self) -> Settings:
        """The settings that hold now."""
        return self.preferences.settings

    def refresh(self) -> None:
        """Let every part take over what the store has."""
        with self.engine.reading() as connection:
            self.clockwork.follow(connection)
            self.topology.follow(connection)
        self.preferences.refresh()
        self.rulebook.refresh()
        self.director.refresh()

    def _follow(self) -> None:
        """Take over what other processes have changed, if they have."""
        with self.engine.asking() as connection:
            news = self._news.come(connection)
        if news:
            self.refresh()

    def close(self) -> None:
        """Wait for the end of what runs by itself."""
        self.director.join()

    def _perform(self, scenario: str, action: ActionBody) -> None:
        self.actor.perform(scenario, action)
