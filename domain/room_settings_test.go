package domain_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
)

func TestSettingsOfARoomHaveBounds(t *testing.T) {
	labels := func(n int) map[string]string {
		all := map[string]string{}
		for i := range n {
			all[fmt.Sprint("key-", i)] = "value"
		}
		return all
	}
	label := func(key, value string) domain.RoomSettings {
		return domain.RoomSettings{Labels: map[string]string{key: value}}
	}
	for name, c := range map[string]struct {
		settings domain.RoomSettings
		ok       bool
	}{
		"nothing chosen":                     {domain.RoomSettings{}, true},
		"a display name of 200 letters":      {domain.RoomSettings{DisplayName: strings.Repeat("ü", 200)}, true},
		"of 201":                             {domain.RoomSettings{DisplayName: strings.Repeat("u", 201)}, false},
		"of 200 that take four bytes each":   {domain.RoomSettings{DisplayName: strings.Repeat("😀", 200)}, true},
		"of 10 MB":                           {domain.RoomSettings{DisplayName: strings.Repeat("u", 10<<20)}, false},
		"a display name with a line":         {domain.RoomSettings{DisplayName: "a\nb"}, false},
		"with NUL":                           {domain.RoomSettings{DisplayName: "a\x00b"}, false},
		"that is not UTF-8":                  {domain.RoomSettings{DisplayName: "a\xff"}, false},
		"that is SQL":                        {domain.RoomSettings{DisplayName: `'; DROP TABLE rooms; --`}, true},
		"no limit of subscribers":            {domain.RoomSettings{MaxSubscribers: 0}, true},
		"one subscriber":                     {domain.RoomSettings{MaxSubscribers: 1}, true},
		"fewer than none":                    {domain.RoomSettings{MaxSubscribers: -1}, false},
		"no grace":                           {domain.RoomSettings{Grace: new(time.Duration(0))}, true},
		"an hour of grace":                   {domain.RoomSettings{Grace: new(time.Hour)}, true},
		"more than an hour":                  {domain.RoomSettings{Grace: new(time.Hour + 1)}, false},
		"less than none":                     {domain.RoomSettings{Grace: new(time.Duration(-1))}, false},
		"64 labels":                          {domain.RoomSettings{Labels: labels(64)}, true},
		"65 labels":                          {domain.RoomSettings{Labels: labels(65)}, false},
		"a label of one letter":              {label("a", ""), true},
		"a key of 63 characters":             {label(strings.Repeat("k", 63), "v"), true},
		"of 64":                              {label(strings.Repeat("k", 64), "v"), false},
		"a key with a domain and a slash":    {label("acme.example/cost-center_1", "v"), true},
		"an empty key":                       {label("", "v"), false},
		"a key that ends in a hyphen":        {label("a-", "v"), false},
		"that begins with a slash":           {label("/a", "v"), false},
		"with a space":                       {label("a b", "v"), false},
		"with a line behind it":              {label("a\n", "v"), false},
		"with a letter beyond ASCII":         {label("zürich", "v"), false},
		"a value of 256 letters":             {label("a", strings.Repeat("é", 256)), true},
		"of 257":                             {label("a", strings.Repeat("e", 257)), false},
		"of 10 MB, as a label":               {label("a", strings.Repeat("e", 10<<20)), false},
		"a value with a control character":   {label("a", "\x7f"), false},
		"a value that is not UTF-8":          {label("a", "\xc3"), false},
		"one bad label among good ones":      {domain.RoomSettings{Labels: map[string]string{"a": "b", "c": "d", "e": "\x00"}}, false},
		"everything chosen, at its greatest": {domain.RoomSettings{DisplayName: "Hall", Labels: labels(64), MaxSubscribers: 1 << 40, Record: new(true), Grace: new(time.Hour)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.settings.Check()
			if c.ok && err != nil || !c.ok && !errors.Is(err, domain.ErrRoomSettings) {
				t.Fatalf("Check: %v, allowed %v", err, c.ok)
			}
			if err != nil && len(err.Error()) > 300 {
				t.Errorf("the refusal repeats what it was given: %d bytes", len(err.Error()))
			}
			if _, refused := domain.Provision("hall", c.settings, noon); (refused == nil) != c.ok {
				t.Errorf("Provision: %v", refused)
			}
		})
	}
}

func TestHasLabel(t *testing.T) {
	s := domain.RoomSettings{Labels: map[string]string{"team": "news", "empty": ""}}
	for _, c := range []struct {
		key, value string
		want       bool
	}{
		{"team", "news", true}, {"team", "", true}, {"team", "sport", false}, {"Team", "news", false},
		{"empty", "", true}, {"empty", "x", false}, {"none", "", false}, {"", "", false},
	} {
		if got := s.Has(c.key, c.value); got != c.want {
			t.Errorf("Has(%q, %q): %v", c.key, c.value, got)
		}
	}
	if (domain.RoomSettings{}).Has("", "") {
		t.Error("a room without labels has one")
	}
}

// What a room has no choice of is as the server has it.
func TestRulesAreARoomsChoicesOverTheServers(t *testing.T) {
	defaults := domain.RoomRules{MaxSubscribers: 10, Record: true, Grace: time.Minute}
	rules := func(most int, record bool, grace time.Duration) domain.RoomRules {
		return domain.RoomRules{MaxSubscribers: most, Record: record, Grace: grace, Version: 1}
	}
	for name, c := range map[string]struct {
		settings domain.RoomSettings
		want     domain.RoomRules
	}{
		"no choice":                 {domain.RoomSettings{}, rules(10, true, time.Minute)},
		"a limit":                   {domain.RoomSettings{MaxSubscribers: 3}, rules(3, true, time.Minute)},
		"not to be recorded":        {domain.RoomSettings{Record: new(false)}, rules(10, false, time.Minute)},
		"no grace, which is one":    {domain.RoomSettings{Grace: new(time.Duration(0))}, rules(10, true, 0)},
		"all of them":               {domain.RoomSettings{MaxSubscribers: 500, Record: new(true), Grace: new(time.Hour)}, rules(500, true, time.Hour)},
		"what is for people is not": {domain.RoomSettings{DisplayName: "x", Labels: map[string]string{"a": "b"}}, rules(10, true, time.Minute)},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := domain.Provision("hall", c.settings, noon)
			must(t, err)
			same(t, "rules", r.Rules(defaults), c.want)
		})
	}
	same(t, "the server's", defaults, domain.RoomRules{MaxSubscribers: 10, Record: true, Grace: time.Minute})
}

func TestDifferences(t *testing.T) {
	on, off, grace := true, false, 30*time.Second
	full := domain.RoomSettings{DisplayName: "Hall", Labels: map[string]string{"team": "news", "floor": "1"}, MaxSubscribers: 5, Record: &on, Grace: &grace}
	other := full
	other.Record, other.Labels = &off, map[string]string{"team": "news"}
	for _, c := range []struct {
		from, to domain.RoomSettings
		want     []string
	}{
		{full, full, nil},
		{domain.RoomSettings{}, domain.RoomSettings{Labels: map[string]string{}}, nil},
		{domain.RoomSettings{}, full, []string{"record default -> true", "max_subscribers 0 -> 5", "grace default -> 30s", `display_name "" -> "Hall"`, "labels {} -> {floor=\"1\", team=\"news\"}"}},
		{full, other, []string{"record true -> false", `labels {floor="1", team="news"} -> {team="news"}`}},
	} {
		if got := c.from.Differences(c.to); !slices.Equal(got, c.want) {
			t.Errorf("from %+v to %+v: %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestEqualRules(t *testing.T) {
	rules := domain.RoomRules{MaxSubscribers: 1, Record: true, Grace: 2, Tokens: []domain.TokenID{"T"}, Version: 3}
	if again := rules; !rules.Equal(again) {
		t.Errorf("%+v is not itself", rules)
	}
	for what, change := range map[string]func(*domain.RoomRules){
		"limit": func(r *domain.RoomRules) { r.MaxSubscribers = 2 }, "record": func(r *domain.RoomRules) { r.Record = false },
		"grace": func(r *domain.RoomRules) { r.Grace = 3 }, "tokens": func(r *domain.RoomRules) { r.Tokens = nil }, "version": func(r *domain.RoomRules) { r.Version = 4 },
	} {
		other := rules
		if change(&other); rules.Equal(other) {
			t.Errorf("another %s is the same", what)
		}
	}
}
