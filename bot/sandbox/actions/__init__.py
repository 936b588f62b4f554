"""What people can do in Telegram's apps: write, tap buttons, join groups, ask inline."""
