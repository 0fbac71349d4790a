#!/bin/sh
# Makes latecomer.webm: four seconds of VP8 with a key frame at their beginning alone. Needs ffmpeg with libvpx.
set -eu
cd "$(dirname "$0")"
ffmpeg -v error -y -f lavfi -i testsrc2=size=640x360:rate=30:duration=4 \
  -c:v libvpx -b:v 200k -g 120 -keyint_min 120 -auto-alt-ref 0 -deadline good -cpu-used 2 -lag-in-frames 0 -pix_fmt yuv420p \
  -map_metadata -1 -fflags +bitexact -flags +bitexact latecomer.webm
