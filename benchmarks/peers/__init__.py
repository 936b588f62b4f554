"""Gangway beside others that sign people up, in interleaved rounds on one machine: `make bench`."""
