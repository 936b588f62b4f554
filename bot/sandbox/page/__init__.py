"""The chat page and the page of calls, with the JSON API behind them."""
