# What the scripts share. To be sourced from the top folder.

LOG=${TMPDIR:-/tmp}/piecewise-setup.$$.log
TICKER=
trap 'rm -f "$LOG"; stop_ticker' EXIT

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

# Says every so often how long it is by now.
tick() {
  local start=$SECONDS
  # Nobody who reads what this writes is to wait for the end of a sleep.
  sleep 10 >/dev/null 2>&1
  while :; do
    say "$((SECONDS - start)) s so far"
    sleep 20 >/dev/null 2>&1
  done
}

stop_ticker() {
  if [ -n "$TICKER" ]; then kill "$TICKER" 2>/dev/null || true; fi
  TICKER=
}

# step NAME COMMAND…: runs it, says its name and how long it takes.
step() {
  local name=$1 start=$SECONDS
  shift
  printf '• %s\n' "$name"
  tick &
  TICKER=$!
  disown "$TICKER"
  "$@"
  stop_ticker
  printf '  done in %d s\n' $((SECONDS - start))
}

# The sixty-four hex digits of a file's SHA-256.
sha256() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -c1-64; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian packages, without ever removing one that is there.
apt_install() {
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "installing Debian packages needs root" "run as root: apt-get install $*"
  fi
  apt_get "$@" || {
    tail -n 5 "$LOG" >&2
    fail "Debian's packages could not be installed" "apt-get's last words stand above"
  }
}

# The same where one can do without them: asks for no password.
try_apt() {
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
    say "not installed, since that needs root: apt-get install $*"
    return 1
  fi
  apt_get "$@"
}

apt_get() {
  say "installing Debian packages: $*"
  as_root apt-get update >"$LOG" 2>&1 || say "apt-get update failed; trying with the lists that are there"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-remove --no-install-recommends "$@" >"$LOG" 2>&1
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

# Set FIREFOX and GECKODRIVER, unless the caller has. Setup may have fetched the driver.
find_firefox() {
  FIREFOX=${FIREFOX:-$(find_first firefox-esr firefox /Applications/Firefox.app/Contents/MacOS/firefox)} || return 1
  GECKODRIVER=${GECKODRIVER:-$(find_first geckodriver || fetched_geckodriver)} || return 1
  export FIREFOX GECKODRIVER
}

fetched_geckodriver() {
  local driver=${CARGO_TARGET_DIR:-target}/geckodriver/geckodriver
  [ -x "$driver" ] && realpath "$driver"
}

# Set WEBKITDRIVER, unless the caller has, and XVFB_RUN, which gives a program a screen of its own.
find_webkit() {
  WEBKITDRIVER=${WEBKITDRIVER:-$(find_first WebKitWebDriver)} || return 1
  XVFB_RUN=$(find_first xvfb-run) || return 1
  export WEBKITDRIVER
}

# Set AXE, the source of axe-core, if setup has fetched it.
find_axe() {
  AXE_FOLDER=${CARGO_TARGET_DIR:-target}/axe-$AXE_VERSION
  AXE=$AXE_FOLDER/node_modules/axe-core/axe.min.js
  [ -f "$AXE" ] || { unset AXE; return 1; }
  AXE=$(realpath "$AXE")
  export AXE
}

# What the benches drive the browser with, and compare with. No lock file: it would name the registry that this machine
# happens to use.
get_peers() {
  find_first node >/dev/null || fail "node is missing" "install Node.js 18 or newer"
  find_first npm >/dev/null || fail "npm is missing" "install it; it mostly comes with Node.js"
  [ "$(node -p 'parseInt(process.versions.node)')" -ge 18 ] || fail "node is too old: $(node --version)" "install Node.js 18 or newer"
  (cd benches/peers && npm ls --depth=0) >/dev/null 2>&1 ||
    step "getting TensorFlow.js and puppeteer-core from npm, into benches/peers/node_modules" install_peers
}

install_peers() {
  (cd benches/peers && npm install --no-package-lock --no-audit --no-fund --loglevel=error) >"$LOG" 2>&1 || {
    tail -n 5 "$LOG" >&2
    fail "npm could not install the peers" "npm's last words stand above"
  }
}

# The toolchain that setup chose for this checkout, where a RUSTUP_TOOLCHAIN variable would win over it.
use_toolchain() {
  local chosen
  command -v rustup >/dev/null || return 0
  # A line is the folder, blanks, and the toolchain; a folder's name may have blanks in it.
  chosen=$(rustup override list 2>/dev/null | awk -v here="$(pwd -P)" 'index($0, here) == 1 && substr($0, length(here) + 1) ~ /^[ \t]/ { print $NF }')
  if [ -n "$chosen" ]; then export RUSTUP_TOOLCHAIN=$chosen; fi
}
