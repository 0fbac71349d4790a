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
		"its action in its room":         {domain.Grant{Permissions: domain.Allow(only(play), "hall")}, play, nil},
		"one of several":                 {domain.Grant{Permissions: domain.Allow(only(publish, play), "x", "hall")}, play, nil},
		"another action":                 {domain.Grant{Permissions: domain.Allow(only(play), "hall")}, publish, domain.ErrForbidden},
		"playing does not administer":    {domain.Grant{Permissions: domain.Allow(only(play, publish), "hall")}, admin, domain.ErrForbidden},
		"admin includes publish":         {domain.Grant{Permissions: domain.Allow(only(admin), "hall")}, publish, nil},
		"admin includes play":            {domain.Grant{Permissions: domain.Allow(only(admin), "hall")}, play, nil},
		"admin of another room":          {domain.Grant{Permissions: domain.Allow(only(admin), "attic")}, play, domain.ErrForbidden},
		"nothing granted":                {domain.Grant{}, play, domain.ErrForbidden},
		"no room":                        {domain.Grant{Permissions: domain.Allow(only(play))}, play, domain.ErrForbidden},
		"no action":                      {domain.Grant{Permissions: domain.Allow(nil, "*")}, play, domain.ErrForbidden},
		"every room":                     {domain.Grant{Permissions: domain.Allow(only(play), "*")}, play, nil},
		"a beginning":                    {domain.Grant{Permissions: domain.Allow(only(play), "ha*")}, play, nil},
		"an end":                         {domain.Grant{Permissions: domain.Allow(only(play), "*ll")}, play, nil},
		"a star for nothing":             {domain.Grant{Permissions: domain.Allow(only(play), "hall*")}, play, nil},
		"stars around":                   {domain.Grant{Permissions: domain.Allow(only(play), "*a*l*")}, play, nil},
		"a beginning alone is no glob":   {domain.Grant{Permissions: domain.Allow(only(play), "ha")}, play, domain.ErrForbidden},
		"an inner part alone":            {domain.Grant{Permissions: domain.Allow(only(play), "all")}, play, domain.ErrForbidden},
		"names differ by case":           {domain.Grant{Permissions: domain.Allow(only(play), "Hall")}, play, domain.ErrForbidden},
		"an empty glob":                  {domain.Grant{Permissions: domain.Allow(only(play), "")}, play, domain.ErrForbidden},
		"a malformed glob":               {domain.Grant{Permissions: domain.Allow(only(play), "[hall")}, play, domain.ErrForbidden},
		"a good glob behind a malformed": {domain.Grant{Permissions: domain.Allow(only(play), "[", "hall")}, play, nil},
		"before it expires":              {domain.Grant{Permissions: domain.Allow(only(play), "*"), Expires: noon.Add(1)}, play, nil},
		"the instant that it expires":    {domain.Grant{Permissions: domain.Allow(only(play), "*"), Expires: noon}, play, domain.ErrTokenInvalid},
		"expired":                        {domain.Grant{Permissions: domain.Allow(only(admin), "*"), Expires: noon.Add(-1)}, play, domain.ErrTokenInvalid},
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
		"somebody else":           {domain.Grant{Subject: "bob", Permissions: domain.Allow([]domain.Action{domain.ActionPublish, domain.ActionPlay}, "*")}, false},
		"the room's admin":        {domain.Grant{Subject: "bob", Permissions: domain.Allow(admins, "ha*")}, true},
		"another room's admin":    {domain.Grant{Subject: "bob", Permissions: domain.Allow(admins, "attic")}, false},
		"a subject's other case":  {domain.Grant{Subject: "Ann"}, false},
		"an admin without a room": {domain.Grant{Subject: "bob", Permissions: domain.Allow(admins)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.grant.Owns("ann", "hall"); got != c.want {
				t.Errorf("Owns: %v, want %v", got, c.want)
			}
		})
	}
}
