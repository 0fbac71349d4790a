package api

import (
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
	"rostrum/ports"
)

// Sessions are counted while they are there, and where they have ended.
func TestMetricsOfSessions(t *testing.T) {
	e := newEdge(t, func(o *Options) { o.Version = "1.2.3" })
	before := ours(scraped(t, e))
	if n := before["rostrum_build_info "+runtime.Version()+" 1.2.3"]; n != 1 {
		t.Errorf("rostrum_build_info of this program is %v", n)
	}
	publisher := e.begin(t, "/api/whip/publish/hall")
	e.begin(t, "/api/whep/play/hall")
	e.begin(t, "/api/whep/play/hall")
	wantChange(t, before, ours(scraped(t, e)), map[string]float64{
		"rostrum_rooms": 1, "rostrum_sessions publisher": 1, "rostrum_sessions subscriber": 2,
	})
	wantStatus(t, e.do(http.MethodDelete, publisher, "", bearerOf(carol)), http.StatusOK)
	ended := map[string]float64{"rostrum_sessions_ended_total operator publisher": 1, "rostrum_sessions_ended_total publisher_left subscriber": 2}
	var after map[string]float64
	eventually(t, "the room is gone, and everybody has ended", func() bool {
		after = ours(scraped(t, e))
		return after["rostrum_rooms"] == 0 && after["rostrum_sessions_ended_total publisher_left subscriber"] >= 2
	})
	wantChange(t, before, after, ended)
}

// wantChange checks which of our values have changed, and by how much. How much waits for
// the database changes all the time.
func wantChange(t *testing.T, before, after, want map[string]float64) {
	t.Helper()
	changed := map[string]float64{}
	for key, value := range after {
		if value != before[key] && key != "rostrum_database_backlog" {
			changed[key] = value - before[key]
		}
	}
	if d := cmp.Diff(want, changed); d != "" {
		t.Error(d)
	}
}

// Each number of the media port is told by a metric of its own.
func TestMetricsOfMedia(t *testing.T) {
	e := newEdge(t)
	before := ours(scraped(t, e))
	s := &e.media.stats
	s.Publishers = ports.PeerStats{Packets: 1, Bytes: 2, Lost: 3, NACKs: 4, KeyframeRequests: 5}
	s.Subscribers = ports.PeerStats{Packets: 6, Bytes: 7, Lost: 8, NACKs: 9, KeyframeRequests: 10}
	s.Resends = ports.ResendStats{Sent: 11, Refused: 12}
	s.Egress = ports.EgressStats{Bursts: 13, Packets: 14, Messages: 15, Calls: 16, Unsegmented: 17}
	s.Load = 0.5
	s.Drops = map[ports.DropReason]uint64{}
	want := map[string]float64{
		"rostrum_media_received_packets_total": 1, "rostrum_media_received_bytes_total": 2, "rostrum_media_receive_lost_packets_total": 3,
		"rostrum_media_nacks_sent_total": 4, "rostrum_media_keyframe_requests_sent_total": 5,
		"rostrum_media_sent_packets_total": 6, "rostrum_media_sent_bytes_total": 7, "rostrum_media_send_lost_packets_total": 8,
		"rostrum_media_nacks_received_total": 9, "rostrum_media_keyframe_requests_received_total": 10,
		"rostrum_media_resent_packets_total": 11, "rostrum_media_resends_refused_total": 12,
		"rostrum_egress_bursts_total": 13, "rostrum_egress_packets_total": 14, "rostrum_egress_messages_total": 15,
		"rostrum_egress_calls_total": 16, "rostrum_egress_segmentation_refused_total": 17, "rostrum_egress_load_ratio": 0.5,
	}
	for i, reason := range ports.DropReasons() {
		s.Drops[reason] = uint64(100 + i)
		want["rostrum_media_dropped_packets_total "+string(reason)] = float64(100 + i)
	}
	wantChange(t, before, ours(scraped(t, e)), want)
}

// Times are sorted into buckets, each of which holds what took no longer.
func TestMetricsOfTimes(t *testing.T) {
	e := newEdge(t)
	for _, took := range []time.Duration{3 * time.Millisecond, 20 * time.Millisecond, 20 * time.Millisecond, 2 * time.Minute} {
		e.media.stats.Subscribers.Connected.Add(took)
	}
	e.media.stats.Publishers.FirstMedia.Add(time.Minute)
	families := scraped(t, e)
	connect := families["rostrum_session_connect_seconds"].GetMetric()[1].GetHistogram() // of subscribers
	if n := connect.GetSampleCount(); n != 4 || connect.GetSampleSum() != 120.043 {
		t.Errorf("%d sessions took %v s together", n, connect.GetSampleSum())
	}
	for _, b := range connect.GetBucket() {
		want := map[float64]uint64{0.005: 1, 0.01: 1}[b.GetUpperBound()]
		if b.GetUpperBound() > 0.02 {
			want = 3
		}
		if b.GetUpperBound() > 60 {
			want = 4
		}
		if b.GetCumulativeCount() != want {
			t.Errorf("%d sessions took no longer than %v s, want %d", b.GetCumulativeCount(), b.GetUpperBound(), want)
		}
	}
	media := families["rostrum_session_first_media_seconds"].GetMetric()[0].GetHistogram() // of publishers
	if b := media.GetBucket()[len(ports.DurationBounds())-1]; b.GetUpperBound() != 60 || b.GetCumulativeCount() != 1 {
		t.Errorf("of one that took a minute there are %d up to %v s", b.GetCumulativeCount(), b.GetUpperBound())
	}
}

// There are as many series with many rooms, sessions, refusals and ends as with none, and
// labels have the values that they can have, and no others.
func TestMetricsAreBounded(t *testing.T) {
	e := newEdge(t)
	before := scraped(t, e)
	for i := range 50 {
		session := e.begin(t, fmt.Sprintf("/api/whip/publish/room-%d", i))
		e.begin(t, fmt.Sprintf("/api/whep/play/room-%d", i))
		e.do(http.MethodPost, fmt.Sprintf("/api/whep/play/room-%d", i), "", "Authorization: Bearer wrong")
		e.do(http.MethodGet, fmt.Sprintf("/nowhere/%d", i), "")
		if i%2 == 0 {
			wantStatus(t, e.do(http.MethodDelete, session, "", bearerOf(alice)), http.StatusOK)
		}
	}
	after := scraped(t, e)
	keys := func(values map[string]float64) []string { return slices.Sorted(maps.Keys(values)) }
	if d := cmp.Diff(keys(ours(before)), keys(ours(after))); d != "" {
		t.Error(d)
	}
	known := map[string][]string{
		"role": {"publisher", "subscriber"}, "action": {"publish", "play", "other"}, "version": {""}, "goversion": {runtime.Version()},
		"kind": {"http", "internal"},
	}
	for _, state := range domain.RecordingStates() {
		known["state"] = append(known["state"], string(state))
	}
	for kind := range statuses {
		known["kind"] = append(known["kind"], strings.ReplaceAll(string(kind), " ", "_"))
	}
	for _, reason := range domain.EndReasons() {
		known["reason"] = append(known["reason"], string(reason))
	}
	for _, reason := range ports.DropReasons() {
		known["reason"] = append(known["reason"], string(reason))
	}
	for name, family := range after {
		for _, m := range family.GetMetric() {
			for _, label := range m.GetLabel() {
				if strings.HasPrefix(name, "rostrum_") && !slices.Contains(known[label.GetName()], label.GetValue()) {
					t.Errorf("%s has the label %s", name, label)
				}
			}
		}
	}
}
