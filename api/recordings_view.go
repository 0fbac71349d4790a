package api

import (
	"path"
	"strings"
	"time"

	"rostrum/app/archive"
	"rostrum/domain"
	"rostrum/ports"
)

// Recording is what a list tells of a recording.
type Recording struct {
	ID              string            `json:"id" example:"KZ7N4Q2WSXB5JTE3VLMOYRH6CA" doc:"Its id."`
	Room            string            `json:"room" example:"demo" doc:"The room that it is of."`
	Session         string            `json:"session" example:"5VJTE4J6W3KQCZ2LXSOMRH7YAG" doc:"The publisher's session that it began with."`
	State           string            `json:"state" enum:"started,finalized,uploading,stored,failed" example:"stored" doc:"How far it has come: its media is being written (started), is whole and waits (finalized), is on its way into the store (uploading), is there and verified (stored), or gets no further for now and is tried again (failed)."`
	Key             string            `json:"key" example:"demo/2026-01-31/KZ7N4Q2WSXB5JTE3VLMOYRH6CA" doc:"What the keys of its objects in the store begin with."`
	Started         time.Time         `json:"started" example:"2026-01-31T18:00:00Z" doc:"When its first packet came."`
	Ended           *time.Time        `json:"ended,omitempty" example:"2026-01-31T19:00:00Z" doc:"When it ended; missing while it is being written."`
	Stored          *time.Time        `json:"stored,omitempty" example:"2026-01-31T19:01:00Z" doc:"When the store had confirmed all of it."`
	DurationSeconds float64           `json:"duration_seconds" example:"3600.5" doc:"How long its media lasts; so far, while it is being written."`
	Bytes           int64             `json:"bytes" example:"412000000" doc:"How large its media is; so far, while it is being written."`
	UploadedBytes   int64             `json:"uploaded_bytes" example:"412000000" doc:"How much of it has reached the store."`
	PartCount       int               `json:"part_count" example:"1" doc:"How many media files it has."`
	GapCount        int               `json:"gap_count" example:"0" doc:"In how many stretches media is missing."`
	Video           *RecordedVideo    `json:"video,omitempty" doc:"The picture of the first part that has one, with the pictures of all parts."`
	Audio           *RecordedAudio    `json:"audio,omitempty" doc:"The sound of the first part that has one, with the packets of all parts."`
	Failure         *RecordingFailure `json:"failure,omitempty" doc:"What has failed since the last step that did not."`
	Live            *LiveRecording    `json:"live,omitempty" doc:"How it goes, while it is being written."`
}

// RecordedVideo is the picture of a recording or a part.
type RecordedVideo struct {
	Codec    string `json:"codec" example:"VP8" doc:"Its encoding."`
	Width    int    `json:"width" example:"1280" doc:"In pixels."`
	Height   int    `json:"height" example:"720" doc:"In pixels."`
	Pictures int    `json:"pictures" example:"108000" doc:"How many there are."`
}

// RecordedAudio is the sound of a recording or a part.
type RecordedAudio struct {
	Codec   string `json:"codec" example:"OPUS" doc:"Its encoding."`
	Packets int    `json:"packets" example:"180000" doc:"How many there are."`
}

// RecordingFailure is why a recording has got no further.
type RecordingFailure struct {
	During   string     `json:"during" enum:"started,finalized,uploading" example:"uploading" doc:"The state that it goes on from."`
	Reason   string     `json:"reason" example:"the store does not answer" doc:"Why, for people."`
	Attempts int        `json:"attempts" example:"3" doc:"How many have failed one after another."`
	NextTry  *time.Time `json:"next_try,omitempty" example:"2026-01-31T19:05:00Z" doc:"When it is tried again."`
}

// LiveRecording is how a recording goes that is being written.
type LiveRecording struct {
	Bytes   int64  `json:"bytes" example:"20500000" doc:"How much has been written."`
	Gaps    int    `json:"gaps" example:"0" doc:"In how many stretches media is missing so far."`
	Trouble string `json:"trouble,omitempty" example:"no space left on device" doc:"Why nothing can be written now, for people; missing while it can."`
}

// RecordingDetail is all that is known of a recording.
type RecordingDetail struct {
	Recording
	Parts []RecordingPart `json:"parts" nullable:"false" doc:"Its media files, in the order in which they play; none before it has ended."`
}

// RecordingPart is one media file of a recording.
type RecordingPart struct {
	File            string         `json:"file" example:"part-001.mp4" doc:"Its name, below the recording's key."`
	Container       string         `json:"container" enum:"mp4,webm" example:"mp4" doc:"What the media is in."`
	Publisher       string         `json:"publisher" example:"5VJTE4J6W3KQCZ2LXSOMRH7YAG" doc:"The session whose media it is."`
	Video           *RecordedVideo `json:"video,omitempty" doc:"Its picture; missing where it is sound alone."`
	Audio           *RecordedAudio `json:"audio,omitempty" doc:"Its sound; missing where it has none."`
	Started         time.Time      `json:"started" example:"2026-01-31T18:00:00Z" doc:"When the first of it arrived."`
	DurationSeconds float64        `json:"duration_seconds" example:"3600.5" doc:"How long it lasts."`
	Bytes           int64          `json:"bytes" example:"412000000" doc:"How large it is."`
	SHA256          string         `json:"sha256" example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" doc:"Of the file, in hexadecimal."`
	Gaps            []RecordingGap `json:"gaps" nullable:"false" doc:"Where media is missing."`
	URL             string         `json:"url" format:"uri-reference" example:"/api/recordings/KZ7N4Q2WSXB5JTE3VLMOYRH6CA/media?expires=1769886000\u0026part=part-001.mp4\u0026signature=bGlrZSB0aGlz" doc:"Where the file can be played without a token, for one hour, relative to this server."`
}

// RecordingGap is a stretch of a part in which media is missing.
type RecordingGap struct {
	Kind      string  `json:"kind" enum:"audio,video" example:"video" doc:"What is missing."`
	AtSeconds float64 `json:"at_seconds" example:"12.5" doc:"Since the part began."`
	Seconds   float64 `json:"seconds" example:"0.4" doc:"How long it is missing."`
	Reason    string  `json:"reason" enum:"lost,slow disk,disk full" example:"lost" doc:"It never came (lost), it came faster than the disk took it (slow disk), or the disk refused it (disk full)."`
}

// recordingOf returns what a list tells of a recording at a time.
func recordingOf(v archive.View, now time.Time) Recording {
	r := Recording{
		ID: string(v.ID), Room: string(v.Room), Session: string(v.Session), State: string(v.State), Key: string(v.Key),
		Started: v.Started, Ended: known(v.Ended), Stored: known(v.Stored),
		DurationSeconds: v.Duration().Seconds(), Bytes: v.Bytes(), PartCount: len(v.Parts),
		Failure: failureOf(v.Failure),
	}
	r.UploadedBytes = min(v.Uploaded, r.Bytes) // the upload counts the manifest as well
	for _, p := range v.Parts {
		r.GapCount += len(p.Gaps)
		r.Video, r.Audio = withVideo(r.Video, p), withAudio(r.Audio, p)
	}
	if v.Live != nil {
		r.tellLive(*v.Live, now)
	}
	return r
}

func (r *Recording) tellLive(status ports.TakeStatus, now time.Time) {
	r.Live = &LiveRecording{Bytes: status.Bytes, Gaps: status.Gaps, Trouble: status.Trouble}
	r.Bytes, r.GapCount = status.Bytes, status.Gaps
	r.DurationSeconds = max(0, now.Sub(r.Started).Seconds())
}

// detailOf returns all that is known of a recording, with links to its parts.
func (l links) detailOf(v archive.View, now time.Time) RecordingDetail {
	d := RecordingDetail{Recording: recordingOf(v, now), Parts: []RecordingPart{}}
	for _, p := range v.Parts {
		part := RecordingPart{
			File: p.File, Container: strings.TrimPrefix(path.Ext(p.File), "."), Publisher: string(p.Publisher),
			Video: withVideo(nil, p), Audio: withAudio(nil, p), Started: p.Started, DurationSeconds: p.Duration.Seconds(),
			Bytes: p.Bytes, SHA256: p.SHA256, Gaps: []RecordingGap{}, URL: l.link(v.ID, p.File, now.Add(linkLife)),
		}
		for _, g := range p.Gaps {
			part.Gaps = append(part.Gaps, RecordingGap{string(g.Kind), g.At.Seconds(), g.Length.Seconds(), string(g.Reason)})
		}
		d.Parts = append(d.Parts, part)
	}
	return d
}

// withVideo adds the picture of a part, if it has one, to that of those before it.
func withVideo(before *RecordedVideo, p domain.Part) *RecordedVideo {
	if p.Video == "" {
		return before
	}
	if before == nil {
		before = &RecordedVideo{Codec: string(p.Video), Width: p.Width, Height: p.Height}
	}
	before.Pictures += p.Pictures
	return before
}

// withAudio adds the sound of a part, if it has any, to that of those before it.
func withAudio(before *RecordedAudio, p domain.Part) *RecordedAudio {
	if p.Audio == "" {
		return before
	}
	if before == nil {
		before = &RecordedAudio{Codec: string(p.Audio)}
	}
	before.Packets += p.Sounds
	return before
}

func failureOf(f domain.Failure) *RecordingFailure {
	if f.Attempts == 0 {
		return nil
	}
	return &RecordingFailure{During: string(f.During), Reason: f.Reason, Attempts: f.Attempts, NextTry: known(f.Next)}
}

// known returns a time, nil if it is not known.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
