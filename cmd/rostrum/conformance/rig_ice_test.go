package conformance

import (
	"net"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/stun/v4"
)

// check asks the server whether it consents (RFC 8445 §7.2.4, RFC 7675) and reports
// whether it answered in time. The first check nominates.
func (w *wire) check(limit time.Duration) bool {
	w.mu.Lock()
	own, far := w.own, w.far
	w.mu.Unlock()
	return w.checkAs(own, far, limit)
}

// checkAs is check with credentials of the test's choice.
func (w *wire) checkAs(own, far credentials, limit time.Duration) bool {
	answered := make(chan struct{}, 1)
	defer w.ask(own, far, answered)()
	return within(answered, limit)
}

// consents checks again and again until one of the checks is answered, as clients do,
// and reports whether that happens soon.
func (w *wire) consents() bool {
	w.mu.Lock()
	own, far := w.own, w.far
	w.mu.Unlock()
	answered, deadline := make(chan struct{}, 1), time.After(soon)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		defer w.ask(own, far, answered)()
		select {
		case <-answered:
			return true
		case <-deadline:
			return false
		case <-tick.C:
		}
	}
}

// ask sends a check. Its answer is told to who asks, until the returned function is called.
func (w *wire) ask(own, far credentials, answered chan<- struct{}) (forget func()) {
	request, err := stun.Build(stun.TransactionID, stun.BindingRequest, stun.NewUsername(far.ufrag+":"+own.ufrag),
		ice.AttrControlling(1<<60), ice.UseCandidate(), ice.PriorityAttr(1845501695), stun.NewShortTermIntegrity(far.pwd), stun.Fingerprint)
	if err != nil {
		w.t.Errorf("build a check: %v", err)
		return func() {}
	}
	w.mu.Lock()
	w.waiting[request.TransactionID] = answered
	w.mu.Unlock()
	w.send(request.Raw)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.waiting, request.TransactionID)
	}
}

// receiveSTUN answers the server's checks, and notes its answers to ours.
func (w *wire) receiveSTUN(packet []byte, from *net.UDPAddr) {
	m := &stun.Message{Raw: packet}
	if err := m.Decode(); err != nil {
		w.t.Errorf("a malformed STUN message: %v", err)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch m.Type {
	case stun.BindingSuccess:
		select {
		case w.waiting[m.TransactionID] <- struct{}{}:
		default: // told already, or nobody asks
		}
	case stun.BindingRequest:
		if w.silent || !stunMeant(m, w.own) {
			return
		}
		select {
		case w.asked <- from:
		default:
		}
		answer, err := stun.Build(stun.NewTransactionIDSetter(m.TransactionID), stun.BindingSuccess,
			&stun.XORMappedAddress{IP: from.IP, Port: from.Port}, stun.NewShortTermIntegrity(w.own.pwd), stun.Fingerprint)
		if err == nil {
			_, _ = w.socket.WriteToUDP(answer.Raw, from)
		}
	}
}

// stunMeant reports whether a request was sealed with our password.
func stunMeant(m *stun.Message, own credentials) bool {
	return stun.NewShortTermIntegrity(own.pwd).Check(m) == nil
}

// connectICE checks until the server answers, then keeps consent fresh until the
// wire is closed or falls silent.
func (w *wire) connectICE() bool {
	if !w.consents() {
		return false
	}
	w.begin(w.keepConsent)
	return true
}

func (w *wire) keepConsent() {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-w.done:
			return
		case <-tick.C:
			w.mu.Lock()
			silent := w.silent
			w.mu.Unlock()
			if !silent {
				w.check(400 * time.Millisecond)
			}
		}
	}
}

// fallSilent stops asking and answering; the socket stays open.
func (w *wire) fallSilent() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silent = true
}

// isAsked reports whether a check of the server's comes soon. It is answered.
func (w *wire) isAsked() bool {
	for len(w.asked) > 0 {
		<-w.asked
	}
	return within(w.asked, soon)
}

// speakAgain ends the silence.
func (w *wire) speakAgain() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silent = false
}
