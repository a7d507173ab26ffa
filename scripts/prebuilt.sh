# Tools that others have compiled already. To be sourced after lib.sh.

RELEASES=${PIECEWISE_RELEASES:-https://github.com}
CHECKSUMS=${PIECEWISE_CHECKSUMS:-scripts/checksums}

# Where a tool's archive for this machine lies, below RELEASES.
release_of() {
  local tool=$1 version=$2 machine system libc
  machine=$(uname -m)
  if [ "$machine" = arm64 ]; then machine=aarch64; fi
  case $(uname -s) in
    Darwin) system=apple-darwin libc='' ;;
    *) system=unknown-linux libc=-gnu ;;
  esac
  case $tool in
    trunk) echo "trunk-rs/trunk/releases/download/v$version/trunk-$machine-$system$libc.tar.gz" ;;
    wasm-bindgen-cli)
      if [ -n "$libc" ]; then libc=-musl; fi
      echo "wasm-bindgen/wasm-bindgen/releases/download/$version/wasm-bindgen-$version-$machine-$system$libc.tar.gz"
      ;;
  esac
}

# fetch_release ADDRESS SHA256 FOLDER PROGRAM…: puts these programs of the archive there into the folder. If that cannot be,
# says why, fails, and leaves nothing behind.
fetch_release() {
  local address=$1 wanted=$2 folder=$3 work found program
  shift 3
  command -v curl >/dev/null || { say "curl is missing, so nothing is fetched"; return 1; }
  work=$(mktemp -d)
  # Given up when there is no connection after five seconds, or hardly anything comes for as long.
  if ! curl --fail --silent --location --connect-timeout 5 --speed-limit 2000 --speed-time 5 --max-time 300 \
    --output "$work/archive" "$address"; then
    say "$address cannot be had from here"
    rm -rf "$work"
    return 1
  fi
  found=$(sha256 "$work/archive")
  if [ "$found" != "$wanted" ]; then
    say "not used: what $address gives has the checksum $found instead of $wanted"
    rm -rf "$work"
    return 1
  fi
  mkdir "$work/in"
  tar -xzf "$work/archive" -C "$work/in" 2>/dev/null || true
  for program in "$@"; do
    found=$(find "$work/in" -type f -name "$program" | head -n 1)
    # It may be made for a newer system than this one.
    if [ -z "$found" ] || ! chmod +x "$found" || ! "$found" --version >/dev/null 2>&1; then
      say "not used: $program of $address does not run here"
      rm -rf "$work"
      return 1
    fi
  done
  mkdir -p "$folder"
  for program in "$@"; do
    mv "$(find "$work/in" -type f -name "$program" | head -n 1)" "$folder/$program"
  done
  rm -rf "$work"
}

# prebuilt TOOL VERSION FOLDER PROGRAM…: puts these programs into the folder without compiling them, if that can be.
prebuilt() {
  local tool=$1 version=$2 folder=$3 release sum
  release=$(release_of "$tool" "$version")
  sum=$(awk -v release="$release" '$2 == release { print $1 }' "$CHECKSUMS")
  if [ -n "$sum" ]; then
    say "fetching $tool $version"
    if fetch_release "$RELEASES/$release" "$sum" "$folder" "${@:4}"; then return; fi
  fi
  command -v cargo-binstall >/dev/null || return 1
  say "asking cargo-binstall for $tool $version"
  cargo binstall --no-confirm --no-track --disable-strategies compile --install-path "$folder" "$tool@$version" >"$LOG" 2>&1 || {
    say "it has none: $(tail -n 1 "$LOG")"
    return 1
  }
}
