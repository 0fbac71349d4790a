package app_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/app/archive"
	"rostrum/domain"
	"rostrum/ports"
)

// A publication becomes one recording, in the order that the design promises: what is
// begun is kept first.
func TestAPublicationBecomesOneRecording(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		v := s.vault
		v.faults.before("keep started", func() {
			if files := v.spooled(t); len(files) != 1 { // the journal
				t.Errorf("the spool holds %q before the recording is kept", files)
			}
		})
		v.faults.before("put part", func() {
			if state := v.only(t).State; state != domain.RecordingUploading {
				t.Errorf("the row is %s when its first object is put", state)
			}
		})
		v.faults.before("remove", func() {
			if state := v.only(t).State; state != domain.RecordingStored {
				t.Errorf("the row is %s when its files are removed", state)
			}
		})
		publisher := publish(t, s.house, "lobby")
		s.Connected(publisher)
		time.Sleep(time.Minute) // nothing comes yet
		began := time.Now().UTC()
		c := newCamera(publisher)
		c.play(t, s.taps.sink(s.record(t, "lobby").Recording), 2*time.Second)
		s.over(t, publisher)
		synctest.Wait()

		r := v.only(t)
		v.isStored(t, r)
		want := []string{
			"keep started", "finalize", "keep finalized", "keep uploading",
			"put " + r.Parts[0].File, "put " + ports.ManifestFile, "keep stored", "remove",
		}
		if diff := cmp.Diff(want, v.faults.steps()); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		if r.Room != "lobby" || r.Session != publisher || r.Subject != "alice" || !r.Started.Equal(began) || !r.Ended.After(began) {
			t.Errorf("the row is %+v", r)
		}
		if want := "lobby/" + began.Format(time.DateOnly) + "/" + string(r.ID); string(r.Key) != want {
			t.Errorf("its key is %s, want %s", r.Key, want)
		}
		if keys := v.stored(t); len(keys) != 2 {
			t.Errorf("objects %q, want a part and a manifest", keys)
		}
		for _, to := range v.settings.Webhooks {
			if diff := cmp.Diff(map[domain.EventName]int{domain.RecordingCompleted: 1}, v.hook.events(to)); diff != "" {
				t.Errorf("events for %s (-want +got):\n%s", to, diff)
			}
		}
		path := v.object(r.Key.Below(r.Parts[0].File))
		if pictures, sounds := frames(t, path, "v"), frames(t, path, "a"); pictures != c.pictures || sounds != c.sounds {
			t.Errorf("%d pictures and %d packets of sound are in the store, want %d and %d", pictures, sounds, c.pictures, c.sounds)
		}
	})
}

// frames returns how many packets ffprobe reads of a kind.
func frames(t *testing.T, path, kind string) int {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-select_streams", kind, "-count_packets",
		"-show_entries", "stream=nb_read_packets", "-of", "json", path).Output()
	var read struct {
		Streams []struct {
			Packets int `json:"nb_read_packets,string"`
		}
	}
	if err == nil {
		err = json.Unmarshal(out, &read)
	}
	if err != nil || len(read.Streams) != 1 {
		t.Fatalf("ffprobe %s: %v\n%s", path, err, out)
	}
	return read.Streams[0].Packets
}

// What is announced tells what is in the store.
func TestTheAnnouncementTellsTheObjects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		publisher, _ := s.onAir(t, "lobby", time.Second)
		s.over(t, publisher)
		synctest.Wait()
		r, told := s.vault.only(t), s.vault.hook.all()
		if len(told) != 2 {
			t.Fatalf("%d events, want one for each receiver", len(told))
		}
		p := r.Parts[0]
		want := archive.Announcement{Type: domain.RecordingCompleted, Timestamp: r.Stored, Data: archive.AnnouncedRecording{
			Recording: r.ID, Room: "lobby", Session: publisher, State: domain.RecordingStored, Key: r.Key,
			Started: r.Started, Ended: r.Ended, DurationSeconds: p.Duration.Seconds(), Bytes: p.Bytes,
			Parts: []archive.AnnouncedPart{{Key: r.Key.Below(p.File), Bytes: p.Bytes, SHA256: p.SHA256}},
		}}
		if diff := cmp.Diff(want, told[0].body); diff != "" || told[0].id != domain.EventID(r.ID+".completed") {
			t.Errorf("event %s (-want +got):\n%s", told[0].id, diff)
		}
	})
}

func TestKeepLocal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings := local
		settings.KeepLocal = true
		s := newStudio(t, recording, settings)
		publisher, _ := s.onAir(t, "lobby", time.Second)
		s.over(t, publisher)
		synctest.Wait()
		r := s.vault.only(t)
		s.vault.isStored(t, r)
		s.vault.restart()
		synctest.Wait()
		if sum := digest(t, s.vault.spoolDir+"/"+string(r.ID)+"/"+r.Parts[0].File); sum != r.Parts[0].SHA256 {
			t.Errorf("the spool's copy has SHA-256 %s, want %s", sum, r.Parts[0].SHA256)
		}
		s.vault.settings.KeepLocal = false // it is not to be kept any more
		s.vault.restart()
		synctest.Wait()
		s.vault.isStored(t, s.vault.only(t))
		if n := s.vault.faults.count("put"); n != 2 {
			t.Errorf("%d objects were put, want 2: it was stored before", n)
		}
	})
}

// A publication of nothing, and one of nothing that can be shown, leave nothing and
// are no error.
func TestAnEmptyPublicationLeavesNothing(t *testing.T) {
	for name, send := range map[string]func(t *testing.T, c *camera, to ports.MediaSink){
		"nothing was sent": func(*testing.T, *camera, ports.MediaSink) {},
		"half a picture was sent": func(t *testing.T, c *camera, to ports.MediaSink) {
			clip, err := readClip()
			if err != nil {
				t.Fatal(err)
			}
			half := clip[slices.IndexFunc(clip, func(f frame) bool { return f.key })]
			half.payloads = half.payloads[:1]
			c.send(halved{to}, half)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStudio(t, recording, local)
				publisher := publish(t, s.house, "lobby")
				s.Connected(publisher)
				send(t, newCamera(publisher), s.taps.sink(s.record(t, "lobby").Recording))
				time.Sleep(time.Second)
				s.over(t, publisher)
				time.Sleep(time.Hour)
				synctest.Wait()
				s.vault.leftNothing(t)
			})
		})
	}
}

// halved has the last packet of a picture never come.
type halved struct{ ports.MediaSink }

func (h halved) Receive(stream ports.Stream, packets []ports.Packet) {
	packets[len(packets)-1].Marker = false
	h.MediaSink.Receive(stream, packets)
}

// leftNothing checks that there is no trace of a recording, and that nobody was told
// of any trouble.
func (v *vault) leftNothing(t *testing.T) {
	t.Helper()
	if all, files, keys := v.all(t), v.spooled(t), v.stored(t); len(all)+len(files)+len(keys) > 0 {
		t.Errorf("rows %+v, files %q, objects %q, want nothing", all, files, keys)
	}
	if told := v.hook.all(); len(told) > 0 {
		t.Errorf("it was announced: %+v", told)
	}
	if lines := v.log.troubles(); len(lines) > 0 {
		t.Errorf("the log complains:\n%s", strings.Join(lines, "\n"))
	}
}

// troubles returns the lines that are warnings or errors.
func (j *journal) troubles() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var found []string
	for _, line := range j.lines {
		if !strings.Contains(line, `"level":"INFO"`) {
			found = append(found, line)
		}
	}
	return found
}

// about returns the lines with a message.
func (j *journal) about(message string) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var found []string
	for _, line := range j.lines {
		if strings.Contains(line, `"msg":"`+message+`"`) {
			found = append(found, line)
		}
	}
	return found
}
