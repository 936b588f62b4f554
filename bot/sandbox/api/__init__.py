"""The Bot API over HTTP: one module for each group of methods."""
