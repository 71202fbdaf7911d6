"""The preferences: the settings that hold now, kept in the store and read by every part that obeys one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sql

from ucmsim.api.engine import Engine
from ucmsim.api.origin import Origin
from ucmsim.api.sim import values
from ucmsim.api.sim.journal import Journal
from ucmsim.api.sim.settings import Settings

if TYPE_CHECKING:
    from ucmsim.api.sim.documents.settings import SettingsPatch

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
            self.settings = _kept(connection)
        self._journal.resize(self.settings.journal_size)

    def change(self, patch: SettingsPatch, origin: Origin) -> Settings:
        """Change some settings and return all."""
        from ucmsim.api.sim.documents.settings import stored

        with self._engine.transaction((), origin) as transaction:
            changed = patch.onto(_kept(transaction.connection))
            values.write(transaction.connection, NAME, stored(changed))
        self.refresh()
        return self.settings


def _kept(connection: sql.Connection) -> Settings:
    """Return the settings that the store has; what is missing has its default."""
    value = values.read(connection, NAME)
    if value is None:
        return Settings()
    from ucmsim.api.sim.documents.settings import restored

    return restored(value)
