package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

// SessionLife is what there is to say of a session, and its life step by step.
type SessionLife struct {
	SessionRecord
	Life []Milestone `json:"life" nullable:"false" doc:"What has happened to it, in the order of time. What is missing has not happened."`
}

// Milestone is a step that a session has taken.
type Milestone struct {
	Step    string    `json:"step" enum:"offered,candidates,paired,secured,media,keyframe,picture,recorded,ended" example:"secured" doc:"What has happened, for programs: its offer came (offered), its client told the first ICE candidate (candidates), ICE chose a pair (paired), DTLS was up (secured), the first packet of media came or left (media), the first key frame began to (keyframe), a whole one had gone to a subscriber (picture), a recording had media of it (recorded), it ended (ended)."`
	At      time.Time `json:"at" example:"2026-01-31T18:00:00.1805Z" doc:"When."`
	AfterMS float64   `json:"after_ms" example:"180.5" doc:"How long after its offer, in milliseconds."`
	Words   string    `json:"words" example:"DTLS was up, so that media could flow" doc:"The same for people."`
}

// TransformSchema lists the steps, which others may join.
func (Milestone) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return extensible(s, "step")
}

func lifeOf(r domain.SessionRecord, now time.Time) SessionLife {
	told := SessionLife{SessionRecord: sessionOf(r, now), Life: []Milestone{}}
	for _, m := range r.Life() {
		told.Life = append(told.Life, Milestone{Step: string(m.Step), At: m.At, AfterMS: milliseconds(m.At.Sub(r.Started)), Words: m.Detail})
	}
	return told
}
