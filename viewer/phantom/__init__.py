"""Made studies with known truth: the bundled sample, and discs of every kind for tests and measurements."""
