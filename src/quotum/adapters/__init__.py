"""The rim: one outside tool per folder behind a small promise stated by the engine."""
