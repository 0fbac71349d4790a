package domain

import (
	"fmt"
	"slices"
	"time"
)

const (
	// diagnosisPatience is how long a step may take before a live session is said to lack it.
	diagnosisPatience = 3 * time.Second

	// notableLoss is one packet in so many: where more are lost, people see it. Of fewer
	// packets than enough, one that is lost says nothing.
	notableLoss = 20
	enough      = 5 * notableLoss
)

// endDiagnoses are what the reasons say that are troubles of their own. How the session had
// gone before explains none of them.
var endDiagnoses = map[EndReason]string{
	EndedBySilence:  "Nothing was heard of the client for 30 seconds: its program, its machine or its network was gone. Where this happens often, look at the client's network, and at firewalls and NATs that forget a way that is quiet.",
	EndedByExpiry:   "Its token expired. Give out tokens that live longer than a session, or let the client come again with a new one.",
	EndedByRevoking: "Its token was revoked. If it is to come back, give it another one.",
	EndedByCodec:    "The publisher went on in a codec that this client cannot decode. Publish H264 or VP8, which every browser takes, or use another player.",
	EndedByGrace:    "The publisher was lost and did not come back within rooms.grace. The publisher's own session says why it was lost.",
	EndedByTakeover: "It was gone in all but name, silent or never connected, when its subject published anew and took the room over.",
	EndedByCrash:    "The server stopped without a word: it was killed, or its machine was. What had happened to the session until then is not known. See the log of its node, and of the machine.",
}

// Diagnosis says why the session failed, or what it lacks at that time, in words that an
// operator can act on; "" when all is well. A live session is given some seconds for each
// step.
func (r SessionRecord) Diagnosis(now time.Time) string {
	if words := endDiagnoses[r.Reason]; words != "" {
		return words
	}
	if r.Reason == EndedByFailure {
		return r.refused()
	}
	switch p := r.Report; {
	case r.Live() && p == (SessionReport{}):
		return r.elsewhere()
	case p.ConnectedAfter == 0:
		return r.unconnected(now)
	case p.FirstMediaAfter == 0:
		return r.withoutMedia(now)
	case p.Keyframes == 0 && r.hasPictures() && r.waited(p.FirstMediaAfter, now):
		return r.withoutPicture()
	case r.Live() && p.Bitrate == 0 && r.waited(p.FirstMediaAfter, now):
		return r.stopped()
	default:
		return r.losses()
	}
}

// waited reports whether there was time enough for the next step after one that was taken
// so long after the offer. The server has waited itself for one that it ended unconnected.
func (r SessionRecord) waited(after time.Duration, now time.Time) bool {
	if !r.Live() {
		now = r.Ended
	}
	return now.Sub(r.Started)-after >= diagnosisPatience || r.Reason == EndedUnconnected
}

// elsewhere is for a live session of which nothing is known but that it began: it is at
// another server, or its offer is just being answered.
func (r SessionRecord) elsewhere() string {
	if r.Node == "" {
		return ""
	}
	return "How it goes is known to its server alone, as long as it lives: ask " + r.Node + "."
}

func (r SessionRecord) refused() string {
	if r.Report.Refusal == "" {
		return "The server could not answer its offer. The log of that time says why."
	}
	return "Its offer was refused: " + r.Report.Refusal
}

// unconnected is for a session without DTLS.
func (r SessionRecord) unconnected(now time.Time) string {
	p := r.Report
	paired := p.PairedAfter > 0 || p.Pair != ""
	after := max(p.FirstCandidateAfter, p.PairedAfter)
	switch {
	case !r.waited(after, now) && r.Reason != EndedByClient:
		return ""
	case !r.waited(after, now):
		return "Its client ended it before it could be expected to connect. Where this happens often, look at the client's own log: it may not take the server's answer."
	case paired:
		return "ICE found a way, but DTLS did not finish on it. Either large packets do not pass (look for a tunnel or VPN with a small MTU), or the client's certificate is not the one whose fingerprint its offer names (something changes the SDP on its way), or the client has stopped."
	case p.RemoteCandidates == 0:
		return "The client told no ICE candidate, and none of its checks came. It has to gather candidates before its offer or trickle them by PATCH; and the ports of webrtc.udp_addr and webrtc.tcp_addr have to be open to it."
	case p.MDNSCandidates == p.RemoteCandidates:
		return "The client told only mDNS names (.local), which nobody outside its network resolves, so it has to reach this server by itself, and none of its checks came. Open the ports of webrtc.udp_addr and webrtc.tcp_addr, and see that webrtc.public_ips names the addresses that clients reach. A browser that may use the camera tells its addresses."
	default:
		return "The client told candidates, but no pair of them answered. Open the ports of webrtc.udp_addr and webrtc.tcp_addr on every firewall between, and see that webrtc.public_ips names the addresses that clients reach. Clients that may send to no such port need a TURN server (webrtc.ice_servers)."
	}
}

// withoutMedia is for a session that is connected.
func (r SessionRecord) withoutMedia(now time.Time) string {
	switch {
	case r.Role == RoleSubscriber && r.Live() && r.Report.Fed == "":
		return "It is connected, and nobody publishes in the room what it takes. The picture starts when somebody does."
	case r.Role == RoleSubscriber && !r.Live():
		return "It was connected and sent nothing: nobody published while it was there, or nothing that could be shown. The room's publishers of that time say which."
	case !r.waited(r.Report.ConnectedAfter, now):
		return ""
	case r.Role == RoleSubscriber:
		return "It is connected and somebody publishes, but sends nothing that can be shown: no media, or no key frame. The publisher's session says which."
	default:
		return "It is connected, but no media came. See that the client's encoder has started and its tracks are neither muted nor ended, and that nothing between drops packets as large as media's."
	}
}

// hasPictures reports whether a picture is to be expected: of a publisher what it has
// offered, of a subscriber what it is fed.
func (r SessionRecord) hasPictures() bool {
	if r.Role == RoleSubscriber {
		return r.Report.Fed == Video
	}
	return slices.ContainsFunc(r.Codecs, func(c Codec) bool { return c.Kind() == Video })
}

// withoutPicture is for a session whose media flows.
func (r SessionRecord) withoutPicture() string {
	if r.Role == RoleSubscriber {
		return "It got sound, but no picture: the publisher has sent no key frame since it came. The publisher's session says more."
	}
	return "Media came, but no key frame, so nobody sees a picture. Either no video comes at all, or the encoder does not make a key frame when it is asked to (RTCP PLI): set its key frame interval to 2 seconds."
}

// stopped is for a live session that has had media.
func (r SessionRecord) stopped() string {
	switch {
	case r.Role == RolePublisher:
		return "Media came and has stopped: the client has paused, shows a still screen, or has lost its network. If it is gone, its session ends after 30 seconds of silence."
	case r.Report.Fed == "":
		return "Nobody publishes in the room any more. The picture goes on when somebody does."
	default:
		return "Nothing is sent to it just now, since the publisher sends nothing. The publisher's session says more."
	}
}

// losses is for a session that has had all it needs, but maybe not enough of it.
func (r SessionRecord) losses() string {
	p := r.Report
	all := p.Packets + p.Lost + p.Dropped
	switch {
	case all < enough:
		return ""
	case p.Dropped > all/notableLoss:
		return fmt.Sprintf("This server dropped %d of its packets: it has too much to do, or the client takes them too slowly. Let fewer in by limits.load, or give it more cores.", p.Dropped)
	case p.Lost > all/notableLoss && r.Role == RoleSubscriber:
		return fmt.Sprintf("%d packets to it were lost on their way: its network does not carry what is published. Publish at a lower bitrate, or use a better network.", p.Lost)
	case p.Lost > all/notableLoss:
		return fmt.Sprintf("%d packets of it never came: its network does not carry what it sends. Lower the encoder's bitrate, or use a better network.", p.Lost)
	default:
		return ""
	}
}
