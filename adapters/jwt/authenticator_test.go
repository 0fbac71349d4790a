package jwt_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"rostrum/adapters/jwt"
	"rostrum/domain"
	"rostrum/ports/porttest"
)

func TestAuthenticator(t *testing.T) {
	porttest.Authenticator(t, func(t *testing.T) porttest.Access {
		p, expires := keys(), time.Now().Add(time.Hour).Truncate(time.Second)
		access := porttest.Access{Authenticator: open(t, local(t)), Grants: map[string]domain.Grant{}}
		for name, by := range map[string]pair{"HS256": p.secret, "RS256": p.rsa, "ES256": p.ecdsa, "EdDSA": p.ed25519} {
			token := by.sign(t, with(with(good(), "sub", name), "exp", expires.Unix()))
			access.Grants[token] = domain.Grant{
				Subject:     domain.Subject("jwt:" + name),
				Permissions: domain.Allow([]domain.Action{domain.ActionPublish, domain.ActionPlay}, "stage", "lobby-*"),
				Expires:     expires,
			}
		}
		access.Invalid = []string{
			p.otherRSA.sign(t, good()),
			p.otherEd25519.sign(t, good()),
			p.rsa.sign(t, with(good(), "exp", time.Now().Add(-time.Second).Unix())),
		}
		return access
	})
}

// What is wrong with the claims of a token that is signed by a key of ours, and by one
// that is not: the reason is the same, unless the claims are fine.
func TestClaimsThatAreRefused(t *testing.T) {
	soon, past := time.Now().Add(time.Hour).Unix(), time.Now().Add(-time.Minute).Unix()
	auth := open(t, local(t))
	for fault, c := range map[string]struct {
		claims gojwt.MapClaims
		words  string
	}{
		"expired":                        {with(good(), "exp", past), "has expired"},
		"never expires":                  {without(good(), "exp"), "never expires"},
		"exp is 0":                       {with(good(), "exp", 0), "never expires"},
		"exp is a string":                {with(good(), "exp", "tomorrow"), "claim"},
		"exp is null":                    {with(good(), "exp", nil), "claim"},
		"exp is before all time":         {with(good(), "exp", -1e300), "has expired"},
		"not yet valid":                  {with(good(), "nbf", soon), "not valid yet"},
		"nbf is a list":                  {with(good(), "nbf", []int{1}), "claim"},
		"issued in the future":           {with(good(), "iat", soon), "not valid yet"},
		"another audience":               {with(good(), "aud", "https://wiki.example"), "another audience"},
		"other audiences":                {with(good(), "aud", []string{"a", "b"}), "another audience"},
		"audience in other letters":      {with(good(), "aud", strings.ToUpper(audience)), "another audience"},
		"no audience":                    {without(good(), "aud"), "another audience"},
		"audience is empty":              {with(good(), "aud", ""), "another audience"},
		"audience is a number":           {with(good(), "aud", 7), "another audience"},
		"audience has a number":          {with(good(), "aud", []any{audience, 7}), "claim"},
		"another issuer":                 {with(good(), "iss", "https://evil.example"), "another issuer"},
		"an issuer that begins the same": {with(good(), "iss", trusted+".evil.example"), "another issuer"},
		"no issuer":                      {without(good(), "iss"), "another issuer"},
		"issuer is a list":               {with(good(), "iss", []string{trusted}), "claim"},
	} {
		t.Run(fault, func(t *testing.T) {
			refuses(t, auth, keys().rsa.sign(t, c.claims), domain.ErrTokenInvalid, c.words)
			refuses(t, auth, keys().otherRSA.sign(t, c.claims), domain.ErrTokenInvalid, c.words)
		})
	}
}

func TestClaimsOfVerifiedTokensThatAreRefused(t *testing.T) {
	auth := open(t, local(t))
	for fault, c := range map[string]struct {
		claims gojwt.MapClaims
		words  string
	}{
		"no subject":                    {without(good(), "sub"), "whose it is"},
		"an empty subject":              {with(good(), "sub", ""), "whose it is"},
		"a subject that is a number":    {with(good(), "sub", 7), "whose it is"},
		"a subject of 201 letters":      {with(good(), "sub", strings.Repeat("ß", 201)), "whose it is"},
		"a line end in the subject":     {with(good(), "sub", "anna\nadmin"), "whose it is"},
		"a NUL in the subject":          {with(good(), "sub", "anna\x00"), "whose it is"},
		"a C1 control in the subject":   {with(good(), "sub", "anna\u0085"), "whose it is"},
		"a subject that is not UTF-8":   {with(good(), "sub", "anna\xff"), "whose it is"},
		"exp after the year 9999":       {with(good(), "exp", 253402300800), "claim"},
		"nbf that no time can hold":     {with(good(), "nbf", 1e300), "claim"},
		"iat before 1970":               {with(good(), "iat", -1), "claim"},
		"101 rooms":                     {with(good(), "rostrum_rooms", strings.Fields(strings.Repeat("room ", 101))), "100 rooms"},
		"101 rooms in one string":       {with(good(), "rostrum_rooms", strings.Repeat("room ", 101)), "100 rooms"},
		"rooms that are a number":       {with(good(), "rostrum_rooms", 7), "claim"},
		"a room that is a number":       {with(good(), "rostrum_rooms", []any{"stage", 7}), "claim"},
		"actions that are an object":    {with(good(), "rostrum_actions", map[string]any{"play": true}), "claim"},
		"an action that is a list":      {with(good(), "rostrum_actions", []any{[]string{"play"}}), "claim"},
		"a token that is a bit too big": {with(good(), "x", strings.Repeat("x", 6000)), "8 KiB"},
	} {
		t.Run(fault, func(t *testing.T) {
			refuses(t, auth, keys().ed25519.sign(t, c.claims), domain.ErrTokenInvalid, c.words)
		})
	}
}

func TestGrants(t *testing.T) {
	auth := open(t, local(t))
	play := domain.Permission{Action: domain.ActionPlay, Rooms: "stage"}
	stage := with(with(good(), "rostrum_actions", "play"), "rostrum_rooms", "stage")
	for name, c := range map[string]struct {
		claims gojwt.MapClaims
		want   []domain.Permission
	}{
		"strings":                  {stage, []domain.Permission{play}},
		"spaces between":           {with(stage, "rostrum_rooms", " stage \t hall "), domain.Allow([]domain.Action{domain.ActionPlay}, "stage", "hall")},
		"admin":                    {with(with(stage, "rostrum_actions", "admin"), "rostrum_rooms", "*"), domain.Allow([]domain.Action{domain.ActionAdmin}, "*")},
		"unknown actions":          {with(stage, "rostrum_actions", []string{"delete", "PLAY", "play", ""}), []domain.Permission{play}},
		"the same action twice":    {with(stage, "rostrum_actions", "play play"), []domain.Permission{play}},
		"malformed globs":          {with(stage, "rostrum_rooms", []string{"[", "stage", "", `lobby\`, "lobby-*-[z-a"}), []domain.Permission{play}},
		"100 rooms":                {with(stage, "rostrum_rooms", strings.Repeat("stage ", 100)), repeated(play, 100)},
		"no actions":               {without(stage, "rostrum_actions"), nil},
		"no rooms":                 {without(stage, "rostrum_rooms"), nil},
		"actions are null":         {with(stage, "rostrum_actions", nil), nil},
		"other letters in a claim": {with(without(stage, "rostrum_actions"), "Rostrum_Actions", "play"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			grant := accepts(t, auth, keys().ecdsa.sign(t, c.claims))
			if diff := cmp.Diff(c.want, grant.Permissions); diff != "" || grant.Subject != "jwt:anna" {
				t.Errorf("subject %q, permissions (-want +got):\n%s", grant.Subject, diff)
			}
		})
	}
}

func repeated[T any](value T, times int) []T {
	all := make([]T, times)
	for i := range all {
		all[i] = value
	}
	return all
}

func TestSubjectsOf200Characters(t *testing.T) {
	name := strings.Repeat("ß", 200)
	if grant := accepts(t, open(t, local(t)), keys().secret.sign(t, with(good(), "sub", name))); grant.Subject != domain.Subject("jwt:"+name) {
		t.Errorf("subject %q", grant.Subject)
	}
}

func TestClaimNames(t *testing.T) {
	for name, c := range map[string]struct {
		actions, rooms string
		claims         map[string]any
		want           int
	}{
		"a path":                     {"rostrum.actions", "rostrum.on.rooms", map[string]any{"rostrum": map[string]any{"actions": "play", "on": map[string]any{"rooms": "stage"}}}, 1},
		"a URL":                      {"https://rostrum.example/actions", "https://rostrum.example/rooms", map[string]any{"https://rostrum.example/actions": "play", "https://rostrum.example/rooms": "stage"}, 1},
		"the whole name goes before": {"a.b", "c", map[string]any{"a.b": "play publish", "a": map[string]any{"b": "play"}, "c": "stage"}, 2},
		"a path through a string":    {"a.b.c", "d", map[string]any{"a": map[string]any{"b": "play"}, "d": "stage"}, 0},
		"a path through a list":      {"a.0", "d", map[string]any{"a": []any{"play"}, "d": "stage"}, 0},
		"a path that ends in a dot":  {"a.", "d", map[string]any{"a": map[string]any{"b": "play"}, "d": "stage"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			config := local(t)
			config.ActionsClaim, config.RoomsClaim = c.actions, c.rooms
			claims := good()
			for name, value := range c.claims {
				claims[name] = value
			}
			if grant := accepts(t, open(t, config), keys().secret.sign(t, claims)); len(grant.Permissions) != c.want {
				t.Errorf("permissions %+v, want %d", grant.Permissions, c.want)
			}
		})
	}
}

// A grant lasts as long as its token is taken, by our clock.
func TestLeeway(t *testing.T) {
	config := local(t)
	config.Leeway = time.Minute
	auth, now := open(t, config), time.Now().Truncate(time.Second)
	for name, claims := range map[string]gojwt.MapClaims{
		"expired lately":            with(good(), "exp", now.Add(-30*time.Second).Unix()),
		"valid soon":                with(good(), "nbf", now.Add(30*time.Second).Unix()),
		"issued by a clock of ours": with(good(), "iat", now.Add(30*time.Second).Unix()),
	} {
		t.Run(name, func(t *testing.T) {
			grant := accepts(t, auth, keys().ed25519.sign(t, claims))
			if err := grant.Permits(domain.ActionPlay, "stage", now); err != nil {
				t.Errorf("the grant is of no use: %v", err)
			}
		})
	}
	refuses(t, auth, keys().ed25519.sign(t, with(good(), "exp", now.Add(-2*time.Minute).Unix())), domain.ErrTokenInvalid, "expired")
	refuses(t, auth, keys().ed25519.sign(t, with(good(), "nbf", now.Add(2*time.Minute).Unix())), domain.ErrTokenInvalid, "not valid yet")
}

// With nothing configured but a key, any issuer and audience will do.
func TestIssuerAndAudienceThatAreNotConfigured(t *testing.T) {
	auth := open(t, jwt.Config{Secret: secret})
	accepts(t, auth, keys().secret.sign(t, good()))
	accepts(t, auth, keys().secret.sign(t, without(without(good(), "iss"), "aud")))
}

func TestNoPrintShowsTheSecret(t *testing.T) {
	auth := open(t, local(t))
	text := fmt.Sprintf("%v %+v %#v", auth, *auth, *auth)
	for _, form := range []string{secret, fmt.Sprintf("%x", secret), "104 117 115 104", "0x68, 0x75, 0x73, 0x68"} {
		if strings.Contains(text, form) {
			t.Errorf("the secret can be printed: %s", form)
		}
	}
}
