package domain

import (
	"slices"
	"time"
)

// Step is something that happens once in a session's life, for programs: it stays the
// same when the words change.
type Step string

// The steps, in the order in which they usually come.
const (
	StepOffered    Step = "offered"    // its client was let in with an offer
	StepCandidates Step = "candidates" // its client told the first ICE candidate
	StepPaired     Step = "paired"     // ICE selected a pair of candidates
	StepSecured    Step = "secured"    // DTLS is up
	StepMedia      Step = "media"      // the first packet of media came, or left
	StepKeyframe   Step = "keyframe"   // the first key frame began to come, or to leave
	StepPicture    Step = "picture"    // a whole key frame has gone to a subscriber
	StepRecorded   Step = "recorded"   // media of it is in a recording
	StepEnded      Step = "ended"
)

// Steps returns all steps, in the order in which they usually come.
func Steps() []Step {
	return []Step{
		StepOffered, StepCandidates, StepPaired, StepSecured, StepMedia, StepKeyframe, StepPicture, StepRecorded, StepEnded,
	}
}

// Milestone is a step that a session has taken, when, and what there is to say of it to
// people.
type Milestone struct {
	Step   Step
	At     time.Time
	Detail string
}

// Life returns what has happened to the session and nothing else, in the order of time;
// its end is the last.
func (r SessionRecord) Life() []Milestone {
	life := []Milestone{{StepOffered, r.Started, r.offered()}}
	for _, m := range r.milestones() {
		if m.At.After(r.Started) {
			life = append(life, m)
		}
	}
	slices.SortStableFunc(life, func(a, b Milestone) int { return a.At.Compare(b.At) })
	if r.Live() {
		return life
	}
	return append(life, Milestone{StepEnded, r.Ended, r.ended()})
}

// milestones returns every step between offer and end. One that has not been taken is at
// the time of the offer.
func (r SessionRecord) milestones() []Milestone {
	p, at := r.Report, r.Started.Add
	media, keyframe, picture := "the first packet of media came", "the first key frame began to come", "the first whole picture had gone to a subscriber"
	if r.Role == RoleSubscriber {
		media, keyframe, picture = "the first packet of media left", "the first key frame began to leave", "the first whole picture had left"
	}
	return []Milestone{
		{StepCandidates, at(p.FirstCandidateAfter), "its client told the first candidate"},
		{StepPaired, at(p.PairedAfter), "ICE chose " + p.Pair},
		{StepSecured, at(p.ConnectedAfter), "DTLS was up, so that media could flow"},
		{StepMedia, at(p.FirstMediaAfter), media},
		{StepKeyframe, at(p.FirstKeyframeAfter), keyframe},
		{StepPicture, at(p.FirstPictureAfter), picture},
		{StepRecorded, at(p.RecordedAfter), "recording " + string(p.Recording) + " had media of it"},
	}
}

func (r SessionRecord) offered() string {
	if r.Role == RoleSubscriber {
		return string(r.Subject) + " came to watch"
	}
	return string(r.Subject) + " came to publish"
}

func (r SessionRecord) ended() string {
	if r.Report.Refusal != "" {
		return r.Reason.Words() + ": " + r.Report.Refusal
	}
	return r.Reason.Words()
}
