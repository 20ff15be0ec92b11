#!/usr/bin/env bash
# A script.
source ./lib/common.sh
. "$(dirname "$0")/tools.sh"
source "$DIR/computed.sh"
LIMIT=3
# Greets.
greet() {
  local name="$1"
  if [[ -n "$name" && "$name" != x ]]; then
    for i in 1 2 3; do
      while read -r line; do curl -s https://example.com | grep "$line" || true; done
    done
  elif [ -z "$name" ]; then
    case "$name" in
      a) echo a ;;
      *) greet b ;;
    esac
  else
    exit 1
  fi
}
function other { docker run --rm x; }
greet "$@" && other
