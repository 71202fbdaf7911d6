"""One module for each revision, in which the tables were changed; what is written here is never changed again."""
