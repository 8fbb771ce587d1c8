"""Handlers: what is done for each type of job a diagram can name."""
