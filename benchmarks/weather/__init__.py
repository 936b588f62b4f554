"""What happens to people while something around the program fails: `make weather`, and docs/reliability.md."""
