"""The preferences: the settings that hold now, kept in the store and read by every part that obeys one."""

from __future__ import annotations

from ucmsim.api.engine import Engine
from ucmsim.api.origin import Origin
from ucmsim.api.sim import values
from ucmsim.api.sim.documents.settings import SettingsPatch, restored, stored
from ucmsim.api.sim.journal import Journal
from ucmsim.api.sim.settings import Settings

NAME = "settings"


class Preferences:
    """The settings of a server; the journal is cut to its size."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal
        self.settings = Settings()
        self.refresh()

    def refresh(self) -> None:
        """Take over what the store has."""
        with self._engine.reading() as connection:
            self.settings = restored(values.read(connection, NAME))
        self._journal.resize(self.settings.journal_size)

    def change(self, patch: SettingsPatch, origin: Origin) -> Settings:
        """Change some settings and return all."""
        with self._engine.transaction((), origin) as transaction:
            before = restored(values.read(transaction.connection, NAME))
            values.write(transaction.connection, NAME, stored(patch.onto(before)))
        self.refresh()
        return self.settings
