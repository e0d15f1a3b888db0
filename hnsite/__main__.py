"""``python -m hnsite``, and what the ``hnsite`` command starts."""

from hnsite.cli import main

if __name__ == "__main__":
    main()
