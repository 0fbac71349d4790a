package app_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/app/database"
	"rostrum/app/privacy"
	"rostrum/domain"
	"rostrum/ports"
)

func TestWhoMayActOnASession(t *testing.T) {
	h, publisher, subscriber := live(t, forgiving)
	defer h.Close()
	const pub, sub = domain.RolePublisher, domain.RoleSubscriber
	admins := []domain.Action{domain.ActionAdmin}
	for name, c := range map[string]struct {
		grant domain.Grant
		role  domain.Role
		id    domain.SessionID
		want  error
	}{
		"its publisher":           {alice.Grant, pub, publisher, nil},
		"its subscriber":          {bob.Grant, sub, subscriber, nil},
		"an administrator":        {domain.Grant{Subject: "root", Permissions: domain.Allow(admins, "de*")}, sub, subscriber, nil},
		"one of another room":     {domain.Grant{Subject: "root", Permissions: domain.Allow(admins, "attic")}, sub, subscriber, domain.ErrForbidden},
		"somebody else":           {alice.Grant, sub, subscriber, domain.ErrForbidden},
		"in the other role":       {alice.Grant, sub, publisher, domain.ErrSessionUnknown},
		"nobody's":                {alice.Grant, pub, "nobody", domain.ErrSessionUnknown},
		"another's, other role":   {alice.Grant, pub, subscriber, domain.ErrSessionUnknown},
		"the session without id":  {alice.Grant, pub, "", domain.ErrSessionUnknown},
		"the wrong role's admins": {domain.Grant{Permissions: domain.Allow(admins, "*")}, pub, subscriber, domain.ErrSessionUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			if err := h.Present(c.grant, c.role, c.id); !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("Present: %v, want %v", err, c.want)
			}
			patch := ports.ICEPatch{Match: func(tag string) bool { return tag == "first" }, Fragment: "f"}
			update, err := h.Patch(t.Context(), c.grant, c.role, c.id, patch)
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("Patch: %v, want %v", err, c.want)
			}
			want := ports.ICEUpdate{}
			if c.want == nil {
				want = ports.ICEUpdate{Tag: "next", Fragment: "answer to f"}
			}
			if d := cmp.Diff(want, update); d != "" {
				t.Error(d)
			}
		})
	}
	never := ports.ICEPatch{Match: func(string) bool { return false }}
	if _, err := h.Patch(t.Context(), alice.Grant, pub, publisher, never); !errors.Is(err, domain.ErrTagStale) {
		t.Errorf("a stale patch: %v", err)
	}
}

// How a session went is said in one line, with its numbers, and nothing in the log
// lets anybody into a session.
func TestTheEndIsReported(t *testing.T) {
	h := houseOf(forgiving, database.Settings{Addresses: privacy.Networks})
	h.media.report = domain.SessionReport{
		RemoteCandidates: 3, FirstCandidateAfter: 500 * time.Millisecond, Pair: "udp 198.51.100.1 192.0.2.2", PairedAfter: time.Second,
		DTLS: "connected", ConnectedAfter: 1500 * time.Millisecond,
		FirstMediaAfter: 2 * time.Second, FirstKeyframeAfter: 3 * time.Second, FirstPictureAfter: 4 * time.Second, RoundTrip: 20 * time.Millisecond,
		Packets: 12, Bytes: 3456, Keyframes: 7, Resent: 5, Dropped: 4, Lost: 6, Estimate: 2500000, Restarts: 2,
	}
	const secret = "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1"
	a, err := h.Publish(t.Context(), alice, "demo", secret)
	if err != nil {
		t.Fatal(err)
	}
	h.Connected(a.Session)
	patch := ports.ICEPatch{Match: func(string) bool { return true }, Fragment: secret}
	if _, err := h.Patch(t.Context(), alice.Grant, domain.RolePublisher, a.Session, patch); err != nil {
		t.Fatal(err)
	}
	h.Ended(a.Session, domain.EndedBySilence)
	h.Close()

	entries := h.log.endings(t, a.Session)
	if len(entries) != 1 {
		t.Fatalf("%d lines, want one", len(entries))
	}
	delete(entries[0], "time")
	if lasted, ok := entries[0]["lasted"].(float64); !ok || lasted < 0 {
		t.Errorf("it lasted %v", entries[0]["lasted"])
	}
	delete(entries[0], "lasted")
	if d := cmp.Diff(map[string]any{
		"level": "INFO", "msg": "session ended", "because": "lost: the peer fell silent", "reason": "silence",
		"diagnosis": h.recorded(t, a.Session).Diagnosis(time.Now()),
		"room":      "demo", "session": string(a.Session), "role": "publisher", "subject": "alice", "address": "192.0.2.0/24", "user_agent": "encoder/1", "codecs": []any{"VP8"},
		"first_candidate_after": 5e8, "remote_candidates": 3., "paired_after": 1e9, "pair": "udp 198.51.100.1 192.0.2.0/24", "connected_after": 1.5e9, "dtls": "connected",
		"first_media_after": 2e9, "first_keyframe_after": 3e9, "first_picture_after": 4e9, "recorded_after": 0., "recording": "",
		"round_trip": 2e7, "packets": 12., "bytes": 3456., "keyframes": 7., "resent": 5., "dropped": 4., "lost": 6., "estimate": 2.5e6, "ice_restarts": 2.,
	}, entries[0]); d != "" {
		t.Error(d)
	}
	if n := len(h.log.lines); n != 1 {
		t.Errorf("its life took %d lines: %q", n, h.log.lines)
	}
	for _, line := range h.log.lines {
		if strings.Contains(line, secret) || strings.Contains(line, a.Tag+`"`) {
			t.Errorf("it tells a secret: %s", line)
		}
	}
}
