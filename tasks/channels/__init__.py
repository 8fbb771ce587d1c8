"""Channels: the ports to the outside and what stands behind them."""
