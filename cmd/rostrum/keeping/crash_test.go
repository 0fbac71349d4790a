package keeping

import (
	"reflect"
	"testing"

	"rostrum/cmd/rostrum/rig"
)

// A server that is killed has said no word of who was there. Its next start says it, of
// its own sessions and of no other.
func TestKilledWithLiveSessions(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		a, b := newStand(t, url, "--cluster.node", "a"), newStand(t, url, "--cluster.node", "b")
		a.start()
		b.start()
		a.provision("hall")
		elsewhere := b.publish(t, "hall", operator)
		publisher := a.publish(t, "hall", operator)
		gone, stays := a.watch(t, "hall", operator), a.watch(t, "hall", operator)
		a.leave(t, gone, operator)
		rig.Eventually(t, "all are kept, and who has left as gone", func() bool {
			all := a.sessions("hall")
			return len(all) == 4 && all[gone.id].Ended != nil
		})
		before := a.sessions("hall")

		a.kill()
		log := a.start().Log
		after := b.sessions("hall")
		if len(after) != 4 {
			t.Errorf("%d sessions are kept, want 4", len(after))
		}
		for _, id := range []string{publisher.id, stays.id} {
			if v := after[id]; v.Ended == nil || v.Reason != "crash" || v.Ended.Before(v.Started) || v.Node != "a" {
				t.Errorf("a session that was cut off is kept as %+v", v)
			}
		}
		if !reflect.DeepEqual(after[gone.id], before[gone.id]) {
			t.Errorf("a session that had ended is now %+v, was %+v", after[gone.id], before[gone.id])
		}
		if v := after[elsewhere.id]; v.Ended != nil || v.Node != "b" {
			t.Errorf("a live session of another server is kept as %+v", v)
		}
		elsewhere.remains(t)
		rig.Eventually(t, "the log tells of the two", func() bool { return log.Count("cut off\" sessions=2") == 1 })
		if !a.room("hall").Provisioned {
			t.Error("the room is lost")
		}
	})
}
