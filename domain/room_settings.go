package domain

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// RoomSettings are an operator's choices for one room. What is not chosen, which is
// the zero value, is as the server has it for every room.
type RoomSettings struct {
	DisplayName    string            // for people; at most 200 characters
	Labels         map[string]string // for programs; at most 64
	MaxSubscribers int
	Record         *bool          // whether its publications are recorded
	Grace          *time.Duration // that a lost publisher has to come back
}

// The bounds of settings.
const (
	maxDisplayName = 200
	maxLabels      = 64
	maxLabelValue  = 256
	maxGrace       = time.Hour
)

// labelKey is the form of a label's key: team, acme.example/cost-center.
var labelKey = regexp.MustCompile(`\A[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?\z`)

// Check refuses with [ErrRoomSettings] what cannot be chosen, and says which it is.
func (s RoomSettings) Check() error {
	switch {
	case !isText(s.DisplayName, maxDisplayName):
		return ErrRoomSettings.Because(fmt.Sprintf("A display name has at most %d characters, none of them control characters.", maxDisplayName))
	case s.MaxSubscribers < 0:
		return ErrRoomSettings.Because("A limit of subscribers is 1 or more, or 0 for the server's.")
	case s.Grace != nil && (*s.Grace < 0 || *s.Grace > maxGrace):
		return ErrRoomSettings.Because("A grace is 0 seconds to an hour.")
	case len(s.Labels) > maxLabels:
		return ErrRoomSettings.Because(fmt.Sprintf("A room has at most %d labels.", maxLabels))
	}
	for key, value := range s.Labels {
		if !labelKey.MatchString(key) || !isText(value, maxLabelValue) {
			return ErrRoomSettings.Because(fmt.Sprintf("A label's key is 1 to 63 letters, digits, dots, underscores, hyphens or slashes, with a letter or digit at both ends; its value has at most %d characters, none of them control characters.", maxLabelValue))
		}
	}
	return nil
}

func isText(s string, most int) bool {
	if len(s) > most*utf8.UTFMax || !utf8.ValidString(s) || utf8.RuneCountInString(s) > most {
		return false
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}

// over returns the rules that come of the choices over the server's.
func (s RoomSettings) over(rules RoomRules) RoomRules {
	if s.MaxSubscribers > 0 {
		rules.MaxSubscribers = s.MaxSubscribers
	}
	if s.Record != nil {
		rules.Record = *s.Record
	}
	if s.Grace != nil {
		rules.Grace = *s.Grace
	}
	return rules
}

// Differences says in words, one for each choice, what is otherwise in next.
func (s RoomSettings) Differences(next RoomSettings) []string {
	var all []string
	add := func(choice, from, to string) {
		if from != to {
			all = append(all, choice+" "+from+" -> "+to)
		}
	}
	add("record", chosen(s.Record), chosen(next.Record))
	add("max_subscribers", strconv.Itoa(s.MaxSubscribers), strconv.Itoa(next.MaxSubscribers))
	add("grace", chosen(s.Grace), chosen(next.Grace))
	add("display_name", strconv.Quote(s.DisplayName), strconv.Quote(next.DisplayName))
	add("labels", labelText(s.Labels), labelText(next.Labels))
	return all
}

func chosen[T any](choice *T) string {
	if choice == nil {
		return "default"
	}
	return fmt.Sprint(*choice)
}

// labelText has the labels in the order of their keys.
func labelText(labels map[string]string) string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		all = append(all, key+"="+strconv.Quote(labels[key]))
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// RoomRules are what holds in a live room.
type RoomRules struct {
	MaxSubscribers int           // 0: no limit
	Record         bool          // its publications are recorded unless somebody stops it
	Grace          time.Duration // that a lost publisher has to come back; 0: none
	Tokens         []TokenID     // of the room's own that are valid
	Version        int64         // of the provisioned room that they are of; 0: it is none
}

// Equal reports whether both say the same.
func (r RoomRules) Equal(o RoomRules) bool {
	return r.MaxSubscribers == o.MaxSubscribers && r.Record == o.Record && r.Grace == o.Grace &&
		slices.Equal(r.Tokens, o.Tokens) && r.Version == o.Version
}

// Has reports whether the room has a label with that key, and that value unless it is "".
func (s RoomSettings) Has(key, value string) bool {
	v, ok := s.Labels[key]
	return ok && (value == "" || v == value)
}
