#!/bin/sh
# The programs that some tests need beside Python: Chromium, PostgreSQL, a font with Chinese characters. On Debian and Ubuntu
# they are installed where this may be done; elsewhere it is told what is missing and which tests are left out.
set -eu

say() { printf '%s\n' "$*" >&2; }

has_chromium() { [ -n "${QUOTUM_CHROMIUM:-}" ] || command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_postgres() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; }
has_font() { fc-list :lang=zh family | grep -q .; }

missing() {
  has_chromium >/dev/null 2>&1 || printf 'chromium '
  has_postgres >/dev/null 2>&1 || printf 'postgresql '
  has_font >/dev/null 2>&1 || printf 'fonts-wqy-microhei '
}

wanted=$(missing)
[ -n "$wanted" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  say "Installing $wanted..."
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # a list of names
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends fontconfig $wanted; } >/dev/null 2>&1 || true
  wanted=$(missing)
fi

for name in $wanted; do
  case $name in
    chromium) say "Chromium is missing: the pages are not seen in a browser (tests marked browser)." ;;
    postgresql) say "PostgreSQL is missing: the web is tested on SQLite alone." ;;
    *) say "A font with Chinese characters is missing: pictures of pages show boxes." ;;
  esac
done
[ -z "$wanted" ] || say "On Debian or Ubuntu: sudo apt install $wanted"
