package domain_test

import (
	"strings"
	"testing"
	"time"

	"rostrum/domain"
)

// The operations manual: what an operator sees of a session, and what the diagnosis has to
// name so that it can be mended; "" where nothing has to be.
func TestDiagnosis(t *testing.T) {
	const (
		blocked = "no pair of them answered"
		ports   = "webrtc.udp_addr and webrtc.tcp_addr"
		small   = 5 * time.Millisecond
	)
	minute := opening.Add(time.Minute)
	type record = domain.SessionRecord
	type report = domain.SessionReport
	told := report{RemoteCandidates: 2, FirstCandidateAfter: small}
	paired := report{RemoteCandidates: 2, FirstCandidateAfter: small, Pair: "udp a b", PairedAfter: 2 * small, DTLS: "connecting"}
	connected := report{RemoteCandidates: 2, Pair: "udp a b", PairedAfter: 2 * small, DTLS: "connected", ConnectedAfter: 3 * small}
	with := func(p report, change func(*report)) report { change(&p); return p }
	sounding := with(lived, func(p *report) { p.Keyframes = 0 })
	fed := func(p report, kind domain.MediaKind) report { p.Fed = kind; return p }
	over := func(reason domain.EndReason, p report) record {
		return record{Ended: minute, Reason: reason, Report: p}
	}
	soon := func(r record) record { r.Ended = opening.Add(time.Second); return r }
	viewer := func(r record) record { r.Role = domain.RoleSubscriber; return r }

	for name, c := range map[string]struct {
		of    record
		now   time.Time
		names []string // nothing: there is nothing to say
	}{
		"all is well":                                  {record{Report: lived}, minute, nil},
		"all was well":                                 {over(domain.EndedByClient, with(lived, func(p *report) { p.Bitrate = 0 })), minute, nil},
		"a viewer for whom all is well":                {viewer(record{Report: fed(lived, domain.Video)}), minute, nil},
		"a viewer for whom all was well":               {viewer(over(domain.EndedByPublisher, lived)), minute, nil},
		"the server shut down, all was well":           {over(domain.EndedByShutdown, lived), minute, nil},
		"a radio, sound without pictures":              {record{Codecs: []domain.Codec{domain.Opus}, Report: sounding}, minute, nil},
		"a viewer of a radio":                          {viewer(record{Codecs: []domain.Codec{domain.VP8, domain.Opus}, Report: fed(sounding, domain.Audio)}), minute, nil},
		"an offer that has just come":                  {record{}, opening.Add(time.Second), nil},
		"candidates that have just come, by trickling": {record{Report: with(told, func(p *report) { p.FirstCandidateAfter = 20 * time.Second })}, opening.Add(22 * time.Second), nil},
		"a connection that has just been made":         {record{Report: connected}, opening.Add(time.Second), nil},
		"a picture that is awaited for a moment":       {record{Report: sounding}, opening.Add(time.Second), nil},

		"one at another server": {record{Node: "south-2"}, minute, []string{"its server alone", "south-2"}},

		"no candidates": {record{Report: report{DTLS: "new"}}, minute, []string{"no ICE candidate", "PATCH", ports}},
		"no candidates, until it never connected":    {over(domain.EndedUnconnected, report{}), minute, []string{"no ICE candidate", ports}},
		"candidates, but the ports are closed":       {record{Report: told}, minute, []string{blocked, ports, "webrtc.public_ips", "TURN"}},
		"the same until it never connected":          {over(domain.EndedUnconnected, told), minute, []string{blocked, ports, "webrtc.public_ips", "TURN"}},
		"the same until its client gave up":          {over(domain.EndedByClient, told), minute, []string{blocked}},
		"a client that left at once":                 {soon(over(domain.EndedByClient, told)), minute, []string{"before it could be expected to connect", "client's own log"}},
		"a peer that failed at once":                 {soon(over(domain.EndedUnconnected, with(paired, func(p *report) { p.DTLS = "failed" }))), minute, []string{"DTLS did not finish"}},
		"a publisher that left as it was connected":  {soon(over(domain.EndedByClient, connected)), minute, nil},
		"a few packets, of which some were lost":     {over(domain.EndedByClient, with(lived, func(p *report) { p.Packets, p.Lost = 50, 4 })), minute, nil},
		"the same for a viewer":                      {viewer(over(domain.EndedUnconnected, told)), minute, []string{blocked}},
		"only mDNS names":                            {record{Report: with(told, func(p *report) { p.MDNSCandidates = 2 })}, minute, []string{"mDNS", ".local", ports, "webrtc.public_ips"}},
		"an mDNS name beside an address":             {record{Report: with(told, func(p *report) { p.MDNSCandidates = 1 })}, minute, []string{blocked}},
		"a pair, but DTLS does not finish":           {record{Report: paired}, minute, []string{"DTLS did not finish", "MTU", "fingerprint"}},
		"a pair, but DTLS failed":                    {over(domain.EndedUnconnected, with(paired, func(p *report) { p.DTLS = "failed" })), minute, []string{"DTLS did not finish"}},
		"connected, but no media comes":              {record{Report: connected}, minute, []string{"no media came", "encoder", "muted"}},
		"connected, and left before any media":       {over(domain.EndedByClient, connected), minute, []string{"no media came"}},
		"media, but no key frame":                    {record{Codecs: []domain.Codec{domain.H264}, Report: sounding}, minute, []string{"no key frame", "nobody sees a picture", "interval"}},
		"media that has stopped":                     {record{Report: with(lived, func(p *report) { p.Bitrate = 0 })}, minute, []string{"has stopped", "still screen"}},
		"a publisher on a bad network":               {record{Report: with(lived, func(p *report) { p.Lost = 60 })}, minute, []string{"60 packets of it never came", "bitrate"}},
		"losses that nobody sees":                    {record{Report: with(lived, func(p *report) { p.Lost = 50 })}, minute, nil},
		"a server that has too much to do":           {over(domain.EndedByClient, with(lived, func(p *report) { p.Dropped = 60 })), minute, []string{"dropped 60", "limits.load"}},
		"a viewer that came before the publisher":    {viewer(record{Report: connected}), opening.Add(small), []string{"nobody publishes"}},
		"a viewer that nobody ever published to":     {viewer(over(domain.EndedByClient, connected)), minute, []string{"sent nothing", "nobody published"}},
		"a viewer of a publisher without key frame":  {viewer(record{Report: fed(connected, domain.Video)}), minute, []string{"no key frame", "publisher's session"}},
		"a viewer that the publisher has just found": {viewer(record{Report: fed(connected, domain.Video)}), opening.Add(time.Second), nil},
		"a viewer that hears, but does not see":      {viewer(record{Report: fed(sounding, domain.Video)}), minute, []string{"no picture", "key frame"}},
		"a viewer whose publisher is gone":           {viewer(record{Report: with(lived, func(p *report) { p.Bitrate = 0 })}), minute, []string{"Nobody publishes", "any more"}},
		"a viewer whose publisher has paused":        {viewer(record{Report: with(fed(lived, domain.Video), func(p *report) { p.Bitrate = 0 })}), minute, []string{"publisher sends nothing"}},
		"a viewer on a bad network":                  {viewer(record{Report: with(fed(lived, domain.Video), func(p *report) { p.Lost = 60 })}), minute, []string{"60 packets to it were lost"}},

		"an offer that was refused":       {over(domain.EndedByFailure, report{Refusal: "The offer has no track."}), minute, []string{"refused: The offer has no track."}},
		"an offer that the server failed": {over(domain.EndedByFailure, report{}), minute, []string{"could not answer", "log"}},
		"a client that fell silent":       {over(domain.EndedBySilence, lived), minute, []string{"30 seconds", "firewalls"}},
		"a token that expired":            {over(domain.EndedByExpiry, lived), minute, []string{"token expired"}},
		"a token that was revoked":        {over(domain.EndedByRevoking, lived), minute, []string{"token was revoked"}},
		"a codec that it cannot decode":   {viewer(over(domain.EndedByCodec, lived)), minute, []string{"cannot decode", "H264 or VP8"}},
		"a publisher that did not return": {viewer(over(domain.EndedByGrace, lived)), minute, []string{"rooms.grace"}},
		"a publisher that was taken over": {over(domain.EndedByTakeover, lived), minute, []string{"silent or never connected"}},
		"a server that was killed":        {over(domain.EndedByCrash, report{}), minute, []string{"killed", "log"}},
		"an end by an operator":           {over(domain.EndedByOperator, lived), minute, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.of
			r.Started = opening
			if r.Role == "" {
				r.Role = domain.RolePublisher
			}
			if r.Codecs == nil {
				r.Codecs = []domain.Codec{domain.VP8, domain.Opus}
			}
			got := r.Diagnosis(c.now)
			if (got == "") != (len(c.names) == 0) {
				t.Errorf("it is %q, want what names %q", got, c.names)
			}
			for _, name := range c.names {
				if !strings.Contains(got, name) {
					t.Errorf("it is %q, which does not name %q", got, name)
				}
			}
		})
	}
}
