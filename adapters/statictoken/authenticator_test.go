package statictoken_test

import (
	"fmt"
	"strings"
	"testing"

	"rostrum/adapters/statictoken"
	"rostrum/domain"
	"rostrum/ports/porttest"
)

const (
	studioToken = "studio-8dPq2LmX"
	hallToken   = "hall~viewers+1/2=="
	adminToken  = "operator.7fjw0_-Zq"
	shortToken  = "b8#kQ~2"
)

func tokens() []statictoken.Token {
	return []statictoken.Token{
		{studioToken, "studio", []domain.Action{domain.ActionPublish, domain.ActionPlay}, []string{"lobby-*", "stage"}},
		{hallToken, "hall", []domain.Action{domain.ActionPlay}, []string{"*"}},
		{adminToken, "operator", []domain.Action{domain.ActionAdmin}, []string{"*"}},
	}
}

func TestAuthenticator(t *testing.T) {
	anybody := domain.Grant{Subject: "anonymous", Permissions: []domain.Permission{{Action: domain.ActionPlay, Rooms: "lobby-*"}, {Action: domain.ActionPublish, Rooms: "open"}}}
	for name, c := range map[string]struct {
		anonymous []string
		want      *domain.Grant
	}{
		"token needed": {nil, nil},
		"open rooms":   {[]string{"play:lobby-*", "publish:open"}, &anybody},
	} {
		t.Run(name, func(t *testing.T) {
			porttest.Authenticator(t, func(t *testing.T) porttest.Access {
				list := tokens()
				access := porttest.Access{Grants: map[string]domain.Grant{}, Anonymous: c.want, Invalid: []string{"studio", "anonymous"}}
				for _, e := range tokens() {
					access.Grants[e.Token] = domain.Grant{Subject: e.Subject, Permissions: domain.Allow(e.Actions, e.Rooms...)}
				}
				auth, err := statictoken.New(list, c.anonymous)
				if err != nil {
					t.Fatal(err)
				}
				clear(list[0].Actions) // New retains nothing
				clear(list[0].Rooms)
				access.Authenticator = auth
				return access
			})
		})
	}
}

func TestNoTokensAtAll(t *testing.T) {
	auth, err := statictoken.New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if g, err := auth.Authenticate(t.Context(), adminToken); err == nil {
		t.Errorf("a token was accepted where there are none: %+v", g)
	}
}

// The tokens are not kept, so neither a panic nor a log can show them.
func TestKeepsHashesAlone(t *testing.T) {
	auth, err := statictoken.New(tokens(), nil)
	if err != nil {
		t.Fatal(err)
	}
	hidesTokens(t, fmt.Sprintf("%+v %#v", auth, *auth))
}

func TestNewRefusesTokens(t *testing.T) {
	for fault, c := range map[string]struct {
		spoil  func(*statictoken.Token)
		advice string
	}{
		"empty":              {func(e *statictoken.Token) { e.Token = "" }, "token is empty"},
		"short":              {func(e *statictoken.Token) { e.Token = shortToken }, "shorter than 8"},
		"the same":           {func(e *statictoken.Token) { e.Token = studioToken }, "that of token 1"},
		"no subject":         {func(e *statictoken.Token) { e.Subject = "" }, "subject is empty"},
		"anonymous":          {func(e *statictoken.Token) { e.Subject = "anonymous" }, "choose another name"},
		"no action":          {func(e *statictoken.Token) { e.Actions = nil }, "no actions"},
		"unknown action":     {func(e *statictoken.Token) { e.Actions = []domain.Action{"play", "Publish"} }, `action "Publish" is unknown`},
		"no rooms":           {func(e *statictoken.Token) { e.Rooms = nil }, "no rooms"},
		"empty room":         {func(e *statictoken.Token) { e.Rooms = []string{"stage", ""} }, "a room is empty"},
		"open bracket":       {func(e *statictoken.Token) { e.Rooms = []string{"lobby-[a"} }, `glob "lobby-[a" is malformed`},
		"bracket far behind": {func(e *statictoken.Token) { e.Rooms = []string{"lobby-*-[z-a"} }, "is malformed"},
		"lone backslash":     {func(e *statictoken.Token) { e.Rooms = []string{`lobby\`} }, "is malformed"},
	} {
		t.Run(fault, func(t *testing.T) {
			list := tokens()
			c.spoil(&list[1])
			auth, err := statictoken.New(list, nil)
			refused(t, err, "token 2 (subject ", c.advice)
			if auth != nil {
				t.Error("refused, and yet there is an authenticator")
			}
		})
	}
}

func TestNewRefusesAnonymous(t *testing.T) {
	for _, c := range []struct{ entry, advice string }{
		{"play", `for example "play:*"`},
		{"", `for example "play:*"`},
		{"*:play", `action "*" is unknown`},
		{"watch:*", `action "watch" is unknown`},
		{"play:", "a room is empty"},
		{"play:[", "is malformed"},
		{"admin:*", "nobody administers without a token"},
	} {
		t.Run(c.entry, func(t *testing.T) {
			auth, err := statictoken.New(tokens(), []string{"play:*", c.entry})
			refused(t, err, "anonymous", c.advice)
			if auth != nil {
				t.Error("refused, and yet there is an authenticator")
			}
		})
	}
}

func refused(t *testing.T, err error, entry, advice string) {
	t.Helper()
	if err == nil {
		t.Fatal("accepted")
	}
	if !strings.HasPrefix(err.Error(), entry) || !strings.Contains(err.Error(), advice) {
		t.Errorf("error %q, want it to begin with %q and to say %q", err, entry, advice)
	}
	hidesTokens(t, err.Error())
}

func hidesTokens(t *testing.T, text string) {
	t.Helper()
	for _, token := range []string{studioToken, hallToken, adminToken, shortToken} {
		if strings.Contains(text, token) {
			t.Errorf("a token stands in %q", text)
		}
	}
}
