"""The product's background work: workers, scheduler, handlers, channels, documents."""
