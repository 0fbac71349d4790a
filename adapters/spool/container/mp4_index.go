package container

import (
	"bytes"
	"math"
	"slices"

	"github.com/Eyevinn/mp4ff/mp4"

	"rostrum/domain"
)

// sampleTable gathers where the samples of a track are, for the moov of the finalized
// file (ISO/IEC 14496-12 §8.6 and §8.7).
type sampleTable struct {
	trak  *mp4.TrakBox // as the file began with it
	codec domain.Codec
	rate  int64

	durations    mp4.SttsBox
	compositions mp4.CttsBox
	reordered    bool
	sync         mp4.StssBox
	sizes        mp4.StszBox
	chunks       mp4.StscBox
	offsets      mp4.Co64Box
	times
}

// times is when the samples of a track are decoded and shown, in its ticks.
type times struct {
	first, last  int64 // DTS of the first and of the last one
	lastDuration int64
	shown, end   int64 // when the first one is shown, and the last one no more
}

func newSampleTable(trak *mp4.TrakBox) (*sampleTable, error) {
	mdia := trak.Mdia
	if mdia == nil || mdia.Mdhd == nil || mdia.Minf == nil || mdia.Minf.Stbl == nil {
		return nil, errTrack
	}
	stsd := mdia.Minf.Stbl.Stsd
	if stsd == nil || len(stsd.Children) != 1 {
		return nil, errTrack
	}
	t := &sampleTable{trak: trak, codec: entries[stsd.Children[0].Type()], rate: VideoRate}
	kind := domain.Video
	if trak.Tkhd.TrackID == audioTrack {
		kind, t.rate = domain.Audio, AudioRate
	}
	if t.codec == "" || t.codec.Kind() != kind || int64(mdia.Mdhd.Timescale) != t.rate {
		return nil, errTrack
	}
	return t, nil
}

// follows reports whether a run of samples follows on those that the table has.
func (t *sampleTable) follows(traf *mp4.TrafBox) bool {
	first, samples, longest := int64(traf.Tfdt.BaseMediaDecodeTime()), traf.Trun.Samples, maxPause*t.rate //nolint:gosec // what overflows is seen to be negative
	if first < 0 || first > maxTime*t.rate || len(samples) == 0 {
		return false
	}
	pause := first - t.last
	if !t.empty() && (pause <= 0 || pause > longest) {
		return false
	}
	return !slices.ContainsFunc(samples, func(s mp4.Sample) bool {
		return int64(s.Dur) > longest || s.CompositionTimeOffset < 0 || s.Size == 0
	})
}

func (t *sampleTable) empty() bool { return t.sizes.SampleNumber == 0 }

// add adds a run of samples whose data begins at offset.
func (t *sampleTable) add(offset int64, traf *mp4.TrafBox) {
	samples := traf.Trun.Samples
	t.offsets.ChunkOffset = append(t.offsets.ChunkOffset, uint64(offset))       //nolint:gosec // it is not negative
	chunk, count := uint32(len(t.offsets.ChunkOffset)), traf.Trun.SampleCount() //nolint:gosec // they are some bytes each
	if last := len(t.chunks.Entries) - 1; last < 0 || t.chunks.Entries[last].SamplesPerChunk != count {
		_ = t.chunks.AddEntry(chunk, count, 1)
	}
	dts := int64(traf.Tfdt.BaseMediaDecodeTime()) //nolint:gosec // follows has seen that it is one
	for _, s := range samples {
		t.addSample(dts, s)
		dts += int64(s.Dur)
	}
}

func (t *sampleTable) addSample(dts int64, s mp4.Sample) {
	pts := dts + int64(s.CompositionTimeOffset)
	if t.empty() {
		t.times = times{first: dts, shown: pts, end: pts}
	} else {
		t.addDuration(dts - t.last)
	}
	t.last, t.lastDuration = dts, int64(s.Dur)
	t.shown, t.end = min(t.shown, pts), max(t.end, pts+int64(s.Dur))
	t.sizes.SampleNumber++
	t.sizes.SampleSize = append(t.sizes.SampleSize, s.Size)
	if s.IsSync() {
		t.sync.SampleNumber = append(t.sync.SampleNumber, t.sizes.SampleNumber)
	}
	t.addComposition(s.CompositionTimeOffset)
}

// addDuration tells how long the last sample lasts, up to the next one.
func (t *sampleTable) addDuration(ticks int64) {
	delta, d := uint32(ticks), &t.durations //nolint:gosec // follows has seen that it is short
	if n := len(d.SampleCount); n > 0 && d.SampleTimeDelta[n-1] == delta {
		d.SampleCount[n-1]++
		return
	}
	d.SampleCount, d.SampleTimeDelta = append(d.SampleCount, 1), append(d.SampleTimeDelta, delta)
}

func (t *sampleTable) addComposition(offset int32) {
	t.reordered = t.reordered || offset != 0
	c := &t.compositions
	if n := len(c.SampleOffset); n > 0 && c.SampleOffset[n-1] == offset {
		c.EndSampleNr[n]++
		return
	}
	_ = c.AddSampleCountsAndOffset([]uint32{1}, []int32{offset})
}

// finish returns the track with its table. Nothing can be added any more.
func (t *sampleTable) finish() *mp4.TrakBox {
	t.addDuration(t.lastDuration)
	trak, minf := t.trak, t.trak.Mdia.Minf
	stbl := mp4.NewStblBox()
	stbl.AddChild(minf.Stbl.Stsd)
	stbl.AddChild(&t.durations)
	if t.reordered {
		stbl.AddChild(&t.compositions)
	}
	if t.sync.EntryCount() != t.sizes.SampleNumber {
		stbl.AddChild(&t.sync) // where it is missing, all are
	}
	stbl.AddChild(&t.chunks)
	stbl.AddChild(&t.sizes)
	stbl.AddChild(&t.offsets)
	minf.Children = slices.DeleteFunc(minf.Children, func(b mp4.Box) bool { return b.Type() == "stbl" })
	minf.AddChild(stbl)

	mdhd := trak.Mdia.Mdhd
	mdhd.Duration = uint64(t.last + t.lastDuration - t.first) //nolint:gosec // it is not negative
	mdhd.Version = versionFor(mdhd.Duration)
	trak.Tkhd.Duration = uint64(rescale(t.end, t.rate, VideoRate)) //nolint:gosec // as above
	trak.Tkhd.Version = versionFor(trak.Tkhd.Duration)
	if edits := t.edits(); edits != nil {
		trak.Edts = edits
		trak.Children = slices.Insert(trak.Children, slices.IndexFunc(trak.Children, func(b mp4.Box) bool { return b == trak.Mdia }), mp4.Box(edits))
	}
	return trak
}

// edits says when the track is shown, nil if it is so from the beginning: tables begin
// at 0, whenever the first sample came.
func (t *sampleTable) edits() *mp4.EdtsBox {
	start := rescale(t.shown, t.rate, VideoRate)
	skip := t.shown - t.first // the first one that is shown is not always the first one
	if start == 0 && skip == 0 {
		return nil
	}
	elst := &mp4.ElstBox{}
	if start > 0 {
		elst.Entries = append(elst.Entries, mp4.ElstEntry{SegmentDuration: uint64(start), MediaTime: -1, MediaRateInteger: 1})
	}
	length := uint64(rescale(t.end, t.rate, VideoRate) - start) //nolint:gosec // as above
	elst.Entries = append(elst.Entries, mp4.ElstEntry{SegmentDuration: length, MediaTime: skip, MediaRateInteger: 1})
	elst.Version = versionFor(max(length, uint64(start), uint64(skip)*2)) //nolint:gosec // as above; MediaTime is signed
	edts := &mp4.EdtsBox{}
	edts.AddChild(elst)
	return edts
}

// versionFor returns the version of a box that has such a number in it.
func versionFor(n uint64) byte {
	if n > math.MaxUint32 {
		return 1
	}
	return 0
}

// contents returns what has been found up to end, and what finalizes the file.
func (s *mp4Scan) contents(head *mp4.MoovBox, mark, end int64) (c contents, err error) {
	moov := mp4.NewMoovBox()
	mvhd := head.Mvhd
	moov.AddChild(mvhd)
	for _, table := range s.tables {
		if table == nil || table.empty() {
			continue
		}
		trak := table.finish()
		mvhd.Duration = max(mvhd.Duration, trak.Tkhd.Duration)
		moov.AddChild(trak)
		table.describe(&c.summary)
	}
	if len(moov.Traks) == 0 {
		return c, ErrEmpty
	}
	mvhd.Version = versionFor(mvhd.Duration)
	if c.index, err = encode(moov); err != nil {
		return c, err
	}
	if c.open, err = encode(placeholder()); err != nil {
		return c, err
	}
	var mdat bytes.Buffer
	err = mp4.EncodeHeaderWithSize("mdat", uint64(end-mark), true, &mdat) //nolint:gosec // it is not negative
	c.mark, c.end, c.closed = mark, end, mdat.Bytes()
	return c, err
}

// describe adds the track to a summary.
func (t *sampleTable) describe(s *Summary) {
	samples := int(t.sizes.SampleNumber)
	if t.codec.Kind() == domain.Audio {
		s.Audio, s.Sounds = t.codec, samples
	} else {
		s.Video, s.Pictures = t.codec, samples
		if entry, ok := t.trak.Mdia.Minf.Stbl.Stsd.Children[0].(*mp4.VisualSampleEntryBox); ok {
			s.Width, s.Height = int(entry.Width), int(entry.Height)
		}
	}
	s.show(seconds(t.shown, t.rate), seconds(t.end, t.rate))
}
