package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/app/database"
	"rostrum/app/privacy"
	"rostrum/domain"
	"rostrum/ports"
)

// recorded returns what is kept of a session.
func (k keeping) recorded(t *testing.T, id domain.SessionID) domain.SessionRecord {
	t.Helper()
	r, err := k.sessions.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Each way to end leaves one record, which tells who it was, what it came for, when, how
// it went and why it ended.
func TestEachEndIsKept(t *testing.T) {
	report := domain.SessionReport{DTLS: "connected", Packets: 12, Bytes: 3456, RoundTrip: time.Second, FirstMediaAfter: 2 * time.Second}
	admins := domain.Caller{Grant: domain.Grant{Subject: "root", Permissions: domain.Allow([]domain.Action{domain.ActionAdmin}, "*")}}
	for _, c := range []struct {
		reason domain.EndReason
		end    func(t *testing.T, h house, publisher, subscriber domain.SessionID) domain.SessionID
	}{
		{domain.EndedByClient, func(t *testing.T, h house, publisher, _ domain.SessionID) domain.SessionID {
			must(t, h.End(alice, domain.RolePublisher, publisher))
			return publisher
		}},
		{domain.EndedByPeer, func(_ *testing.T, h house, _, subscriber domain.SessionID) domain.SessionID {
			h.Ended(subscriber, domain.EndedByPeer)
			return subscriber
		}},
		{domain.EndedBySilence, func(_ *testing.T, h house, publisher, _ domain.SessionID) domain.SessionID {
			h.Ended(publisher, domain.EndedBySilence)
			return publisher
		}},
		{domain.EndedUnconnected, func(_ *testing.T, h house, _, subscriber domain.SessionID) domain.SessionID {
			h.Ended(subscriber, domain.EndedUnconnected)
			return subscriber
		}},
		{domain.EndedByPublisher, func(_ *testing.T, h house, publisher, subscriber domain.SessionID) domain.SessionID {
			h.Ended(publisher, domain.EndedByPeer)
			return subscriber
		}},
		{domain.EndedByGrace, func(_ *testing.T, h house, publisher, subscriber domain.SessionID) domain.SessionID {
			h.Ended(publisher, domain.EndedBySilence)
			time.Sleep(grace)
			synctest.Wait()
			return subscriber
		}},
		{domain.EndedByCodec, func(_ *testing.T, h house, publisher, subscriber domain.SessionID) domain.SessionID {
			h.TrackChanged(publisher, video(domain.AV1))
			return subscriber
		}},
		{domain.EndedByTakeover, func(t *testing.T, h house, publisher, _ domain.SessionID) domain.SessionID {
			h.media.vitals = domain.Vitals{Connected: true, Silence: time.Minute}
			publish(t, h, "demo")
			return publisher
		}},
		{domain.EndedByShutdown, func(_ *testing.T, h house, _, subscriber domain.SessionID) domain.SessionID {
			h.App.Close()
			return subscriber
		}},
		{domain.EndedByExpiry, func(t *testing.T, h house, _, _ domain.SessionID) domain.SessionID {
			by := bob
			by.Expires = time.Now().Add(time.Second)
			a, err := h.Play(t.Context(), by, "demo", "offer")
			must(t, err)
			time.Sleep(time.Second)
			synctest.Wait()
			return a.Session
		}},
		{domain.EndedByRevoking, func(t *testing.T, h house, _, _ domain.SessionID) domain.SessionID {
			provision(t, h, "demo")
			token, secret := h.mint(t, "demo", domain.ActionPlay)
			by := bob
			by.Grant = h.bearer(t, secret).Grant
			by.Subject = "bob"
			a, err := h.Play(t.Context(), by, "demo", "offer")
			must(t, err)
			must(t, h.RevokeToken(t.Context(), alice, "demo", token))
			return a.Session
		}},
		{domain.EndedByRemoval, func(t *testing.T, h house, _, subscriber domain.SessionID) domain.SessionID {
			must(t, h.DeleteRoom(t.Context(), alice, "demo", always))
			return subscriber
		}},
		{domain.EndedByOperator, func(t *testing.T, h house, _, subscriber domain.SessionID) domain.SessionID {
			must(t, h.End(admins, domain.RoleSubscriber, subscriber))
			return subscriber
		}},
	} {
		t.Run(string(c.reason), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := houseOf(forgiving, database.Settings{Node: "n1", Addresses: privacy.WholeAddresses})
				h.media.report = report
				publisher, subscriber := publish(t, h, "demo"), play(t, h, "demo")
				h.Connected(publisher)
				h.Connected(subscriber)
				began := time.Now()
				time.Sleep(time.Minute)
				id := c.end(t, h, publisher, subscriber)
				ended := time.Now()
				h.Close()
				want := domain.SessionRecord{
					ID: id, Room: "demo", Role: domain.RoleSubscriber, Subject: "bob", Address: bob.Address, Node: "n1",
					Codecs: []domain.Codec{domain.VP8, domain.Opus}, Ended: ended, Reason: c.reason, Report: report,
				}
				if id == publisher {
					want.Role, want.Subject, want.Address, want.UserAgent, want.Codecs = domain.RolePublisher, "alice", alice.Address, "encoder/1", []domain.Codec{domain.VP8}
				}
				got := h.recorded(t, id)
				if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(domain.SessionRecord{}, "Started"), cmpopts.EquateApproxTime(time.Second)); diff != "" {
					t.Error(diff)
				}
				if got.Started.Before(began) || got.Started.After(ended) {
					t.Errorf("it began at %v, between %v and %v", got.Started, began, ended)
				}
				h.ended(t, id, c.reason)
				for _, r := range h.history(t) {
					if r.Live() {
						t.Errorf("it is kept as live: %+v", r)
					}
				}
			})
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnOfferThatComesToNothingIsKept(t *testing.T) {
	h := newHouse(forgiving)
	h.media.fail = domain.ErrNoCommonCodec
	if _, err := h.Publish(t.Context(), alice, "demo", "nonsense"); !errors.Is(err, domain.ErrNoCommonCodec) {
		t.Error(err)
	}
	if _, err := h.Play(t.Context(), bob, "demo", "nonsense"); !errors.Is(err, domain.ErrNoCommonCodec) {
		t.Error(err)
	}
	h.media.fail = nil
	publish(t, h, "demo")
	if _, err := h.Publish(t.Context(), bob, "demo", ""); !errors.Is(err, domain.ErrRoomBusy) {
		t.Error(err) // and nothing is kept of it: it never was a session
	}
	h.Close()
	reasons := map[domain.EndReason]int{}
	for _, r := range h.history(t) {
		reasons[r.Reason]++
	}
	if diff := cmp.Diff(map[domain.EndReason]int{domain.EndedByFailure: 2, domain.EndedByShutdown: 1}, reasons); diff != "" {
		t.Error(diff)
	}
}

// A session is in the history from its answer on, as it is now; one that a crash has left
// there is ended by the next start.
func TestALiveSessionIsInTheHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, publisher, subscriber := live(t, forgiving)
		synctest.Wait()
		h.media.report = domain.SessionReport{Packets: 7, Bitrate: 9}
		page, next, err := h.ListSessions(t.Context(), ports.SessionQuery{Live: true}, ports.SessionPlace{}, 10)
		if err != nil || len(page) != 2 || next.ID != "" {
			t.Fatalf("%+v, %v, %v", page, next, err)
		}
		for _, r := range page {
			if !r.Live() || r.Report.Packets != 7 || r.Report.Bitrate != 9 || r.Reason != "" {
				t.Errorf("%+v", r)
			}
		}
		one, next, err := h.ListSessions(t.Context(), ports.SessionQuery{}, ports.SessionPlace{}, 1)
		if err != nil || len(one) != 1 || next.ID != one[0].ID {
			t.Errorf("a page of one: %+v, %v, %v", one, next, err)
		}

		again := database.New(database.Needs{Database: h.way, Sessions: h.sessions, Audit: h.audit, Log: h.logger()}, database.Settings{})
		must(t, again.Start(context.Background()))
		for _, id := range []domain.SessionID{publisher, subscriber} {
			if r := h.recorded(t, id); r.Reason != domain.EndedByCrash || r.Live() {
				t.Errorf("%+v", r)
			}
		}
		if lines := h.log.about("sessions of an earlier start were cut off"); len(lines) != 1 {
			t.Errorf("lines %q", lines)
		}
		again.Close()
		h.Close()
		if r := h.recorded(t, publisher); r.Reason != domain.EndedByShutdown { // its own end is the truth
			t.Errorf("%+v", r)
		}
	})
}

func TestHowMuchOfAnAddressIsKept(t *testing.T) {
	for _, c := range []struct{ address, network string }{
		{"192.0.2.77", "192.0.2.0/24"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"},
		{"::ffff:192.0.2.77", "192.0.2.0/24"},
		{"fe80::1%eth0", "fe80::/48"},
		{"192.0.2.77:4711", ""},
		{"nonsense", ""},
		{"", ""},
		{"1.2.3", ""},
		{"192.0.2.77/24", ""},
	} {
		for kept, want := range map[privacy.Addresses]string{privacy.WholeAddresses: c.address, privacy.Networks: c.network, privacy.NoAddresses: "", "": ""} {
			h := houseOf(forgiving, database.Settings{Addresses: kept})
			h.media.report.Pair = strings.TrimSpace("udp 198.51.100.1 " + c.address)
			a, err := h.Publish(t.Context(), domain.Caller{Address: c.address}, "demo", "")
			must(t, err)
			h.Refused(domain.Caller{Address: c.address}, "GET /api/rooms", domain.ErrTokenMissing)
			h.Close()
			r := h.recorded(t, a.Session)
			if r.Address != want || h.trail(t)[0].From != want {
				t.Errorf("%q, of which is kept %q: %q and %q, want %q", c.address, kept, r.Address, h.trail(t)[0].From, want)
			}
			if c.network != "" && kept != privacy.WholeAddresses && strings.Contains(r.Report.Pair, c.address) {
				t.Errorf("%q, of which is kept %q, stands in the pair %q", c.address, kept, r.Report.Pair)
			}
		}
	}
}

func TestThePairIsKeptAsItsAddressIs(t *testing.T) {
	for kept, want := range map[privacy.Addresses]string{
		privacy.WholeAddresses: "udp 198.51.100.1 192.0.2.77", privacy.Networks: "udp 198.51.100.1 192.0.2.0/24", privacy.NoAddresses: "udp 198.51.100.1",
	} {
		h := houseOf(forgiving, database.Settings{Addresses: kept})
		h.media.report.Pair = "udp 198.51.100.1 192.0.2.77"
		id := publish(t, h, "demo")
		h.Close()
		if got := h.recorded(t, id).Report.Pair; got != want {
			t.Errorf("%s: %q, want %q", kept, got, want)
		}
	}
}

// What a client makes up can be kept by any store and shown anywhere.
func TestWhatAClientSaysIsKeptAsText(t *testing.T) {
	long := strings.Repeat("ü", 5000)
	for name, c := range map[string]struct{ says, want string }{
		"a browser":               {"Mozilla/5.0 (X11; Linux)", "Mozilla/5.0 (X11; Linux)"},
		"control characters":      {"a\x00b\r\n\x1b[31mc\x7f\u0085", "ab[31mc"},
		"what is not UTF-8":       {"a\xff\xc3(b", "a(b"},
		"10 kB":                   {long, long[:256]},
		"10 kB, cut in a letter":  {"a" + long, "a" + long[:254]},
		"10 kB of nothing valid":  {strings.Repeat("\xff", 10_000), ""},
		"NUL alone":               {"\x00", ""},
		"SQL":                     {`'); DROP TABLE sessions; --`, `'); DROP TABLE sessions; --`},
		"a replacement character": {"a\ufffdb", "a\ufffdb"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(forgiving)
			by := domain.Caller{Grant: domain.Grant{Subject: domain.Subject(c.says)}, UserAgent: c.says}
			a, err := h.Publish(t.Context(), by, "demo", "")
			must(t, err)
			h.Refused(by, c.says, domain.ErrForbidden)
			h.Close()
			r, e := h.recorded(t, a.Session), h.trail(t)[0]
			if r.UserAgent != c.want || string(r.Subject) != c.want || e.Object != c.want || string(e.Subject) != c.want {
				t.Errorf("%q, %q, %q and %q, want %q", r.UserAgent, r.Subject, e.Object, e.Subject, c.want)
			}
			if !utf8.ValidString(r.UserAgent) || strings.ContainsRune(r.UserAgent, 0) {
				t.Errorf("%q is no text that a store takes", r.UserAgent)
			}
		})
	}
}

func TestAnAdministratorsActsAreInTheTrail(t *testing.T) {
	h, _, subscriber := live(t, forgiving)
	root := domain.Caller{Grant: domain.Grant{Subject: "root", Permissions: domain.Allow([]domain.Action{domain.ActionAdmin}, "*")}}
	must(t, h.End(root, domain.RoleSubscriber, subscriber))
	must(t, h.EndPublication(root, "demo"))
	if err := h.EndPublication(root, "demo"); !errors.Is(err, domain.ErrRoomIdle) {
		t.Error(err)
	}
	h.Close()
	if diff := cmp.Diff([]string{"session.end", "publication.end"}, acts(h.trail(t))); diff != "" {
		t.Error(diff)
	}
	for _, e := range h.trail(t) {
		if e.Subject != "root" {
			t.Errorf("%+v", e)
		}
	}
	if h.Ready().Closing != true {
		t.Error("it does not say that it closes")
	}
	if all, err := h.AuditTrail(t.Context(), 1, 10); err != nil || len(all) != 1 || all[0].Act != "publication.end" {
		t.Errorf("behind the first: %+v, %v", all, err)
	}
}

// Retention forgets what ended long ago, however much that is, and nothing that is live.
func TestSessionsAreForgottenWhenTheirTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := houseOf(forgiving, database.Settings{Retention: 24 * time.Hour})
		defer h.Close()
		var old []domain.SessionRecord
		for i := range 2500 { // more than two pages
			old = append(old, domain.SessionRecord{ID: domain.SessionID(time.Duration(i).String()), Started: time.Now(), Ended: time.Now()})
		}
		must(t, h.sessions.Keep(t.Context(), old))
		publisher := publish(t, h, "demo")
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if n := len(h.history(t)); n != 2501 {
			t.Errorf("%d are left before their time is over", n)
		}
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if left := h.history(t); len(left) != 1 || left[0].ID != publisher {
			t.Errorf("%d are left, want the live one", len(left))
		}
	})
}
