package keeping

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/webrtcpeer"
)

// A provisioned room and its tokens outlive the server, and a token holds until it is
// revoked: then who came by it is out.
func TestProvisionedRoom(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := newStand(t, url)
		s.start()
		s.do(http.MethodPost, "/api/rooms", map[string]any{
			"name": "hall", "display_name": "The large hall", "labels": map[string]string{"team": "news"}, "max_subscribers": 7, "record": false, "grace_seconds": 1.5,
		}, http.StatusCreated, nil)
		encoder, player := s.mint("hall", "publish"), s.mint("hall", "play")
		before := s.do(http.MethodGet, "/api/rooms/hall", nil, http.StatusOK, nil).body
		s.stop()
		s.start()
		if after := s.do(http.MethodGet, "/api/rooms/hall", nil, http.StatusOK, nil).body; after != before {
			t.Errorf("the room is now\n%s, was\n%s", after, before)
		}

		publisher := s.publish(t, "hall", encoder.Token)
		viewer := s.watch(t, "hall", player.Token)
		s.refused(t, whip+"hall", player.Token, http.StatusForbidden, "forbidden")
		s.refused(t, whip+"other", encoder.Token, http.StatusForbidden, "forbidden")
		s.refused(t, whip+"hall", encoder.Token+"x", http.StatusUnauthorized, "token_invalid")
		s.do(http.MethodDelete, "/api/rooms/hall/tokens/"+player.ID, nil, http.StatusNoContent, nil)
		viewer.WaitClosed()
		publisher.remains(t)
		s.do(http.MethodDelete, "/api/rooms/hall/tokens/"+encoder.ID, nil, http.StatusNoContent, nil)
		publisher.WaitClosed()
		s.refused(t, whip+"hall", encoder.Token, http.StatusUnauthorized, "token_invalid")
		s.ended(t, "hall", map[string]string{publisher.id: "token_revoked", viewer.id: "token_revoked"})
		for id, by := range map[string]roomToken{publisher.id: encoder, viewer.id: player} {
			if subject := s.sessions("hall")[id].Subject; subject != by.Subject {
				t.Errorf("the session is %q's, want %q's", subject, by.Subject)
			}
		}
	})
}

// ended waits until sessions of a room are kept as ended, for these reasons.
func (s *stand) ended(t *testing.T, room string, reasons map[string]string) {
	t.Helper()
	rig.Eventually(t, "the sessions are kept as ended", func() bool {
		all := s.sessions(room)
		for id := range reasons {
			if all[id].Ended == nil {
				return false
			}
		}
		return true
	})
	got := map[string]string{}
	for id := range reasons {
		got[id] = s.sessions(room)[id].Reason
	}
	if !reflect.DeepEqual(got, reasons) {
		t.Errorf("the sessions ended as %v, want %v", got, reasons)
	}
}

// While a token is rotated both are valid; then the old one is not, nor who came by it.
func TestRotation(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := newStand(t, url)
		s.start()
		s.provision("hall")
		s.publish(t, "hall", operator)
		old := s.mint("hall", "play")
		before := s.watch(t, "hall", old.Token)
		var young roomToken
		s.do(http.MethodPost, "/api/rooms/hall/tokens/"+old.ID+"/rotation", map[string]any{"overlap_seconds": 10}, http.StatusCreated, &young)
		meanwhile, after := s.join(t, webrtcpeer.Subscriber(t, func(*webrtc.TrackRemote) {}), whep+"hall", old.Token), s.watch(t, "hall", young.Token)
		rig.Eventually(t, "the old token is invalid", func() bool {
			return s.request(old.Token, http.MethodGet, "/api/rooms/hall", "").status == http.StatusUnauthorized
		})
		before.WaitClosed()
		s.ended(t, "hall", map[string]string{before.id: "token_expired", meanwhile.id: "token_expired"})
		after.remains(t)
		if young.Subject != old.Subject {
			t.Errorf("the new token is %q's, the old one was %q's", young.Subject, old.Subject)
		}
		s.do(http.MethodPost, "/api/rooms/hall/tokens/"+young.ID+"/rotation", map[string]any{"overlap_seconds": 0}, http.StatusCreated, nil)
		after.WaitClosed()
		s.refused(t, whep+"hall", young.Token, http.StatusUnauthorized, "token_invalid")
	})
}

func TestDeletedRoom(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := newStand(t, url)
		s.start()
		s.provision("hall")
		encoder := s.mint("hall", "publish")
		publisher, viewer := s.publish(t, "hall", encoder.Token), s.watch(t, "hall", operator)
		s.do(http.MethodDelete, "/api/rooms/hall", nil, http.StatusNoContent, nil)
		publisher.WaitClosed()
		viewer.WaitClosed()
		s.do(http.MethodGet, "/api/rooms/hall", nil, http.StatusNotFound, nil)
		s.refused(t, whip+"hall", encoder.Token, http.StatusUnauthorized, "token_invalid")
		s.ended(t, "hall", map[string]string{publisher.id: "room_deleted", viewer.id: "room_deleted"})
		s.provision("hall")
		s.refused(t, whip+"hall", encoder.Token, http.StatusUnauthorized, "token_invalid")
	})
}

func TestRoomsThatAreNotMadeByPublishing(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := newStand(t, url, "--rooms.auto_create=false")
		s.start()
		s.refused(t, whip+"hall", operator, http.StatusNotFound, "room_unknown")
		s.provision("hall")
		s.publish(t, "hall", operator)
		s.watch(t, "hall", operator)
		s.refused(t, whip+"Hall", operator, http.StatusNotFound, "room_unknown")
	})
}
