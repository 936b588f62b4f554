"""Mutation testing: changes of the rules and the use cases, and whether a test notices each."""
