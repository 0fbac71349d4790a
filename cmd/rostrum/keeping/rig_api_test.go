package keeping

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// room is what the API says of one.
type room struct {
	Name        string            `json:"name"`
	Provisioned bool              `json:"provisioned"`
	Version     int64             `json:"version"`
	DisplayName string            `json:"display_name"`
	Labels      map[string]string `json:"labels"`
	Created     time.Time         `json:"created"`
	Live        *struct {
		Subscribers int `json:"subscribers"`
	} `json:"live"`
}

// roomToken is what the API says of a room's token.
type roomToken struct {
	ID, Label, Action, Subject string
	Token                      string // when it is made, and never again
}

// session is what is kept of one.
type session struct {
	ID        string     `json:"id"`
	Room      string     `json:"room"`
	Role      string     `json:"role"`
	Subject   string     `json:"subject"`
	UserAgent string     `json:"user_agent"`
	Node      string     `json:"node"`
	Started   time.Time  `json:"started"`
	Ended     *time.Time `json:"ended"`
	Reason    string     `json:"reason"`
	Report    struct {
		Packets    uint64  `json:"packets"`
		FirstMedia float64 `json:"first_media_after_ms"`
	} `json:"report"`
}

// act is an entry of the audit trail.
type act struct {
	Number                             int64
	Subject, From, Act, Object, Detail string
}

// answer is one over HTTP whose body has been read.
type answer struct {
	status int
	header http.Header
	body   string
}

// code returns the code of a refusal, "" of anything else.
func (a answer) code() string {
	var problem struct{ Code string }
	_ = json.Unmarshal([]byte(a.body), &problem) // anything else has none
	return problem.Code
}

// request makes a request as a bearer, with headers as "Name: value". One that nobody
// answers has status 0.
func (s *stand) request(bearer, method, path, body string, headers ...string) answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return answer{}
	}
	defer func() { _ = res.Body.Close() }()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}
	}
	return answer{res.StatusCode, res.Header, string(read)}
}

// do makes a request of the operator's, with a body as JSON unless it is nil. It fails the
// test unless the answer has the status, and reads it into told unless that is nil.
func (s *stand) do(method, path string, body any, status int, told any) answer {
	s.t.Helper()
	var text []byte
	headers := []string{"If-Match: *"}
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			s.t.Fatal(err)
		}
		headers = append(headers, "Content-Type: application/json")
	}
	a := s.request(operator, method, path, string(text), headers...)
	if a.status != status {
		s.t.Fatalf("%s %s: %d %s, want %d", method, path, a.status, a.body, status)
	}
	if told != nil {
		if err := json.Unmarshal([]byte(a.body), told); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, path, err, a.body)
		}
	}
	return a
}

// provision creates a room.
func (s *stand) provision(name string) {
	s.t.Helper()
	s.do(http.MethodPost, "/api/rooms", map[string]any{"name": name}, http.StatusCreated, nil)
}

// mint makes a token of a room for an action.
func (s *stand) mint(name, action string) (made roomToken) {
	s.t.Helper()
	s.do(http.MethodPost, "/api/rooms/"+name+"/tokens", map[string]any{"action": action}, http.StatusCreated, &made)
	return made
}

// room returns a room as it is now.
func (s *stand) room(name string) (told room) {
	s.t.Helper()
	s.do(http.MethodGet, "/api/rooms/"+name, nil, http.StatusOK, &told)
	return told
}

// sessions returns all sessions of a room by their ids.
func (s *stand) sessions(name string) map[string]session {
	s.t.Helper()
	all := map[string]session{}
	for cursor, more := "", true; more; more = cursor != "" {
		var page struct {
			Sessions []session
			Next     string `json:"next_cursor"`
		}
		s.do(http.MethodGet, "/api/rooms/"+name+"/sessions?limit=50&cursor="+url.QueryEscape(cursor), nil, http.StatusOK, &page)
		for _, v := range page.Sessions {
			if _, twice := all[v.ID]; twice {
				s.t.Errorf("session %s is listed twice", v.ID)
			}
			all[v.ID] = v
		}
		cursor = page.Next
	}
	return all
}

// audit returns the audit trail, which must be one JSON object a line.
func (s *stand) audit() []act {
	s.t.Helper()
	var all []act
	for line := range bytes.Lines([]byte(s.do(http.MethodGet, "/api/audit", nil, http.StatusOK, nil).body)) {
		var a act
		if err := json.Unmarshal(line, &a); err != nil {
			s.t.Fatalf("%v in %s", err, line)
		}
		if n := len(all); n > 0 && a.Number <= all[n-1].Number {
			s.t.Errorf("entry %d follows %d", a.Number, all[n-1].Number)
		}
		all = append(all, a)
	}
	return all
}

// readiness returns what /readyz says, "" if nothing.
func (s *stand) readiness() string {
	s.t.Helper()
	var told struct{ Status string }
	_ = json.Unmarshal([]byte(s.request("", http.MethodGet, "/readyz", "").body), &told) // nobody may answer
	return told.Status
}
