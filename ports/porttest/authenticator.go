package porttest

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
	"rostrum/ports"
)

// Access is an authenticator and what it is expected to know.
type Access struct {
	Authenticator ports.Authenticator
	// Grants are valid tokens, at least two, with what each grants.
	Grants map[string]domain.Grant
	// Invalid are further tokens that it must refuse: forged, expired.
	Invalid []string
	// Anonymous is what the empty token grants, nil for nothing.
	Anonymous *domain.Grant
}

// Authenticator checks what ports.Authenticator promises, but for the time that
// it takes: an adapter keeps that by how it compares.
func Authenticator(t *testing.T, open func(t *testing.T) Access) {
	t.Run("a valid token has its own grant", func(t *testing.T) { validTokens(t, open(t)) })
	t.Run("a token that is nearly right is ErrTokenInvalid", func(t *testing.T) { nearTokens(t, open(t)) })
	t.Run("a foreign token is ErrTokenInvalid", func(t *testing.T) { foreignTokens(t, open(t)) })
	t.Run("the empty token is what anybody may, or ErrTokenMissing", func(t *testing.T) { emptyToken(t, open(t)) })
	t.Run("a grant does not change with another holder's copy", func(t *testing.T) { ownGrants(t, open(t)) })
	t.Run("many goroutines at once get each its own grant", func(t *testing.T) { tokensAtOnce(t, open(t)) })
}

func validTokens(t *testing.T, a Access) {
	if len(a.Grants) < 2 {
		t.Fatal("the suite needs at least two valid tokens")
	}
	for token, want := range a.Grants {
		got, err := a.Authenticator.Authenticate(t.Context(), token)
		if err != nil {
			t.Errorf("the token of %s: %v", want.Subject, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("grant of %s (-want +got):\n%s", want.Subject, diff)
		}
	}
}

// nearTokens changes the middle of a token and not its end, whose last bits may
// mean nothing in base64.
func nearTokens(t *testing.T, a Access) {
	for token, grant := range a.Grants {
		middle := len(token) / 2
		other := "A"
		if token[middle] == 'A' {
			other = "B"
		}
		for fault, near := range map[string]string{
			"cut at its end":   token[:len(token)-1],
			"cut at its start": token[1:],
			"one letter other": token[:middle] + other + token[middle+1:],
			"one letter more":  token + "x",
			"a space before":   " " + token,
			"a line end after": token + "\n",
			"a NUL after":      token + "\x00",
			"twice":            token + token,
			"with its scheme":  "Bearer " + token,
			"other case":       swapCase(token),
		} {
			if near == token {
				continue
			}
			refuses(t, a, string(grant.Subject)+"'s token, "+fault, near)
		}
	}
}

func foreignTokens(t *testing.T, a Access) {
	for _, token := range append([]string{
		"x", " ", "null", "undefined", "*", "a.b.c", "..", "' OR 1=1 --", "\xff\xfe", strings.Repeat("x", 1<<20),
	}, a.Invalid...) {
		refuses(t, a, "token "+token[:min(len(token), 40)], token)
	}
}

func emptyToken(t *testing.T, a Access) {
	got, err := a.Authenticator.Authenticate(t.Context(), "")
	if a.Anonymous == nil {
		if !errors.Is(err, domain.ErrTokenMissing) {
			t.Errorf("the empty token: %v, want ErrTokenMissing", err)
		}
		return
	}
	if err != nil {
		t.Fatalf("the empty token: %v", err)
	}
	if diff := cmp.Diff(*a.Anonymous, got); diff != "" {
		t.Errorf("what anybody is granted (-want +got):\n%s", diff)
	}
}

func ownGrants(t *testing.T, a Access) {
	for token, want := range a.Grants {
		first, err := a.Authenticator.Authenticate(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		clear(first.Permissions)
		again, err := a.Authenticator.Authenticate(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, again); diff != "" {
			t.Errorf("the grant changed with a copy of it (-want +got):\n%s", diff)
		}
	}
}

func tokensAtOnce(t *testing.T, a Access) {
	atOnce(t, 8, func(int) error {
		for token, want := range a.Grants {
			got, err := a.Authenticator.Authenticate(t.Context(), token)
			if err != nil {
				return err
			}
			if got.Subject != want.Subject {
				t.Errorf("%s was taken for %s", want.Subject, got.Subject)
			}
		}
		return nil
	})
}

func refuses(t *testing.T, a Access, what, token string) {
	t.Helper()
	grant, err := a.Authenticator.Authenticate(t.Context(), token)
	if !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("%q: %v, want ErrTokenInvalid", what, err)
	}
	if len(grant.Permissions) > 0 {
		t.Errorf("%q was refused with a grant: %+v", what, grant)
	}
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if up := strings.ToUpper(string(r)); up != string(r) {
			return []rune(up)[0]
		}
		return []rune(strings.ToLower(string(r)))[0]
	}, s)
}
