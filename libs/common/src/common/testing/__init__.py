"""What tests share: doubles that pass the same contract suites as the real things, sign-in, access tables."""
