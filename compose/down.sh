#!/usr/bin/env bash
# down.sh [-v]: stops the house. Its data stays, unless -v says to delete that too.
# shellcheck source=compose/lib.sh
source "$(dirname "$0")/lib.sh"
name=codexa
# They mean nothing to a house that stops, but the file asks for them.
export CODEXA_PROJECT=/nonexistent
take_down "$@"
