package domain_test

import (
	"errors"
	"strings"
	"testing"

	"rostrum/domain"
)

func TestParseRoomName(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"one letter":             {"a", true},
		"every kind of sign":     {"Aa0_-", true},
		"a hyphen alone":         {"-", true},
		"64 characters":          {strings.Repeat("x", 64), true},
		"nothing":                {"", false},
		"65 characters":          {strings.Repeat("x", 65), false},
		"a dot":                  {"a.b", false},
		"parent directory":       {"..", false},
		"a slash":                {"a/b", false},
		"a space":                {"a b", false},
		"a glob":                 {"*", false},
		"NUL":                    {"a\x00", false},
		"a trailing newline":     {"a\n", false},
		"a leading newline":      {"\na", false},
		"a line among others":    {"!\nab\n!", false},
		"a letter beyond ASCII":  {"zürich", false},
		"a digit beyond ASCII":   {"room\u0663", false},
		"letter that folds to k": {"\u212a", false},
		"not UTF-8":              {"a\xff", false},
		"percent-encoded":        {"a%2Fb", false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := domain.ParseRoomName(c.text)
			if c.ok && (err != nil || string(got) != c.text) {
				t.Errorf("%q: %q, %v, want it as it is", c.text, got, err)
			}
			if !c.ok && (!errors.Is(err, domain.ErrRoomName) || got != "") {
				t.Errorf("%q: %q, %v, want ErrRoomName and no name", c.text, got, err)
			}
		})
	}
}

func FuzzParseRoomName(f *testing.F) {
	for _, seed := range []string{"", "demo", "A-b_9", "a\n", "a.b", "ü", "\x00", strings.Repeat("x", 64), strings.Repeat("x", 65)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
		want := len(text) >= 1 && len(text) <= 64
		for i := range len(text) {
			want = want && strings.IndexByte(signs, text[i]) >= 0
		}
		name, err := domain.ParseRoomName(text)
		switch {
		case want && (err != nil || string(name) != text):
			t.Errorf("%q is refused: %v", text, err)
		case !want && (!errors.Is(err, domain.ErrRoomName) || name != ""):
			t.Errorf("%q is taken: %q, %v", text, name, err)
		}
	})
}
