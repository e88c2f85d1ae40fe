"""``python -m virker``."""

from virker.cli import main

if __name__ == "__main__":
    main()
