"""Telegram's rules for calls: their schema, texts, keyboards, pictures, limits and error messages."""
