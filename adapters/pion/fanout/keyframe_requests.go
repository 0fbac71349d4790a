package fanout

import "time"

// keyframeInterval is the least time between two requests to a publisher: about
// two a second, however many subscribers ask.
const keyframeInterval = 500 * time.Millisecond

// KeyframeRequests passes requests for a key frame on to a publisher, never more
// often than the interval. A request that comes too soon waits and is passed on
// at its end, so that a lone one is never lost; any number that wait together are
// passed on as one.
type KeyframeRequests struct {
	pending chan struct{}
	request func()
	needed  func() bool
}

// NewKeyframeRequests returns a limiter that calls request, and after each
// interval asks needed whether the key frame is still being waited for: requests
// can get lost. Both are called on the goroutine of Run.
func NewKeyframeRequests(request func(), needed func() bool) *KeyframeRequests {
	return &KeyframeRequests{pending: make(chan struct{}, 1), request: request, needed: needed}
}

// Ask asks for a key frame. It does not block.
func (k *KeyframeRequests) Ask() {
	select {
	case k.pending <- struct{}{}:
	default: // one waits already
	}
}

// Met takes note that a key frame has left: whoever has asked up to now gets it, and
// what waits to be passed on is not needed any more.
func (k *KeyframeRequests) Met() {
	select {
	case <-k.pending:
	default:
	}
}

// Run passes requests on until done is closed.
func (k *KeyframeRequests) Run(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-k.pending:
		}
		k.request()
		select {
		case <-done:
			return
		case <-time.After(keyframeInterval):
		}
		if k.needed() {
			k.Ask()
		}
	}
}
