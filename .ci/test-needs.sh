#!/bin/sh
# Brings what the tests need besides Go: a Chromium. On a Debian-like system root
# gets it by apt; anybody else is told what to install.
set -eu

for name in chromium chromium-browser google-chrome google-chrome-stable; do
	command -v "$name" >/dev/null 2>&1 && exit 0
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing chromium, which the browser tests need"
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
	exit 0
fi

echo "The browser tests need Chromium or Chrome on PATH. Install it and try again:" >&2
echo "  Debian, Ubuntu: sudo apt-get install chromium    Fedora: sudo dnf install chromium" >&2
echo "  macOS: brew install --cask google-chrome, and link its binary as google-chrome" >&2
exit 1
