package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// wrongBodies are bodies that are no RoomOrder, and what is said of them besides.
var wrongBodies = map[string]struct{ body, says string }{
	"null":                          {`null`, "one JSON object"},
	"an array":                      {`[{"name":"hall"}]`, "one JSON object"},
	"text":                          {`"hall"`, "one JSON object"},
	"a number":                      {`1`, "one JSON object"},
	"white space":                   {" \n", "not valid JSON"},
	"no JSON":                       {`name=hall`, "not valid JSON"},
	"half of it":                    {`{"name":"hall"`, "not valid JSON"},
	"two objects":                   {`{"name":"hall"}{"name":"foyer"}`, "not valid JSON"},
	"a comma too many":              {`{"name":"hall",}`, "not valid JSON"},
	"a comment":                     {`{"name":"hall"} // mine`, "not valid JSON"},
	"NaN":                           {`{"name":"hall","grace_seconds":NaN}`, "not valid JSON"},
	"a byte order mark":             {"\ufeff" + `{"name":"hall"}`, "not valid JSON"},
	"no UTF-8":                      {"{\"name\":\"hall\",\"display_name\":\"\xff\"}", "UTF-8"},
	"an unknown member":             {`{"name":"hall","display":"SECRET"}`, `"display"`},
	"a member of the answer":        {`{"name":"hall","version":7}`, `"version"`},
	"in capitals":                   {`{"Name":"hall"}`, `"Name"`},
	"an endless member":             {`{"name":"hall","` + strings.Repeat("a", 30_000) + `":1}`, `aaa..."`},
	"a member of control letters":   {`{"name":"hall","a\u0000\u001b":1}`, `"a??"`},
	"twice the same":                {`{"name":"hall","name":"foyer"}`, `"name" twice`},
	"twice, written otherwise":      {`{"name":"hall","\u006eame":"foyer"}`, `"name" twice`},
	"twice the same label":          {`{"name":"hall","labels":{"a":"1","a":"2"}}`, `"a" twice`},
	"a number for a name":           {`{"name":7}`, "name must be text"},
	"an object for a name":          {`{"name":{"SECRET":1}}`, "name must be text"},
	"an array for a name":           {`{"name":["hall"]}`, `"name" must not be an array`},
	"a number for a display name":   {`{"name":"hall","display_name":7}`, "display_name must be text"},
	"text for labels":               {`{"name":"hall","labels":"SECRET"}`, "labels must be an object of texts"},
	"a number for a label":          {`{"name":"hall","labels":{"a":1}}`, "labels must be"},
	"an object for a label":         {`{"name":"hall","labels":{"a":{}}}`, `"a" must not be an object`},
	"deep JSON":                     {`{"name":"hall","labels":` + strings.Repeat(`{"a":`, 5_000) + "1" + strings.Repeat("}", 5_001), "must not be an object"},
	"deep arrays":                   {strings.Repeat("[", 15_000) + strings.Repeat("]", 15_000), ""},
	"text for a limit":              {`{"name":"hall","max_subscribers":"SECRET"}`, "max_subscribers must be a whole number"},
	"half a subscriber":             {`{"name":"hall","max_subscribers":1.5}`, "max_subscribers must be a whole number"},
	"more than can be counted":      {`{"name":"hall","max_subscribers":99999999999999999999}`, "max_subscribers must be a whole number"},
	"text for recording":            {`{"name":"hall","record":"yes"}`, "record must be true or false"},
	"a number for recording":        {`{"name":"hall","record":1}`, "record must be true or false"},
	"text for the grace":            {`{"name":"hall","grace_seconds":"10s"}`, "grace_seconds must be a number"},
	"a grace that is beyond number": {`{"name":"hall","grace_seconds":1e999}`, "grace_seconds must be a number"},
}

// What is wrong with a body is said, and nothing that was sent is repeated but the names
// of members, cut.
func TestWrongBodies(t *testing.T) {
	e := newEdge(t)
	for name, c := range wrongBodies {
		t.Run(name, func(t *testing.T) {
			w := e.doJSON(http.MethodPost, "/api/rooms", c.body, bearerOf(carol))
			if said := w.Body.String(); !strings.Contains(strings.ReplaceAll(said, `\"`, `"`), c.says) || strings.Contains(said, "SECRET") || len(said) > 1000 {
				t.Errorf("%.1000s does not say %s alone", said, c.says)
			}
			wantProblem(t, w, "request_invalid")
		})
	}
	if got := e.listRooms(t, "", bearerOf(carol)); len(got) > 0 {
		t.Errorf("%v have been made", got)
	}
}

func TestBodiesOfRoomsAreBounded(t *testing.T) {
	large := `{"name":"hall","labels":{"a":"` + strings.Repeat("x", 10<<20) + `"}}`
	asJSON, asPatch := "Content-Type: application/json", "Content-Type: application/merge-patch+json"
	for name, c := range map[string]struct {
		method, target, body string
		lines                []string
		code                 string
	}{
		"a label of 10 MB":           {http.MethodPost, "/api/rooms", large, []string{bearerOf(carol), asJSON}, "body_too_large"},
		"a label of 10 MB, a patch":  {http.MethodPatch, "/api/rooms/hall", large, []string{bearerOf(carol), asPatch, "If-Match: *"}, "body_too_large"},
		"10 MB without a token":      {http.MethodPost, "/api/rooms", large, []string{asJSON}, "token_missing"},
		"10 MB by who may not":       {http.MethodPatch, "/api/rooms/hall", large, []string{bearerOf(bob), asPatch, "If-Match: *"}, "forbidden"},
		"nothing":                    {http.MethodPost, "/api/rooms", "", []string{bearerOf(carol), asJSON}, "request_invalid"},
		"an empty patch":             {http.MethodPatch, "/api/rooms/hall", "", []string{bearerOf(carol), asPatch, "If-Match: *"}, "request_invalid"},
		"no type":                    {http.MethodPost, "/api/rooms", "{}", []string{bearerOf(carol)}, "media_type_unsupported"},
		"a form":                     {http.MethodPost, "/api/rooms", "name=hall", []string{bearerOf(carol), "Content-Type: application/x-www-form-urlencoded"}, "media_type_unsupported"},
		"a patch that creates":       {http.MethodPost, "/api/rooms", "{}", []string{bearerOf(carol), asPatch}, "media_type_unsupported"},
		"a JSON patch":               {http.MethodPatch, "/api/rooms/hall", "[]", []string{bearerOf(carol), "Content-Type: application/json-patch+json", "If-Match: *"}, "media_type_unsupported"},
		"a coding":                   {http.MethodPost, "/api/rooms", "{}", []string{bearerOf(carol), asJSON, "Content-Encoding: gzip"}, "content_coding_unsupported"},
		"the condition comes before": {http.MethodPatch, "/api/rooms/hall", large, []string{bearerOf(carol), asPatch}, "version_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newEdge(t).do(c.method, c.target, c.body, c.lines...)
			if accepts := w.Header().Get("Accept-Post") + w.Header().Get("Accept-Patch"); (accepts != "") != (c.code == "media_type_unsupported") {
				t.Errorf("it says to send %q", accepts)
			}
			wantProblem(t, w, c.code)
		})
	}
}

// documentOf is a JSON object that a merge patch of settings is for.
func documentOf(s domain.RoomSettings) map[string]any {
	d := map[string]any{}
	if s.DisplayName != "" {
		d["display_name"] = s.DisplayName
	}
	if len(s.Labels) > 0 {
		labels := map[string]any{}
		for key, value := range s.Labels {
			labels[key] = value
		}
		d["labels"] = labels
	}
	if s.MaxSubscribers != 0 {
		d["max_subscribers"] = float64(s.MaxSubscribers)
	}
	if s.Record != nil {
		d["record"] = *s.Record
	}
	if s.Grace != nil {
		d["grace_seconds"] = s.Grace.Seconds()
	}
	return d
}

// mergePatch is RFC 7396 §2, as it stands there.
func mergePatch(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, ok := target.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for name, value := range changes {
		if value == nil {
			delete(object, name)
		} else {
			object[name] = mergePatch(object[name], value)
		}
	}
	return object
}

// asKept is a document as settings keep it: what says the same as nothing is left out.
func asKept(d any) map[string]any {
	object, _ := d.(map[string]any)
	for name, value := range object {
		labels, isObject := value.(map[string]any)
		if value == "" || name == "max_subscribers" && value == 0.0 || isObject && len(labels) == 0 {
			delete(object, name)
		}
	}
	if s, ok := object["grace_seconds"].(float64); ok {
		object["grace_seconds"] = seconds(s).Seconds()
	}
	return object
}

// Whatever is taken for a patch does to settings what RFC 7396 does to their document,
// also when it is applied again, and leaves alone what they were read from.
func FuzzRoomChange(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"display_name":null}`, `{"labels":{"team":null,"floor":"2"}}`, `{"labels":null}`, `{"labels":{}}`,
		`{"display_name":"x","max_subscribers":7,"record":false,"grace_seconds":1.5}`, `{"max_subscribers":null,"record":null,"grace_seconds":null}`,
		`{"grace_seconds":-1e300}`, `{"grace_seconds":1e300}`, `{"grace_seconds":-0}`, `{"max_subscribers":-2147483648}`, `{"labels":{"":""}}`,
	} {
		f.Add([]byte(seed))
	}
	for _, c := range wrongBodies {
		f.Add([]byte(c.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		change, err := parseJSON[RoomChange](body)
		if err != nil {
			if p := (*Problem)(nil); !errors.As(err, &p) || p.Code != "request_invalid" || len(p.Detail) > 500 {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		var patch any
		if err := json.Unmarshal(body, &patch); err != nil {
			t.Fatalf("%q is taken for JSON: %v", body, err)
		}
		for _, s := range []domain.RoomSettings{
			{}, {DisplayName: "Hall", Labels: map[string]string{"team": "news", "floor": "1"}, MaxSubscribers: 5, Record: ptr(true), Grace: ptr(time.Second)},
		} {
			was := documentOf(s)
			want := asKept(mergePatch(documentOf(s), patch))
			got := s
			change.apply(&got)
			once := documentOf(got)
			change.apply(&got)
			if d := cmp.Diff(want, once); d != "" {
				t.Errorf("%q: %s", body, d)
			}
			if d := cmp.Diff(once, documentOf(got)) + cmp.Diff(was, documentOf(s)); d != "" {
				t.Errorf("%q is not the same again: %s", body, d)
			}
		}
	})
}
