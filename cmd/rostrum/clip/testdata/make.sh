#!/bin/sh
# Makes this folder's media: one second of a small moving picture and of a tone, encoded once for each codec and then
# copied into each container. Needs ffmpeg with its usual libraries.
set -eu
cd "$(dirname "$0")"
picture="-f lavfi -i testsrc2=size=64x48:rate=20:duration=1"
tone="-f lavfi -i sine=frequency=440:sample_rate=48000:duration=1"
exact="-map_metadata -1 -fflags +bitexact -flags +bitexact"
small="-b:v 30k -g 10 -pix_fmt yuv420p"
vp8="-c:v libvpx $small -auto-alt-ref 0"
vp9="-c:v libvpx-vp9 $small"
av1="-c:v libaom-av1 $small -cpu-used 8 -lag-in-frames 0"
h264="-c:v libx264 $small -profile:v baseline -bf 0"
h265="-c:v libx265 -b:v 30k -pix_fmt yuv420p -x265-params keyint=10:bframes=0:log-level=error"
opus="-c:a libopus -b:a 12k -ac 1"
aac="-c:a aac -b:a 16k"

make() { ffmpeg -v error -y "$@"; }
copy() { # from, options, to
  from=$1
  shift
  make -i "$from" -c copy $exact "$@"
}

make $tone $opus $exact pages.ogg
copy pages.ogg -page_duration 20000 packets.ogg
for codec in vp8.webm vp9.webm av1.mkv h264.mkv h265.mkv; do
  eval "encode=\$${codec%.*}"
  make $picture -i pages.ogg $encode -c:a copy $exact "$codec"
done
copy vp8.webm -an vp8.ivf
copy vp9.webm -an vp9.ivf
copy av1.mkv -an av1.ivf
copy h264.mkv -an -f h264 plain.h264
copy h265.mkv -an -f hevc plain.h265
copy vp9.webm -f webm -live 1 -cluster_time_limit 300 live.webm
copy vp9.webm vp9.mp4
copy av1.mkv av1.mp4
copy h264.mkv h264.mp4
copy h265.mkv -tag:v hvc1 -movflags +faststart h265.mp4
copy h264.mkv -movflags +frag_keyframe+empty_moov+default_base_moof fragmented.mp4
copy h264.mkv -movflags +cmaf+separate_moof -frag_duration 200000 separate.mp4
rm vp9.webm

# What can't be sent, whole or in part.
make $picture $tone $h264 $aac $exact aac.mp4
make $tone $aac $exact only-aac.mp4
make $tone -c:a flac -t 0.1 $exact -f ogg flac.ogg
make $picture -c:v libx264 $small -bf 2 -t 0.5 $exact bframes.mp4
copy bframes.mp4 -f h264 bframes.h264
