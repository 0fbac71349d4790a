package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"
)

const (
	sdpType      = "application/sdp"
	fragmentType = "application/trickle-ice-sdpfrag"
)

// maxDescription is how many bytes of SDP the contract has in an answer at most.
const maxDescription = 64 << 10

// afterthought is how long a POST is still waited for when its context has ended: the
// session that it makes could be ended by nobody else.
const afterthought = 2 * time.Second

// Session is one WHIP or WHEP session on the server. It stands for what is there and runs
// nothing of its own: whoever began it has to see that it ends. Any number of goroutines
// may use it.
type Session struct {
	ID         string
	URL        string      // where it lives, at the server that the client was made for
	Answer     string      // SDP, with all of the server's candidates
	ICEServers []ICEServer // that the server names, for this session

	protocol protocol
	client   *Client

	mu  sync.Mutex
	tag string
}

// Publish offers to publish into a room, which has one publisher at a time. When ctx ends
// meanwhile, a session that the server has begun is ended.
func (c *Client) Publish(ctx context.Context, room, offer string) (*Session, error) {
	return c.begin(ctx, whip, room, offer)
}

// Play offers to receive what is published in a room, now or later. When ctx ends
// meanwhile, a session that the server has begun is ended.
func (c *Client) Play(ctx context.Context, room, offer string) (*Session, error) {
	return c.begin(ctx, whep, room, offer)
}

func (c *Client) begin(ctx context.Context, p protocol, room, offer string) (*Session, error) {
	request, err := p.post(c.server, room, sdpType, strings.NewReader(offer))
	if err != nil {
		return nil, err
	}
	late, cancel := lateBy(ctx, afterthought)
	defer cancel()
	answer, err := c.signal(late, request)
	if err != nil {
		return nil, err
	}
	s, err := c.session(p, answer)
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil && s != nil {
		_ = s.end(context.WithoutCancel(ctx)) // it is of no use; the server finds out in the end
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// lateBy returns a context that ends as long after ctx.
func lateBy(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	timer := time.AfterFunc(math.MaxInt64, func() { cancel(context.Cause(ctx)) })
	stop := context.AfterFunc(ctx, func() { timer.Reset(by) })
	return late, func() {
		stop()
		timer.Stop()
		cancel(nil)
	}
}

// session reads a 201. With an error it returns the session too where there is one.
func (c *Client) session(p protocol, created reply) (*Session, error) {
	if created.status != http.StatusCreated {
		return nil, fmt.Errorf("%w: it answers the offer with %d instead of 201%s", ErrContract, created.status, isIt)
	}
	id, err := p.idIn(created)
	if err != nil {
		return nil, err
	}
	ending, err := p.end(c.server, id)
	if err != nil {
		return nil, err
	}
	s := &Session{
		ID: id, URL: ending.URL.String(), Answer: string(created.body), ICEServers: iceServers(created.header),
		protocol: p, client: c, tag: created.header.Get("ETag"),
	}
	if kind := mediaType(created.header); kind != sdpType {
		return s, fmt.Errorf("%w: it answers the offer with %q instead of %s%s", ErrContract, kind, sdpType, isIt)
	}
	if len(s.Answer) > maxDescription {
		return s, tooLong()
	}
	if !strings.HasPrefix(s.Answer, "v=") {
		return s, fmt.Errorf("%w: what it answers the offer with is no SDP%s", ErrContract, isIt)
	}
	return s, nil
}

// ETag returns the tag of the present ICE session, "" if the server gave none.
func (s *Session) ETag() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tag
}

// Trickle tells of candidates, as a trickle ICE SDP fragment (RFC 8840), that belong to
// the present ICE session. It fails with a *Problem of status 412 when there has been
// another one since, and 404 when the session is over.
func (s *Session) Trickle(ctx context.Context, fragment string) error {
	_, err := s.patch(ctx, s.ETag(), fragment)
	return err
}

// Restart begins a new ICE session with the credentials and candidates of a fragment. It
// returns the fragment of the server's. DTLS and media go on.
func (s *Session) Restart(ctx context.Context, fragment string) (string, error) {
	said, err := s.patch(ctx, "*", fragment) // whichever it is now (RFC 9725 §4.3.3)
	if err != nil {
		return "", err
	}
	tag, kind := said.header.Get("ETag"), mediaType(said.header)
	if said.status != http.StatusOK || kind != fragmentType || tag == "" {
		return "", fmt.Errorf("%w: it answers an ICE restart with %d, %q and the ETag %q", ErrContract, said.status, kind, tag)
	}
	if len(said.body) > maxDescription {
		return "", tooLong()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tag = tag
	return string(said.body), nil
}

func tooLong() error {
	return fmt.Errorf("%w: its SDP is longer than %d KiB%s", ErrContract, maxDescription>>10, isIt)
}

func (s *Session) patch(ctx context.Context, tag, fragment string) (reply, error) {
	request, err := s.protocol.patch(s.client.server, s.ID, tag, fragmentType, strings.NewReader(fragment))
	if err != nil {
		return reply{}, err
	}
	return s.client.signal(ctx, request)
}

// End ends the session. One that is over already is no error.
func (s *Session) End(ctx context.Context) error {
	request, err := s.protocol.end(s.client.server, s.ID)
	if err != nil {
		return err
	}
	_, err = s.client.signal(ctx, request)
	if errors.Is(err, &Problem{Status: http.StatusNotFound}) || errors.Is(err, &Problem{Status: http.StatusGone}) {
		return nil
	}
	return err
}

// end is End, in no more than a few moments.
func (s *Session) end(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, afterthought)
	defer cancel()
	return s.End(ctx)
}

// reply is an answer that has been read.
type reply struct {
	status int
	header http.Header
	from   *url.URL // who answered, after any redirect
	body   []byte
}

// signal sends a request of WHIP or WHEP.
func (c *Client) signal(ctx context.Context, request *http.Request) (reply, error) {
	request = request.WithContext(ctx)
	request.Header.Set("Accept", sdpType+", "+fragmentType+", application/problem+json")
	response, err := c.wire.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }() // it is in memory
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, response.Request.URL, body}, err
}

// protocol is what WHIP and WHEP have each of its own: the generated requests.
type protocol struct {
	post  func(server, room, contentType string, body io.Reader) (*http.Request, error)
	patch func(server, session, tag, contentType string, body io.Reader) (*http.Request, error)
	end   func(server, session string) (*http.Request, error)
}

var whip = protocol{
	post: NewPublishStreamRequestWithBody,
	patch: func(server, session, tag, contentType string, body io.Reader) (*http.Request, error) {
		return NewTrickleIceRequestWithBody(server, session, &TrickleIceParams{IfMatch: tag}, contentType, body)
	},
	end: NewEndSessionRequest,
}

var whep = protocol{
	post: NewPlayStreamRequestWithBody,
	patch: func(server, session, tag, contentType string, body io.Reader) (*http.Request, error) {
		return NewTrickleIcePlaySessionRequestWithBody(server, session, &TrickleIcePlaySessionParams{IfMatch: tag}, contentType, body)
	},
	end: NewEndPlaySessionRequest,
}

// idIn returns the session's id from a 201. Its Location has to be the contract's path, on
// whatever prefix; the session is asked for at the server that the client was made for.
func (p protocol) idIn(created reply) (string, error) {
	given := created.header.Get("Location")
	location, err := created.from.Parse(given)
	if err != nil || given == "" {
		return "", fmt.Errorf("%w: it gives no Location, so that the session could not be ended%s", ErrContract, isIt)
	}
	id := path.Base(location.Path)
	contract, err := p.end("/", id)
	if err != nil || !sameOrigin(location, created.from) || !strings.HasSuffix(location.Path, contract.URL.Path) {
		return "", fmt.Errorf("%w: the Location is no session of its own%s", ErrContract, isIt)
	}
	return id, nil
}
