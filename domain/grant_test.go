package domain_test

import (
	"errors"
	"testing"
	"time"

	"rostrum/domain"
)

func TestParseAction(t *testing.T) {
	for text, ok := range map[string]bool{
		"publish": true, "play": true, "admin": true,
		"": false, "Publish": false, "play ": false, "*": false, "subscribe": false,
	} {
		got, is := domain.ParseAction(text)
		want := domain.Action("")
		if ok {
			want = domain.Action(text)
		}
		if is != ok || got != want {
			t.Errorf("ParseAction(%q): %q, %v", text, got, is)
		}
	}
}

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

func TestGrantPermits(t *testing.T) {
	const publish, play, admin = domain.ActionPublish, domain.ActionPlay, domain.ActionAdmin
	only := func(a ...domain.Action) []domain.Action { return a }
	for name, c := range map[string]struct {
		grant  domain.Grant
		action domain.Action
		want   error
	}{
		"its action in its room":         {domain.Grant{Actions: only(play), Rooms: []string{"hall"}}, play, nil},
		"one of several":                 {domain.Grant{Actions: only(publish, play), Rooms: []string{"x", "hall"}}, play, nil},
		"another action":                 {domain.Grant{Actions: only(play), Rooms: []string{"hall"}}, publish, domain.ErrForbidden},
		"playing does not administer":    {domain.Grant{Actions: only(play, publish), Rooms: []string{"hall"}}, admin, domain.ErrForbidden},
		"admin includes publish":         {domain.Grant{Actions: only(admin), Rooms: []string{"hall"}}, publish, nil},
		"admin includes play":            {domain.Grant{Actions: only(admin), Rooms: []string{"hall"}}, play, nil},
		"admin of another room":          {domain.Grant{Actions: only(admin), Rooms: []string{"attic"}}, play, domain.ErrForbidden},
		"nothing granted":                {domain.Grant{}, play, domain.ErrForbidden},
		"no room":                        {domain.Grant{Actions: only(play)}, play, domain.ErrForbidden},
		"no action":                      {domain.Grant{Rooms: []string{"*"}}, play, domain.ErrForbidden},
		"every room":                     {domain.Grant{Actions: only(play), Rooms: []string{"*"}}, play, nil},
		"a beginning":                    {domain.Grant{Actions: only(play), Rooms: []string{"ha*"}}, play, nil},
		"an end":                         {domain.Grant{Actions: only(play), Rooms: []string{"*ll"}}, play, nil},
		"a star for nothing":             {domain.Grant{Actions: only(play), Rooms: []string{"hall*"}}, play, nil},
		"stars around":                   {domain.Grant{Actions: only(play), Rooms: []string{"*a*l*"}}, play, nil},
		"a beginning alone is no glob":   {domain.Grant{Actions: only(play), Rooms: []string{"ha"}}, play, domain.ErrForbidden},
		"an inner part alone":            {domain.Grant{Actions: only(play), Rooms: []string{"all"}}, play, domain.ErrForbidden},
		"names differ by case":           {domain.Grant{Actions: only(play), Rooms: []string{"Hall"}}, play, domain.ErrForbidden},
		"an empty glob":                  {domain.Grant{Actions: only(play), Rooms: []string{""}}, play, domain.ErrForbidden},
		"a malformed glob":               {domain.Grant{Actions: only(play), Rooms: []string{"[hall"}}, play, domain.ErrForbidden},
		"a good glob behind a malformed": {domain.Grant{Actions: only(play), Rooms: []string{"[", "hall"}}, play, nil},
		"before it expires":              {domain.Grant{Actions: only(play), Rooms: []string{"*"}, Expires: noon.Add(1)}, play, nil},
		"the instant that it expires":    {domain.Grant{Actions: only(play), Rooms: []string{"*"}, Expires: noon}, play, domain.ErrTokenInvalid},
		"expired":                        {domain.Grant{Actions: only(admin), Rooms: []string{"*"}, Expires: noon.Add(-1)}, play, domain.ErrTokenInvalid},
		"expired and never enough":       {domain.Grant{Expires: noon.Add(-1)}, play, domain.ErrTokenInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.grant.Permits(c.action, "hall", noon); !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestGrantOwns(t *testing.T) {
	admins := []domain.Action{domain.ActionAdmin}
	for name, c := range map[string]struct {
		grant domain.Grant
		want  bool
	}{
		"who began it":            {domain.Grant{Subject: "ann"}, true},
		"somebody else":           {domain.Grant{Subject: "bob", Actions: []domain.Action{domain.ActionPublish, domain.ActionPlay}, Rooms: []string{"*"}}, false},
		"the room's admin":        {domain.Grant{Subject: "bob", Actions: admins, Rooms: []string{"ha*"}}, true},
		"another room's admin":    {domain.Grant{Subject: "bob", Actions: admins, Rooms: []string{"attic"}}, false},
		"a subject's other case":  {domain.Grant{Subject: "Ann"}, false},
		"an admin without a room": {domain.Grant{Subject: "bob", Actions: admins}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.grant.Owns("ann", "hall"); got != c.want {
				t.Errorf("Owns: %v, want %v", got, c.want)
			}
		})
	}
}
