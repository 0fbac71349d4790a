package clip

import (
	"math"
	"time"

	"github.com/Eyevinn/mp4ff/mp4"
)

// at converts a track's time; what the box says beyond a clip's reach is cut to it.
func (q *mp4Track) at(t int64) time.Duration {
	return time.Duration(math.Round(float64(t) / float64(q.scale) * float64(time.Second)))
}

// editShift reads the start of a track from its edit list: an empty edit delays it, a media time cuts its beginning off.
func (q *mp4Track) editShift(trak *mp4.TrakBox, movieScale uint32) (shift time.Duration) {
	if trak.Edts == nil || movieScale == 0 {
		return 0
	}
	for _, elst := range trak.Edts.Elst {
		for _, edit := range elst.Entries {
			if edit.MediaTime >= 0 {
				return shift - q.at(edit.MediaTime)
			}
			shift += time.Duration(float64(edit.SegmentDuration) / float64(movieScale) * float64(time.Second))
		}
	}
	return shift
}

// index spreads the sample tables of a whole file out, one entry a sample.
func (q *mp4Track) index(stbl *mp4.StblBox) error {
	if stbl.Stsz == nil || stbl.Stts == nil || stbl.Stsc == nil || stbl.Stco == nil && stbl.Co64 == nil {
		return broken("MP4: a track without sample tables")
	}
	if n := len(stbl.Stsz.SampleSize); stbl.Stsz.SampleUniformSize == 0 && uint64(n) < uint64(stbl.Stsz.SampleNumber) {
		return broken("MP4: %d sizes for %d samples", n, stbl.Stsz.SampleNumber)
	}
	const most = 1 << 24 // three days of a track at 60 samples a second
	if stbl.Stsz.SampleNumber > most {
		return broken("MP4: %d samples in a track", stbl.Stsz.SampleNumber)
	}
	offsets := offsets(stbl)
	times := timeTable{stts: stbl.Stts}
	number := uint32(0)
	for chunk, offset := range offsets {
		for range samplesIn(stbl.Stsc, uint32(chunk)+1) {
			if number == stbl.Stsz.SampleNumber {
				return nil
			}
			number++
			start, span, ok := times.next()
			if !ok {
				return broken("MP4: times for %d samples of %d", number-1, stbl.Stsz.SampleNumber)
			}
			s := mp4Sample{size: stbl.Stsz.GetSampleSize(int(number)), dur: q.at(int64(span))}
			s.offset = int64(offset) //nolint:gosec // a place that no file has can't be read, and that is told then
			s.key = stbl.Stss == nil || stbl.Stss.IsSyncSample(number)
			if stbl.Ctts != nil && number <= stbl.Ctts.EndSampleNr[len(stbl.Ctts.EndSampleNr)-1] {
				start += int64(stbl.Ctts.GetCompositionTimeOffset(number))
			}
			s.pts = q.at(start) + q.shift
			q.waiting = append(q.waiting, s)
			offset += uint64(s.size)
		}
	}
	return nil
}

// extend adds the samples of one track in a fragment. Their places count from the moof unless the fragment says otherwise.
func (q *mp4Track) extend(moof *mp4.MoofBox, traf *mp4.TrafBox, trex *mp4.TrexBox) {
	if traf.Tfdt != nil {
		q.clock = int64(traf.Tfdt.BaseMediaDecodeTime()) //nolint:gosec // an absurd time makes an absurd sample, no more
	}
	base := int64(moof.StartPos) //nolint:gosec // a place in a file
	if traf.Tfhd.HasBaseDataOffset() {
		base = int64(traf.Tfhd.BaseDataOffset) //nolint:gosec // a place that no file has can't be read
	}
	const mdatHeader = 8
	offset := base + int64(moof.Size()) + mdatHeader //nolint:gosec // in memory, so small; used where a run doesn't say
	for _, trun := range traf.Truns {
		trun.AddSampleDefaultValues(traf.Tfhd, trex)
		if trun.HasDataOffset() {
			offset = base + int64(trun.DataOffset)
		}
		for i, s := range trun.Samples {
			first, overridden := trun.FirstSampleFlags()
			if i > 0 || !overridden {
				first = s.Flags
			}
			q.waiting = append(q.waiting, mp4Sample{
				offset: offset, size: s.Size, key: !mp4.DecodeSampleFlags(first).SampleIsNonSync,
				pts: q.at(q.clock+int64(s.CompositionTimeOffset)) + q.shift, dur: q.at(int64(s.Dur)),
			})
			q.clock += int64(s.Dur)
			offset += int64(s.Size)
		}
	}
}

func offsets(stbl *mp4.StblBox) []uint64 {
	if stbl.Co64 != nil {
		return stbl.Co64.ChunkOffset
	}
	list := make([]uint64, len(stbl.Stco.ChunkOffset))
	for i, offset := range stbl.Stco.ChunkOffset {
		list[i] = uint64(offset)
	}
	return list
}

// samplesIn is the number of samples in a chunk, both counted from one.
func samplesIn(stsc *mp4.StscBox, chunk uint32) uint32 {
	low, high := 0, len(stsc.Entries)
	for low < high {
		middle := (low + high) / 2
		if stsc.Entries[middle].FirstChunk <= chunk {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == 0 {
		return 0
	}
	return stsc.Entries[low-1].SamplesPerChunk
}

// timeTable walks a run-length table of sample durations.
type timeTable struct {
	stts  *mp4.SttsBox
	entry int
	used  uint32
	clock int64
}

func (t *timeTable) next() (start int64, span uint32, ok bool) {
	for t.entry < len(t.stts.SampleCount) && t.used == t.stts.SampleCount[t.entry] {
		t.entry, t.used = t.entry+1, 0
	}
	if t.entry == len(t.stts.SampleCount) {
		return 0, 0, false
	}
	start, span = t.clock, t.stts.SampleTimeDelta[t.entry]
	t.used++
	t.clock += int64(span)
	return start, span, true
}
