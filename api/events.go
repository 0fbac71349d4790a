package api

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"rostrum/app"
	"rostrum/domain"
)

// eventsRel announces server-sent events (WHEP core extensions).
const eventsRel = "urn:ietf:params:whep:ext:core:server-sent-events"

// eventNames are the events that a subscriber may ask for.
var eventNames = []string{"active", "inactive", "viewercount", "reconnect"}

const (
	streamsPerSession = 4                // event streams that a session may have
	eventsHeartbeat   = 15 * time.Second // between comments that keep proxies from closing a quiet stream
)

// eventsLink announces the events of a session.
func eventsLink(sessions string, id domain.SessionID) string {
	return fmt.Sprintf(`<%s%s/events>; rel="%s"; events="%s"`, sessions, id, eventsRel, strings.Join(eventNames, ","))
}

// Problems of event streams.
var (
	errEvents       = newProblem(http.StatusBadRequest, "events_invalid", "The body must be a JSON array of names of events, of those that Link announces: active, inactive, viewercount, reconnect.")
	errEventStreams = newProblem(http.StatusTooManyRequests, "too_many_streams", "The session has as many event streams as it may. End one of them first.")
	errEventsType   = newProblem(http.StatusUnsupportedMediaType, errMediaType.Code, "The body must be a JSON array of names of events. Send it with \"Content-Type: application/json\".")
)

// eventStreams are the event streams that subscribers have asked for, by their ids,
// which cannot be guessed: a stream is read by its URL alone, as EventSource can
// send no token. They go with their sessions.
type eventStreams struct {
	mu      sync.Mutex
	streams map[string]eventStream
}

type eventStream struct {
	session domain.SessionID
	events  []string
	ended   chan struct{} // closed by DELETE
}

func newEventStreams() *eventStreams { return &eventStreams{streams: map[string]eventStream{}} }

// open returns the id of a new stream of a session, "" when it has as many as it
// may. Streams of sessions for which alive does not hold are let go.
func (e *eventStreams) open(session domain.SessionID, events []string, alive func(domain.SessionID) bool) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	own := 0
	for id, s := range e.streams {
		switch {
		case !alive(s.session):
			delete(e.streams, id)
		case s.session == session:
			own++
		}
	}
	if own >= streamsPerSession {
		return ""
	}
	id := rand.Text()
	e.streams[id] = eventStream{session: session, events: events, ended: make(chan struct{})}
	return id
}

func (e *eventStreams) find(session domain.SessionID, id string) (eventStream, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s, ok := e.streams[id]
	return s, ok && s.session == session
}

// end ends a stream, and reports whether there was one.
func (e *eventStreams) end(session domain.SessionID, id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	s, ok := e.streams[id]
	if !ok || s.session != session {
		return false
	}
	delete(e.streams, id)
	close(s.ended)
	return true
}

// parseEventNames reads a JSON array of names of events. It refuses with
// errEvents what is none, or has a name that is not announced.
func parseEventNames(body []byte) ([]string, error) {
	var names []string
	if err := json.Unmarshal(body, &names); err != nil || len(names) == 0 {
		return nil, errEvents
	}
	for _, name := range names {
		if !slices.Contains(eventNames, name) {
			return nil, errEvents
		}
	}
	return names, nil
}

// serveEvents writes a stream's events until the stream, its session or its reader
// ends.
func serveEvents(w http.ResponseWriter, r *http.Request, stream eventStream, updates <-chan app.Status) {
	control := http.NewResponseController(w)
	heartbeat := time.NewTicker(eventsHeartbeat)
	defer heartbeat.Stop()
	var last app.Status
	for first := true; ; {
		var text string
		select {
		case <-r.Context().Done():
			return
		case <-stream.ended:
			return
		case <-heartbeat.C:
			text = ":\n\n"
		case status, ok := <-updates:
			if !ok {
				return
			}
			text = stream.between(last, status, first)
			last, first = status, false
		}
		if _, err := io.WriteString(w, text); err != nil || control.Flush() != nil {
			return
		}
	}
}

// between returns the events that lead from one status to the next. A stream that
// begins is not told that nobody publishes.
func (s eventStream) between(last, now app.Status, first bool) string {
	var b strings.Builder
	tell := func(name, data string, happened bool) {
		if happened && slices.Contains(s.events, name) {
			fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, data)
		}
	}
	tell("active", "{}", now.Active && (first || !last.Active))
	tell("inactive", "{}", !now.Active && !first && last.Active)
	tell("viewercount", fmt.Sprintf(`{"viewercount":%d}`, now.Viewers), first || now.Viewers != last.Viewers)
	tell("reconnect", "{}", now.Reconnect)
	return b.String()
}
