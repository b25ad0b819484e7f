"""Numbers: arrays in, arrays out. What all subcommands share."""
