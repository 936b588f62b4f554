"""What people can do in Telegram's apps: write, tap buttons, use groups and inline mode."""
