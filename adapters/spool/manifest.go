package spool

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"rostrum/domain"
)

// manifestVersion is raised when a reader of the former would be misled.
const manifestVersion = 1

// manifest is manifest.json: what there is to tell of a recording, for programs that
// know nothing of this one. Times are RFC 3339, in UTC.
type manifest struct {
	Version   int            `json:"version"`
	Recording string         `json:"recording"`
	Room      string         `json:"room"`
	Session   string         `json:"session"` // the publisher's that it began with
	Subject   string         `json:"subject"`
	Key       string         `json:"key"` // what the keys of the objects begin with
	Started   time.Time      `json:"started"`
	Ended     time.Time      `json:"ended"`
	Duration  float64        `json:"duration_seconds"` // of all parts
	Parts     []manifestPart `json:"parts"`
}

type manifestPart struct {
	File      string         `json:"file"`
	Publisher string         `json:"publisher"` // the session whose media it is
	Container string         `json:"container"` // mp4 or webm
	Video     *manifestVideo `json:"video,omitempty"`
	Audio     *manifestAudio `json:"audio,omitempty"`
	Started   time.Time      `json:"started"`
	Ended     time.Time      `json:"ended"`
	Duration  float64        `json:"duration_seconds"`
	Bytes     int64          `json:"bytes"`
	SHA256    string         `json:"sha256"`
	CRC32C    string         `json:"crc32c"` // Castagnoli, 8 hexadecimal digits
	Gaps      []manifestGap  `json:"gaps"`
}

type manifestVideo struct {
	Codec    string `json:"codec"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Pictures int    `json:"pictures"`
}

type manifestAudio struct {
	Codec   string `json:"codec"`
	Packets int    `json:"packets"`
}

// manifestGap is a stretch in which media is missing, since the part began.
type manifestGap struct {
	Kind   string  `json:"kind"` // video or audio
	At     float64 `json:"at_seconds"`
	Length float64 `json:"seconds"`
	Reason string  `json:"reason"` // lost, slow disk or disk full
}

// writeManifest returns the manifest of a recording that has been finalized.
func writeManifest(r domain.Recording) ([]byte, error) {
	m := manifest{
		Version: manifestVersion, Recording: string(r.ID), Room: string(r.Room), Session: string(r.Session),
		Subject: string(r.Subject), Key: string(r.Key), Started: r.Started, Ended: r.Ended,
		Duration: r.Duration().Seconds(), Parts: []manifestPart{},
	}
	for _, p := range r.Parts {
		m.Parts = append(m.Parts, partOf(p))
	}
	text, err := json.MarshalIndent(m, "", "  ")
	return append(text, '\n'), err
}

func partOf(p domain.Part) manifestPart {
	m := manifestPart{
		File: p.File, Publisher: string(p.Publisher), Container: containerOf(p.File),
		Started: p.Started, Ended: p.Started.Add(p.Duration), Duration: p.Duration.Seconds(),
		Bytes: p.Bytes, SHA256: p.SHA256, CRC32C: fmt.Sprintf("%08x", p.CRC32C), Gaps: []manifestGap{},
	}
	if p.Video != "" {
		m.Video = &manifestVideo{string(p.Video), p.Width, p.Height, p.Pictures}
	}
	if p.Audio != "" {
		m.Audio = &manifestAudio{string(p.Audio), p.Sounds}
	}
	for _, g := range p.Gaps {
		m.Gaps = append(m.Gaps, manifestGap{string(g.Kind), g.At.Seconds(), g.Length.Seconds(), string(g.Reason)})
	}
	return m
}

// readManifest returns the recording that a manifest tells of, and whether it is one
// of ours for that id. It tells back what was written, to the nanosecond.
func readManifest(text []byte, id domain.RecordingID) (domain.Recording, bool) {
	var m manifest
	if json.Unmarshal(text, &m) != nil || m.Version != manifestVersion || m.Recording != string(id) {
		return domain.Recording{}, false
	}
	room, err := domain.ParseRoomName(m.Room)
	key := domain.ObjectKey(m.Key)
	if err != nil || !key.Valid() || len(m.Parts) == 0 {
		return domain.Recording{}, false
	}
	r := domain.Recording{
		ID: id, Room: room, Session: domain.SessionID(m.Session), Subject: domain.Subject(m.Subject), Key: key,
		State: domain.RecordingFinalized, Started: m.Started, Ended: m.Ended,
	}
	for _, part := range m.Parts {
		p, ok := part.read()
		if !ok {
			return domain.Recording{}, false
		}
		r.Parts = append(r.Parts, p)
	}
	return r, true
}

func (m manifestPart) read() (domain.Part, bool) {
	crc, err := strconv.ParseUint(m.CRC32C, 16, 32)
	if err != nil || !partName.MatchString(m.File) {
		return domain.Part{}, false
	}
	p := domain.Part{
		File: m.File, Publisher: domain.SessionID(m.Publisher), Started: m.Started, Duration: duration(m.Duration),
		Bytes: m.Bytes, SHA256: m.SHA256, CRC32C: uint32(crc),
	}
	if v := m.Video; v != nil {
		p.Video, p.Width, p.Height, p.Pictures = domain.Codec(v.Codec), v.Width, v.Height, v.Pictures
	}
	if a := m.Audio; a != nil {
		p.Audio, p.Sounds = domain.Codec(a.Codec), a.Packets
	}
	for _, g := range m.Gaps {
		p.Gaps = append(p.Gaps, domain.Gap{
			Kind: domain.MediaKind(g.Kind), At: duration(g.At), Length: duration(g.Length), Reason: domain.GapReason(g.Reason),
		})
	}
	return p, true
}

func duration(seconds float64) time.Duration {
	return time.Duration(math.Round(seconds * float64(time.Second)))
}
