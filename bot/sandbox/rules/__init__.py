"""Telegram's rules for calls: schema, texts, keyboards, pictures, limits and error messages."""
