package container

import (
	"io"

	"github.com/Eyevinn/mp4ff/bits"
	"github.com/Eyevinn/mp4ff/mp4"
)

// runFlags are of the runs that we write: each has the offset of its data, and of each
// sample its duration, size, flags and composition time offset.
const runFlags = mp4.TrunDataOffsetPresentFlag | mp4.TrunSampleDurationPresentFlag | mp4.TrunSampleSizePresentFlag |
	mp4.TrunSampleFlagsPresentFlag | mp4.TrunSampleCompositionTimeOffsetPresentFlag

const boxHeaderSize = 8

// fragment writes moof and mdat; in that the pictures stand before the sound.
func (m *mp4Format) fragment(to io.Writer, f Fragment) error {
	m.fragments++
	moof := &mp4.MoofBox{}
	_ = moof.AddChild(mp4.CreateMfhd(m.fragments))
	var pictures, sounds uint64
	if len(f.Video) > 0 {
		_ = moof.AddChild(trackFragment(videoTrack, &m.runs[0], f.Video))
		pictures = m.runs[0].SizeOfData()
	}
	if len(f.Audio) > 0 {
		_ = moof.AddChild(trackFragment(audioTrack, &m.runs[1], f.Audio))
		sounds = m.runs[1].SizeOfData()
	}
	media := int32(moof.Size()) + boxHeaderSize //nolint:gosec // both are small: see maxFragment
	m.runs[0].DataOffset = media
	m.runs[1].DataOffset = media + int32(pictures)
	sw := bits.NewFixedSliceWriter(int(media))
	if err := moof.EncodeSW(sw); err != nil {
		return err
	}
	mdat := &mp4.MdatBox{}
	mdat.SetLazyDataSize(pictures + sounds)
	if err := mdat.EncodeSW(sw); err != nil {
		return err
	}
	if _, err := to.Write(sw.Bytes()); err != nil {
		return err
	}
	return writeData(to, f.Video, f.Audio)
}

func writeData(to io.Writer, tracks ...[]Sample) error {
	for _, samples := range tracks {
		for _, s := range samples {
			if _, err := to.Write(s.Data); err != nil {
				return err
			}
		}
	}
	return nil
}

// trackFragment describes samples of one track, in a run that it fills anew. Each
// lasts until the next one, and the last as long as it says.
func trackFragment(id uint32, run *mp4.TrunBox, samples []Sample) *mp4.TrafBox {
	run.Version, run.Flags, run.Samples = 1, runFlags, run.Samples[:0]
	for i, s := range samples {
		duration, flags := s.Duration, mp4.NonSyncSampleFlags
		if i+1 < len(samples) {
			duration = samples[i+1].DTS - s.DTS
		}
		if s.Key || id == audioTrack {
			flags = mp4.SyncSampleFlags
		}
		run.AddSample(mp4.NewSample(flags, uint32(duration), uint32(len(s.Data)), int32(s.PTS-s.DTS))) //nolint:gosec // the writer has checked them
	}
	traf := &mp4.TrafBox{}
	_ = traf.AddChild(mp4.CreateTfhd(id))
	_ = traf.AddChild(mp4.CreateTfdt(uint64(samples[0].DTS))) //nolint:gosec // it is not negative
	_ = traf.AddChild(run)
	return traf
}
