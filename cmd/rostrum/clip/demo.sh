#!/bin/sh
# Makes demo.webm, the clip that `rostrum publish --demo` sends. Needs Go and ffmpeg with libvpx and libopus.
# A key frame every half second, since a file cannot answer a viewer who asks for one; no hidden frames; and both tracks
# begin at zero (setts) and are equally long, so that the loop has no seam.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

go build -o "$work/demo" ./internal/demo
"$work/demo" -write sound >"$work/sound.raw"
"$work/demo" -write pictures | ffmpeg -v error -y \
  -f rawvideo -pixel_format rgb24 -video_size 960x540 -framerate 30 -i - \
  -f s16le -ar 48000 -ac 1 -i "$work/sound.raw" \
  -c:v libvpx -b:v 340k -crf 24 -qmin 8 -qmax 50 \
  -deadline best -cpu-used 0 -auto-alt-ref 0 -g 15 -keyint_min 15 -pix_fmt yuv420p \
  -color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709 -vf scale=out_color_matrix=bt709 \
  -c:a libopus -b:a 24k -vbr on -application audio -frame_duration 20 -bsf:a setts=ts=TS-STARTPTS \
  -map_metadata -1 -fflags +bitexact -flags +bitexact demo.webm
