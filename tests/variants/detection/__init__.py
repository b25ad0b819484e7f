"""Tests of the limits of detection."""
