"""quotum turns one yearly number into everybody's today, keeps book on what happened, and says what to do next."""

__version__ = "0.1.0"
