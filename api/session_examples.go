package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

// lifeExamples are a publisher with which all is well, and one that was never reached.
func lifeExamples() map[string]*huma.Example {
	began := time.Date(2026, time.January, 31, 18, 0, 0, 0, time.UTC)
	live := domain.SessionRecord{
		ID: exampleSession, Room: "demo", Role: domain.RolePublisher, Subject: "alice", Address: "192.0.2.0/24", UserAgent: "OBS-Studio/32.0", Node: "north-1",
		Codecs: []domain.Codec{domain.H264, domain.Opus}, Started: began,
		Report: domain.SessionReport{
			RemoteCandidates: 4, FirstCandidateAfter: 10 * time.Millisecond, Pair: "udp 198.51.100.10 192.0.2.0/24", PairedAfter: 60 * time.Millisecond,
			DTLS: "connected", ConnectedAfter: 180 * time.Millisecond, RoundTrip: 23 * time.Millisecond,
			FirstMediaAfter: 240 * time.Millisecond, FirstKeyframeAfter: 250 * time.Millisecond, FirstPictureAfter: 900 * time.Millisecond,
			Packets: 180_000, Bytes: 206_000_000, Bitrate: 2_500_000, Keyframes: 300, Lost: 12, Recording: exampleRecording, RecordedAfter: 255 * time.Millisecond,
		},
	}
	blocked := live
	blocked.Ended, blocked.Reason = began.Add(45*time.Second), domain.EndedUnconnected
	blocked.Report = domain.SessionReport{RemoteCandidates: 2, FirstCandidateAfter: 10 * time.Millisecond, DTLS: "failed"}
	return map[string]*huma.Example{
		"live":    {Summary: "A publisher that is watched and recorded; all is well.", Value: lifeOf(live, began.Add(time.Hour))},
		"blocked": {Summary: "A publisher that was never reached.", Value: lifeOf(blocked, blocked.Ended)},
	}
}
