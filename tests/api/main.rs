//! The integration tests: one binary over a real database. Unit tests of the pure rules stand beside them in `src`.
