"""The REST face of training."""
