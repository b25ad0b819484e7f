"""Commands on microsatellites."""
