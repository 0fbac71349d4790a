package container_test

import (
	"os"
	"path/filepath"
	"testing"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// second is a fragment of a second of 30 pictures and 50 sounds, 2.5 Mbit in all.
func second(n int64) (f container.Fragment) {
	picture, packet := make([]byte, 10_000), make([]byte, 160)
	for i := range int64(30) {
		at := n*container.VideoRate + i*3000
		f.Video = append(f.Video, container.Sample{DTS: at, PTS: at, Duration: 3000, Key: i == 0, Data: picture})
	}
	for i := range int64(50) {
		at := n*container.AudioRate + i*960
		f.Audio = append(f.Audio, container.Sample{DTS: at, PTS: at, Duration: 960, Data: packet})
	}
	return f
}

// later moves a fragment by a second.
func later(f container.Fragment) {
	for i := range f.Video {
		f.Video[i].DTS += container.VideoRate
		f.Video[i].PTS += container.VideoRate
	}
	for i := range f.Audio {
		f.Audio[i].DTS += container.AudioRate
		f.Audio[i].PTS += container.AudioRate
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, codec := range []domain.Codec{domain.H264, domain.VP8} {
		b.Run(string(codec), func(b *testing.B) {
			c := clipOf(b, codec)
			f := second(0)
			var w *container.Writer
			var err error
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if n%600 == 0 { // ten minutes are enough of a file
					b.StopTimer()
					if w != nil {
						must(b, w.Close())
					}
					path := filepath.Join(b.TempDir(), "part-001")
					os.Remove(path)
					w, err = container.Create(path, c.format, stereo)
					must(b, err)
					b.StartTimer()
				}
				must(b, w.Write(f))
				later(f)
			}
			must(b, w.Close())
		})
	}
}

// An hour is finalized, of which the media has been made small.
func BenchmarkFinalizeAnHour(b *testing.B) {
	for _, codec := range []domain.Codec{domain.H264, domain.VP8} {
		b.Run(string(codec), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "part-001")
			w, err := container.Create(path, clipOf(b, codec).format, stereo)
			must(b, err)
			f := second(0)
			for i := range f.Video {
				f.Video[i].Data = f.Video[i].Data[:100]
			}
			for range 3600 {
				must(b, w.Write(f))
				later(f)
			}
			must(b, w.Close())
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				must(b, os.Truncate(path, w.Size()))
				b.StartTimer()
				s, err := container.Finalize(path)
				must(b, err)
				b.ReportMetric(float64(s.Bytes-w.Size())/60, "bytes/minute")
			}
		})
	}
}
