"""What a cluster is and how it changes: frozen values and pure functions that know no XML, HTTP, SQL, clock, lock or file."""
