"""Commands of joint verdicts."""
