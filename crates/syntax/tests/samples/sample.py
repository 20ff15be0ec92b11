"""A module."""
from __future__ import annotations
import os.path, sys as system
import numpy as np
from . import sibling
from ..package.module import (first, second as other)
from star import *

LIMIT: int = 10
_hidden = None

if __name__ == "__main__":
    main()


@app.route("/items/<id>", methods=["GET", "POST"])
def item(id, *, flag=False):
    """Gives an item.

    More words.
    """
    if id and flag or not id:
        return "a" if flag else "b"
    elif flag:
        for x in range(3):
            while x:
                x -= 1
    else:
        try:
            item(id, flag=True)
        except (ValueError, KeyError):
            pass
    return [y for y in range(LIMIT) if y]


class Store(Base, metaclass=Meta):
    size = 3

    @property
    def name(self):
        import importlib
        importlib.import_module("late.module")
        return os.environ["NAME"] + os.environ.get("OTHER")

    async def _private(self, a, b=1, *args, **kwargs):
        def inner(z):
            return lambda q: q and z
        match a:
            case 1:
                return inner(a)
            case _:
                await self.client.get("https://example.com")
