"""Stories told over a live server: a real process or a real socket, and clients that know nothing of the inside."""
