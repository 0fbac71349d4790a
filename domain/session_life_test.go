package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

var opening = time.Date(2026, time.January, 31, 18, 0, 0, 0, time.UTC)

// later returns so many milliseconds after the opening.
func later(ms int) time.Time { return opening.Add(time.Duration(ms) * time.Millisecond) }

// lived is the report of a publisher for which everything went well, and was recorded.
var lived = domain.SessionReport{
	RemoteCandidates: 4, FirstCandidateAfter: 10 * time.Millisecond,
	Pair: "udp 192.0.2.10 198.51.100.7", PairedAfter: 60 * time.Millisecond, DTLS: "connected", ConnectedAfter: 180 * time.Millisecond,
	FirstMediaAfter: 240 * time.Millisecond, FirstKeyframeAfter: 250 * time.Millisecond, FirstPictureAfter: 900 * time.Millisecond,
	Recording: "R", RecordedAfter: 255 * time.Millisecond, Packets: 1000, Keyframes: 10, Bitrate: 2_500_000,
}

func TestLife(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*domain.SessionRecord)
		want   []domain.Milestone
	}{
		"of a session whose offer is being answered": {
			func(r *domain.SessionRecord) { r.Report = domain.SessionReport{} },
			[]domain.Milestone{{Step: domain.StepOffered, At: opening, Detail: "alice came to publish"}},
		},
		"of a publisher that is watched and recorded": {
			func(*domain.SessionRecord) {},
			[]domain.Milestone{
				{Step: domain.StepOffered, At: opening, Detail: "alice came to publish"},
				{Step: domain.StepCandidates, At: later(10), Detail: "its client told the first candidate"},
				{Step: domain.StepPaired, At: later(60), Detail: "ICE chose udp 192.0.2.10 198.51.100.7"},
				{Step: domain.StepSecured, At: later(180), Detail: "DTLS was up, so that media could flow"},
				{Step: domain.StepMedia, At: later(240), Detail: "the first packet of media came"},
				{Step: domain.StepKeyframe, At: later(250), Detail: "the first key frame began to come"},
				{Step: domain.StepRecorded, At: later(255), Detail: "recording R had media of it"},
				{Step: domain.StepPicture, At: later(900), Detail: "the first whole picture had gone to a subscriber"},
			},
		},
		"of a viewer that came by another way than its candidates and left": {
			func(r *domain.SessionRecord) {
				r.Role, r.Ended, r.Reason = domain.RoleSubscriber, later(5000), domain.EndedByClient
				r.Report.FirstCandidateAfter, r.Report.Recording, r.Report.RecordedAfter = 70*time.Millisecond, "", 0
			},
			[]domain.Milestone{
				{Step: domain.StepOffered, At: opening, Detail: "alice came to watch"},
				{Step: domain.StepPaired, At: later(60), Detail: "ICE chose udp 192.0.2.10 198.51.100.7"},
				{Step: domain.StepCandidates, At: later(70), Detail: "its client told the first candidate"},
				{Step: domain.StepSecured, At: later(180), Detail: "DTLS was up, so that media could flow"},
				{Step: domain.StepMedia, At: later(240), Detail: "the first packet of media left"},
				{Step: domain.StepKeyframe, At: later(250), Detail: "the first key frame began to leave"},
				{Step: domain.StepPicture, At: later(900), Detail: "the first whole picture had left"},
				{Step: domain.StepEnded, At: later(5000), Detail: "ended by its client"},
			},
		},
		"of an offer that was refused": {
			func(r *domain.SessionRecord) {
				r.Ended, r.Reason, r.Report = later(1), domain.EndedByFailure, domain.SessionReport{Refusal: "The body is no SDP offer."}
			},
			[]domain.Milestone{
				{Step: domain.StepOffered, At: opening, Detail: "alice came to publish"},
				{Step: domain.StepEnded, At: later(1), Detail: "its offer came to nothing: The body is no SDP offer."},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := domain.SessionRecord{ID: "S", Role: domain.RolePublisher, Subject: "alice", Started: opening, Report: lived}
			c.change(&r)
			if d := cmp.Diff(c.want, r.Life()); d != "" {
				t.Error(d)
			}
		})
	}
}

// Every step that a life can have is one of those that the contract lists.
func TestStepsAreAll(t *testing.T) {
	r := domain.SessionRecord{Started: opening, Ended: later(1000), Report: lived}
	var taken []domain.Step
	for _, m := range r.Life() {
		taken = append(taken, m.Step)
	}
	slices.Sort(taken)
	all := slices.Sorted(slices.Values(domain.Steps()))
	if !slices.Equal(taken, all) {
		t.Errorf("a life has the steps %v, the list %v", taken, all)
	}
}
