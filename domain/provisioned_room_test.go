package domain_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// provisioned returns a room with tokens of these ids, which are for playing and never
// expire.
func provisioned(t *testing.T, ids ...string) *domain.ProvisionedRoom {
	t.Helper()
	r, err := domain.Provision("hall", domain.RoomSettings{}, noon)
	must(t, err)
	for _, id := range ids {
		must(t, r.Mint(token(id)))
	}
	return &r
}

// token returns a token that was minted at noon.
func token(id string) domain.RoomToken {
	return domain.RoomToken{
		ID: domain.TokenID(id), Label: "for " + id, Action: domain.ActionPlay, Subject: domain.Subject("token:" + id),
		Hash: secretOf(id).Hash(), Created: noon,
	}
}

func secretOf(id string) domain.TokenSecret { return domain.NewTokenSecret("hall", id) }

// ids returns which tokens a room has.
func ids(r *domain.ProvisionedRoom) string {
	var all []string
	for _, t := range r.Tokens {
		all = append(all, string(t.ID))
	}
	return strings.Join(all, " ")
}

// refuses checks that a change is refused and leaves the room as it was.
func refuses(t *testing.T, r *domain.ProvisionedRoom, want error, change func() error) {
	t.Helper()
	before := *r
	before.Tokens = slices.Clone(r.Tokens)
	if err := change(); !errors.Is(err, want) {
		t.Errorf("%v, want %v", err, want)
	}
	if d := cmp.Diff(before, *r); d != "" {
		t.Errorf("it was refused and has changed:\n%s", d)
	}
}

func TestEachChangeIsAVersion(t *testing.T) {
	r := provisioned(t)
	same(t, "a new room", *r, domain.ProvisionedRoom{Name: "hall", Created: noon, Changed: noon, Version: 1})
	later := noon.Add(time.Hour)
	for i, change := range []func() error{
		func() error { return r.Change(domain.RoomSettings{DisplayName: "Hall"}, later) },
		func() error { return r.Change(domain.RoomSettings{DisplayName: "Hall"}, later) }, // also to what it was
		func() error { next := token("A"); next.Created = later; return r.Mint(next) },
		func() error {
			next := token("B")
			next.Created = later
			_, err := r.Rotate("A", next, time.Minute)
			return err
		},
		func() error { return r.Revoke("B", later) },
	} {
		must(t, change())
		if want := int64(i) + 2; r.Version != want || !r.Changed.Equal(later) || !r.Created.Equal(noon) {
			t.Errorf("version %d of %v, want %d of %v", r.Version, r.Changed, want, later)
		}
		later = later.Add(time.Second)
	}
}

func TestAChangeThatCannotBeChangesNothing(t *testing.T) {
	r := provisioned(t, "A")
	bad := domain.RoomSettings{MaxSubscribers: -1}
	refuses(t, r, domain.ErrRoomSettings, func() error { return r.Change(bad, noon.Add(1)) })
	refuses(t, r, domain.ErrTokenUnknown, func() error { return r.Revoke("B", noon.Add(1)) })
	refuses(t, r, domain.ErrTokenUnknown, func() error { _, err := r.Rotate("B", token("C"), 0); return err })
	for name, change := range map[string]func(*domain.RoomToken){
		"to administer":          func(t *domain.RoomToken) { t.Action = domain.ActionAdmin },
		"for nothing":            func(t *domain.RoomToken) { t.Action = "" },
		"with a label of a line": func(t *domain.RoomToken) { t.Label = "a\nb" },
		"with a label too long":  func(t *domain.RoomToken) { t.Label = strings.Repeat("l", 201) },
		"that expires now":       func(t *domain.RoomToken) { t.Expires = t.Created },
		"that expired long ago":  func(t *domain.RoomToken) { t.Expires = t.Created.Add(-time.Hour) },
	} {
		t.Run("a token "+name, func(t *testing.T) {
			next := token("B")
			change(&next)
			refuses(t, r, domain.ErrRoomToken, func() error { return r.Mint(next) })
		})
	}
}

// full returns a room with as many tokens as it may have, the last of which expires in
// an hour.
func full(t *testing.T) *domain.ProvisionedRoom {
	t.Helper()
	r := provisioned(t)
	for i := range 31 {
		must(t, r.Mint(token(fmt.Sprint("T", i))))
	}
	last := token("last")
	last.Expires = noon.Add(time.Hour)
	must(t, r.Mint(last))
	return r
}

func TestARoomHas32TokensAtMost(t *testing.T) {
	r := full(t)
	refuses(t, r, domain.ErrTooManyTokens, func() error { return r.Mint(token("more")) })
	refuses(t, r, domain.ErrTooManyTokens, func() error { _, err := r.Rotate("T0", token("more"), time.Minute); return err })
	if _, err := r.Rotate("T0", token("swapped"), 0); err != nil { // takes no further place
		t.Error(err)
	}
	late := token("late")
	late.Created = noon.Add(time.Hour) // when the last of them expires
	must(t, r.Mint(late))
	if got := ids(r); len(r.Tokens) != 32 || strings.Contains(got, "last") || !strings.HasSuffix(got, "swapped late") {
		t.Errorf("tokens %s", got)
	}
}

// An expired token is forgotten when it makes room for another one, and not by a mint
// that is refused.
func TestARefusedMintForgetsNothing(t *testing.T) {
	r := full(t)
	late := token("late")
	late.Created, late.Action = noon.Add(2*time.Hour), domain.ActionAdmin
	refuses(t, r, domain.ErrRoomToken, func() error { return r.Mint(late) })
}

func TestRotate(t *testing.T) {
	limited := func(t *testing.T) *domain.ProvisionedRoom {
		r := provisioned(t, "Z")
		old := token("A")
		old.Action, old.Expires = domain.ActionPublish, noon.Add(time.Hour)
		must(t, r.Mint(old))
		return r
	}
	at := noon.Add(time.Minute)
	for name, c := range map[string]struct {
		overlap time.Duration
		until   time.Time // that the old one is valid; zero: it is gone
	}{
		"without an overlap":           {0, time.Time{}},
		"with less than none":          {-time.Hour, time.Time{}},
		"with an overlap":              {10 * time.Minute, at.Add(10 * time.Minute)},
		"with more than it would live": {time.Hour, noon.Add(time.Hour)},
		"with more than time has":      {1<<63 - 1, noon.Add(time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			r := limited(t)
			next := domain.RoomToken{ID: "B", Hash: secretOf("B").Hash(), Created: at}
			got, err := r.Rotate("A", next, c.overlap)
			must(t, err)
			want := domain.RoomToken{
				ID: "B", Hash: secretOf("B").Hash(), Created: at,
				Action: domain.ActionPublish, Label: "for A", Subject: "token:A", Expires: noon.Add(time.Hour),
			}
			same(t, "what took its place", got, want)
			left := slices.DeleteFunc(slices.Clone(r.Tokens), func(t domain.RoomToken) bool { return t.ID == "Z" })
			if !c.until.IsZero() {
				old := token("A")
				old.Action, old.Expires = domain.ActionPublish, c.until
				same(t, "its tokens", left, []domain.RoomToken{old, want})
			} else {
				same(t, "its tokens", left, []domain.RoomToken{want})
			}
			same(t, "the others", r.Tokens[0], token("Z"))
		})
	}
	t.Run("one that has expired", func(t *testing.T) {
		r := limited(t)
		late := domain.RoomToken{ID: "B", Created: noon.Add(time.Hour)}
		refuses(t, r, domain.ErrTokenUnknown, func() error { _, err := r.Rotate("A", late, time.Hour); return err })
	})
}

// Whoever has a copy of a room keeps it as it was, whatever is done to the room.
func TestChangesOfTokensLeaveCopiesAlone(t *testing.T) {
	r := provisioned(t, "A", "B", "C")
	copied := *r
	_, err := r.Rotate("A", token("D"), time.Hour)
	must(t, err)
	must(t, r.Revoke("B", noon))
	must(t, r.Mint(token("E")))
	if got, now := ids(&copied), ids(r); got != "A B C" || now != "A C D E" || !copied.Tokens[0].Expires.IsZero() {
		t.Errorf("the copy has %s (%+v), the room %s", got, copied.Tokens[0], now)
	}
}

func TestGrantOfARoomsToken(t *testing.T) {
	r := provisioned(t, "A", "B", "C")
	sender := token("D")
	sender.Action, sender.Expires = domain.ActionPublish, noon.Add(time.Hour)
	must(t, r.Mint(sender))
	for _, id := range []string{"A", "B", "C", "D"} { // the first, the last and those between
		want := domain.Grant{
			Subject: domain.Subject("token:" + id), Permissions: []domain.Permission{{Action: domain.ActionPlay, Rooms: "hall"}}, Token: domain.TokenID(id),
		}
		if id == "D" {
			want.Permissions[0].Action, want.Expires = domain.ActionPublish, noon.Add(time.Hour)
		}
		got, ok := r.Grant(secretOf(id))
		if d := cmp.Diff(want, got); !ok || d != "" {
			t.Errorf("%s: %v\n%s", id, ok, d)
		}
	}
	grant, _ := r.Grant(secretOf("A"))
	for name, c := range map[string]struct {
		action domain.Action
		room   domain.RoomName
	}{
		"another action": {domain.ActionPublish, "hall"}, "to administer": {domain.ActionAdmin, "hall"}, "another room": {domain.ActionPlay, "hal"},
	} {
		if err := grant.Permits(c.action, c.room, noon); !errors.Is(err, domain.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, r.Revoke("B", noon))
	for _, strange := range []domain.TokenSecret{"", secretOf("B"), secretOf("a"), secretOf("A") + " ", domain.NewTokenSecret("Hall", "A")} {
		if got, ok := r.Grant(strange); ok || got.Subject != "" || len(got.Permissions) > 0 {
			t.Errorf("%q: %+v, %v", strange, got, ok)
		}
	}
	if _, ok := (&domain.ProvisionedRoom{}).Grant(""); ok {
		t.Error("a room without tokens has one")
	}
}

func TestRulesNameTheRoomsTokens(t *testing.T) {
	r := provisioned(t, "A", "B")
	must(t, r.Revoke("A", noon))
	defaults := domain.RoomRules{Grace: time.Second}
	same(t, "rules", r.Rules(defaults), domain.RoomRules{Grace: time.Second, Tokens: []domain.TokenID{"B"}, Version: 4})
}

func TestAdministers(t *testing.T) {
	for name, c := range map[string]struct {
		permissions []domain.Permission
		want        bool
	}{
		"every room":              {domain.Allow([]domain.Action{domain.ActionAdmin}, "*"), true},
		"among others":            {domain.Allow([]domain.Action{domain.ActionPlay, domain.ActionAdmin}, "a", "*"), true},
		"some rooms":              {domain.Allow([]domain.Action{domain.ActionAdmin}, "a*", "?*"), false},
		"playing in all":          {domain.Allow([]domain.Action{domain.ActionPlay, domain.ActionPublish}, "*"), false},
		"nothing":                 {nil, false},
		"playing in all, one too": {[]domain.Permission{{Action: domain.ActionPlay, Rooms: "*"}, {Action: domain.ActionAdmin, Rooms: "a"}}, false},
	} {
		if got := (domain.Grant{Permissions: c.permissions}).Administers(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestARecordIsLiveUntilItEnds(t *testing.T) {
	if r := (domain.SessionRecord{Started: noon}); !r.Live() {
		t.Error("it has not ended, and is not live")
	}
	if r := (domain.SessionRecord{Started: noon, Ended: noon}); r.Live() {
		t.Error("it has ended, and is live")
	}
}

// A tag is another one after each change, and in a room that was made anew.
func TestTagsAreNeverTheSame(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	for made := range 3 {
		r, err := domain.Provision("hall", domain.RoomSettings{}, at.Add(time.Duration(made)*time.Microsecond))
		must(t, err)
		for range 3 {
			if seen[r.Tag()] {
				t.Errorf("%s comes again", r.Tag())
			}
			seen[r.Tag()] = true
			must(t, r.Change(domain.RoomSettings{}, at))
		}
	}
}
