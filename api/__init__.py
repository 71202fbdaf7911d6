"""One server process: the only place with a socket, a clock, a lock and a database; one engine behind every face."""
