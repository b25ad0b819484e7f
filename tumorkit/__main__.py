"""Run the command line: ``python -m tumorkit``."""

from tumorkit.cli import main

if __name__ == "__main__":
    main()
