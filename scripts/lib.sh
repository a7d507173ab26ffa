# What the scripts share. To be sourced from the top folder.

LOG=${TMPDIR:-/tmp}/piecewise-setup.$$.log
trap 'rm -f "$LOG"' EXIT

AXE_VERSION=4.14.1
WASM_BINDGEN_VERSION=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/.*= "|"/, ""); print }' Cargo.lock)
case $(uname -s) in
  Darwin) TRUNK_CACHE=$HOME/Library/Caches/dev.trunkrs.trunk ;;
  *) TRUNK_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/trunk ;;
esac
WASM_BINDGEN_DIR=$TRUNK_CACHE/wasm-bindgen-$WASM_BINDGEN_VERSION

say() { printf '  %s\n' "$*"; }

# fail WHAT ADVICE: ends the script with a sentence that helps.
fail() {
  printf '\n%s: %s.\n%s.\n' "$(basename "$0")" "$1" "$2" >&2
  exit 1
}

# step NAME COMMAND…: runs it, says its name and how long it took.
step() {
  local name=$1 start=$SECONDS
  shift
  printf '• %s\n' "$name"
  "$@"
  printf '  done in %d s\n' $((SECONDS - start))
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian packages, without ever removing one that is there.
apt_install() {
  say "installing Debian packages: $*"
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "installing Debian packages needs root" "run as root: apt-get install $*"
  fi
  as_root apt-get update >"$LOG" 2>&1 || say "apt-get update failed; trying with the lists that are there"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-remove --no-install-recommends "$@" >"$LOG" 2>&1 || {
    tail -n 5 "$LOG" >&2
    fail "Debian's packages could not be installed" "apt-get's last words stand above"
  }
}

find_first() {
  local name
  for name in "$@"; do
    if command -v "$name" >/dev/null; then command -v "$name"; return; fi
  done
  return 1
}

# Set CHROME and CHROMEDRIVER, unless the caller has.
find_chrome() {
  CHROME=${CHROME:-$(find_first chromium chromium-browser google-chrome google-chrome-stable \
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome')} || return 1
  export CHROME
}

find_chromedriver() {
  CHROMEDRIVER=${CHROMEDRIVER:-$(find_first chromedriver)} || return 1
  export CHROMEDRIVER
}

# Set AXE, the source of axe-core, if setup has fetched it.
find_axe() {
  AXE_FOLDER=${CARGO_TARGET_DIR:-target}/axe-$AXE_VERSION
  AXE=$AXE_FOLDER/node_modules/axe-core/axe.min.js
  [ -f "$AXE" ] || { unset AXE; return 1; }
  AXE=$(realpath "$AXE")
  export AXE
}

# The toolchain that setup chose for this checkout, where a RUSTUP_TOOLCHAIN variable would win over it.
use_toolchain() {
  local chosen
  command -v rustup >/dev/null || return 0
  # A line is the folder, blanks, and the toolchain; a folder's name may have blanks in it.
  chosen=$(rustup override list 2>/dev/null | awk -v here="$(pwd -P)" 'index($0, here) == 1 && substr($0, length(here) + 1) ~ /^[ \t]/ { print $NF }')
  if [ -n "$chosen" ]; then export RUSTUP_TOOLCHAIN=$chosen; fi
}
