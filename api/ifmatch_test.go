package api

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rostrum/domain"
)

// conditions are If-Match field lines, and what becomes of them where the present
// tag is "now".
var conditions = []struct {
	name        string
	lines       []string
	given, fits bool
}{
	{"nothing", nil, false, false},
	{"blank", []string{" \t"}, false, false},
	{"commas alone", []string{" , ,", ","}, false, false},
	{"the tag", []string{`"now"`}, true, true},
	{"another", []string{`"then"`}, true, false},
	{"letters differ by case", []string{`"NOW"`}, true, false},
	{"a part of it", []string{`"no"`}, true, false},
	{"the empty tag", []string{`""`}, true, false},
	{"the star", []string{"*"}, true, true},
	{"the star with space around it", []string{" *\t"}, true, true},
	{"the star in quotes", []string{`"*"`}, true, true},
	{"the star in quotes among others", []string{`"then", "*"`}, true, true},
	{"a weak star", []string{`W/"*"`}, true, false},
	{"the star in a list", []string{`"then", *`}, true, false},
	{"two stars", []string{"*", "*"}, true, false},
	{"first of a list", []string{`"now", "then"`}, true, true},
	{"last of a list", []string{`"then","now"`}, true, true},
	{"a list without it", []string{`"then", "before"`}, true, false},
	{"a list with gaps", []string{`, ,"then" ,, "now",`}, true, true},
	{"several lines", []string{`"before"`, `"then", "now"`}, true, true},
	{"several lines, one blank", []string{"", `"now"`}, true, true},
	{"a comma in a tag", []string{`"then,now", "now"`}, true, true},
	{"a comma in a tag alone", []string{`"then,now"`}, true, false},
	{"a backslash is a letter like others", []string{`"\"now"`}, true, false},
	{"weak", []string{`W/"now"`}, true, false},
	{"weak and strong", []string{`W/"now", "now"`}, true, true},
	{"small w", []string{`w/"now"`}, true, false},
	{"bytes beyond ASCII", []string{"\"\xff\xfe\", \"now\""}, true, true},
	{"no quotes", []string{"now"}, true, false},
	{"no first quote", []string{`now"`}, true, false},
	{"no last quote", []string{`"now`}, true, false},
	{"single quotes", []string{"'now'"}, true, false},
	{"no comma between", []string{`"now" "then"`}, true, false},
	{"something behind it", []string{`"now"; q=1`}, true, false},
	{"garbage behind it", []string{`"now", garbage`}, true, false},
	{"a space in a tag", []string{`"no w", "now"`}, true, false},
	{"weak without a tag", []string{"W/"}, true, false},
}

func TestIfMatch(t *testing.T) {
	for _, c := range conditions {
		condition, given := parseIfMatch(c.lines)
		if given != c.given || condition.fits("now") != c.fits {
			t.Errorf("%s: %q: given %v, fits %v", c.name, c.lines, given, condition.fits("now"))
		}
	}
}

// FuzzIfMatch holds for any two lines that only what is quoted whole in them can
// fit, and that a well-formed line before them changes nothing but itself.
func FuzzIfMatch(f *testing.F) {
	for _, c := range conditions {
		f.Add(strings.Join(c.lines, ","), "now")
	}
	f.Fuzz(func(t *testing.T, line, tag string) {
		lines := []string{line}
		condition, given := parseIfMatch(lines)
		if !given && strings.Trim(line, ", \t") != "" {
			t.Errorf("%q names something", line)
		}
		if condition.any && !strings.Contains(line, "*") {
			t.Errorf("%q has no star", line)
		}
		if condition.fits(tag) && !condition.any && !strings.Contains(line, `"`+tag+`"`) {
			t.Errorf("%q fits %q", line, tag)
		}
		more, _ := parseIfMatch([]string{`"before"`, line})
		if broken := len(more.tags) == 0; !broken && !slices.Equal(more.tags[1:], condition.tags) {
			t.Errorf("%q behind another is %q, was %q", line, more.tags, condition.tags)
		}
		if !strings.ContainsFunc(tag, notInTag) && !strings.Contains(tag, `"`) {
			own, given := parseIfMatch([]string{entityTag(tag)})
			if !given || !own.fits(tag) {
				t.Errorf("%q does not fit itself", tag)
			}
		}
	})
}

func TestConditional(t *testing.T) {
	for name, c := range map[string]struct {
		header http.Header
		passes bool
	}{
		"two lines":        {http.Header{"If-Match": {`"then"`, `"now"`}}, true},
		"one that is old":  {http.Header{"If-Match": {`"then"`}}, true}, // the session decides
		"none":             {http.Header{}, false},
		"blank":            {http.Header{"If-Match": {""}}, false},
		"the wrong header": {http.Header{"Etag": {`"now"`}, "If-None-Match": {"*"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			api, w := humago.New(http.NewServeMux(), contract()), httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodPatch, "/", nil)
			r.Header = c.header
			passed := false
			(&service{refusals: newRefusalCounts()}).conditional(api, domain.ErrTagMissing)(humago.NewContext(&huma.Operation{}, r, w), func(ctx huma.Context) {
				passed = true
				if want, _ := parseIfMatch(c.header["If-Match"]); conditionOf(ctx.Context()).fits("now") != want.fits("now") {
					t.Errorf("passed on %+v", conditionOf(ctx.Context()))
				}
			})
			if passed != c.passes {
				t.Fatalf("passed: %v, answered %s", passed, w.Body)
			}
			if !passed {
				wantProblem(t, w, domain.ErrTagMissing.Code)
			}
		})
	}
}
