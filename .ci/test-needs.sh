#!/bin/sh
# Brings what the tests need besides Go: a Chromium, and FFmpeg with ffprobe, which
# read every recording back. On a Debian-like system root gets them by apt; anybody
# else is told what to install.
set -eu

missing=""
browser=""
for name in chromium chromium-browser google-chrome google-chrome-stable; do
	if command -v "$name" >/dev/null 2>&1; then browser=$name; fi
done
[ -n "$browser" ] || missing="chromium"
for name in ffmpeg ffprobe; do
	command -v "$name" >/dev/null 2>&1 || missing="$missing ffmpeg"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing what the tests need: $missing"
	apt-get update -qq
	# shellcheck disable=SC2086 # a list of packages
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
	exit 0
fi

echo "The tests need on PATH: $missing. Install it and try again:" >&2
echo "  Debian, Ubuntu: sudo apt-get install chromium ffmpeg    Fedora: sudo dnf install chromium ffmpeg" >&2
echo "  macOS: brew install ffmpeg; brew install --cask google-chrome, and link its binary as google-chrome" >&2
exit 1
