package app

import "rostrum/domain"

// tellLife has the log tell a session's whole life in one line, at its end: who it was,
// when it took which step after its offer (0: never), how it went, why it ended, and what an
// operator can do about it. Nothing that lets anybody in is in it, and of addresses as much
// as is kept. The keys are the same in every line.
func (a *App) tellLife(r domain.SessionRecord) {
	a.log.Info("session ended", append(append([]any{
		"because", r.Reason.Words(), "reason", r.Reason, "diagnosis", r.Diagnosis(r.Ended),
		"room", r.Room, "session", r.ID, "role", r.Role, "subject", r.Subject,
		"address", r.Address, "user_agent", r.UserAgent, "codecs", r.Codecs, "lasted", r.Ended.Sub(r.Started),
	}, steps(r.Report)...), figures(r.Report)...)...)
}

// steps are the times of a session's life, and what there is to say of each.
func steps(r domain.SessionReport) []any {
	return []any{
		"first_candidate_after", r.FirstCandidateAfter, "remote_candidates", r.RemoteCandidates,
		"paired_after", r.PairedAfter, "pair", r.Pair, "connected_after", r.ConnectedAfter, "dtls", r.DTLS,
		"first_media_after", r.FirstMediaAfter, "first_keyframe_after", r.FirstKeyframeAfter, "first_picture_after", r.FirstPictureAfter,
		"recorded_after", r.RecordedAfter, "recording", r.Recording,
	}
}

// figures are what is counted of a session.
func figures(r domain.SessionReport) []any {
	return []any{
		"round_trip", r.RoundTrip, "packets", r.Packets, "bytes", r.Bytes, "keyframes", r.Keyframes, "resent", r.Resent,
		"dropped", r.Dropped, "lost", r.Lost, "estimate", r.Estimate, "ice_restarts", r.Restarts,
	}
}
