#!/bin/sh
# Brings what the tests need besides Go: a Chromium; FFmpeg with ffprobe, which read
# every recording back; PostgreSQL's programs, of which the tests start servers of their
# own; Node with npm, which run an identity provider; zsh and fish, which complete command
# lines. On a Debian-like system root gets them by apt; anybody else is told what to install.
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
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
for name in npm zsh fish; do
	command -v "$name" >/dev/null 2>&1 || missing="$missing $name"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing what the tests need: $missing"
	# Debian's package would make a server of its own and run it. Nobody's choice is changed.
	case $missing in *postgresql*)
		if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
			mkdir -p /etc/postgresql-common
			echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
		fi
		;;
	esac
	apt-get update -qq
	# shellcheck disable=SC2086 # a list of packages
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
	exit 0
fi

echo "The tests need on PATH: $missing. Install it and try again:" >&2
echo "  Debian, Ubuntu: sudo apt-get install chromium ffmpeg postgresql nodejs npm zsh fish" >&2
echo "  Fedora: sudo dnf install chromium ffmpeg postgresql-server nodejs npm zsh fish" >&2
echo "  macOS: brew install ffmpeg postgresql node zsh fish; brew install --cask google-chrome, and link its binary as google-chrome" >&2
exit 1
