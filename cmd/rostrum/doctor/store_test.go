package doctor

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"rostrum/cmd/rostrum/config"
	"rostrum/ports/porttest/objectserver"
)

// access has the AWS SDK find these keys and look in no other place.
func access(t *testing.T, server *objectserver.Server, secret string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": server.AccessKey, "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": server.Region,
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
	} {
		t.Setenv(name, value)
	}
}

func s3URL(endpoint, bucket string) config.Storage {
	return config.Storage{URL: "s3://" + bucket + "/live?endpoint=" + url.QueryEscape(endpoint)}
}

func TestS3(t *testing.T) {
	server := objectserver.S3(t)
	bucket, fault := server.Bucket(t), objectserver.NewFault(t, server)
	access(t, server, server.SecretKey)
	wants{OK, "written, read back and deleted", ""}.check(t, see(t, store(s3URL(server.URL, bucket)), server.SecretKey))
	wants{Fail, "there is no bucket", "aws s3 cp /etc/hostname s3://gone/live/ --endpoint-url " + server.URL}.check(t, see(t, store(s3URL(server.URL, "gone"))))

	fault.Rewrite(func(r *http.Response) error {
		r.Header.Set("Date", time.Now().Add(-time.Minute).UTC().Format(http.TimeFormat))
		return nil
	})
	wants{Warn, "behind ours", "NTP"}.check(t, see(t, store(s3URL(fault.URL, bucket))))
	fault.Calm()
	fault.Lie(objectserver.LieChecksum)
	wants{Fail, "checksum", "aws s3 cp"}.check(t, see(t, store(s3URL(fault.URL, bucket))))
	fault.Down()
	wants{Fail, "cannot be reached", "aws s3 cp"}.check(t, see(t, store(s3URL(fault.URL, bucket))))

	access(t, server, "s3cr3t-that-is-wrong")
	wants{Fail, "AWS_SECRET_ACCESS_KEY", "aws s3 cp"}.check(t, see(t, store(s3URL(server.URL, bucket)), "s3cr3t"))
	if left := server.Keys(t, bucket); len(left) > 0 {
		t.Errorf("the bucket holds %v", left)
	}
}

func TestGCS(t *testing.T) {
	server := objectserver.GCS(t)
	bucket := server.Bucket(t)
	t.Setenv("STORAGE_EMULATOR_HOST", server.URL)
	wants{OK, "written, read back and deleted", ""}.check(t, see(t, store(config.Storage{URL: "gs://" + bucket + "/live"})))
	if left := server.Keys(t, bucket); len(left) > 0 {
		t.Errorf("the bucket holds %v", left)
	}
	wants{Fail, "gone", "gcloud storage cp /etc/hostname gs://gone/live/"}.check(t, see(t, store(config.Storage{URL: "gs://gone/live"})))
	server.Stop(t)
	wants{Fail, "gs://", "gcloud"}.check(t, see(t, store(config.Storage{URL: "gs://" + bucket})))
}

func TestDisk(t *testing.T) {
	dir := t.TempDir()
	wants{OK, "written, read back and deleted", ""}.check(t, see(t, store(config.Storage{URL: "file:" + dir})))
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the store holds %v (%v)", left, err)
	}
	wants{OK, "does not exist yet", ""}.check(t, see(t, store(config.Storage{URL: "file:" + filepath.Join(dir, "new")})))
	wants{Fail, "/proc cannot be written", "install -d -o rostrum -m 700 /proc/recordings; or name another directory in storage.url"}.check(t, see(t, store(config.Storage{URL: "file:/proc/recordings"})))
	wants{Fail, "/proc", "chown"}.check(t, see(t, store(config.Storage{URL: "file:/proc"})))
}

// What to do goes by why nothing can be written: a disk that is full is no matter of rights.
func TestWhatToDoAboutADisk(t *testing.T) {
	for why, says := range map[error]string{
		syscall.ENOSPC: "Make room", syscall.EDQUOT: "Make room", syscall.EROFS: "for writing", syscall.EACCES: "chown rostrum /srv/spool",
	} {
		wants{Fail, why.Error(), says}.check(t, unwritable("/srv/spool", &fs.PathError{Op: "write", Path: "/srv/spool/x", Err: why}))
	}
}

// A store that takes a request and says nothing is given up on before the check is, so that it is named.
func TestStoreThatSaysNothing(t *testing.T) {
	over := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	defer silent.Close()
	defer close(over)
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "s3cr3t", "AWS_REGION": "any"} {
		t.Setenv(name, value)
	}
	wants{Fail, "s3://bucket/live", "aws s3 cp /etc/hostname s3://bucket/live/ --endpoint-url " + silent.URL}.check(t, see(t, store(s3URL(silent.URL, "bucket")), "s3cr3t"))
}

func TestSpool(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "recording"), make([]byte, 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	if used := sizeOf(dir); used != 4096 {
		t.Errorf("it holds %d bytes, want 4096", used)
	}
	if got := see(t, spool(config.Recording{Dir: dir})); got.Status == Fail {
		t.Errorf("a spool comes to %+v", got)
	}
	wants{OK, "does not exist yet", ""}.check(t, see(t, spool(config.Recording{Dir: filepath.Join(dir, "new")})))
	wants{Fail, "/proc cannot be written", "recording.dir"}.check(t, see(t, spool(config.Recording{Dir: "/proc/spool"})))
	wants{Fail, "no directory", "recording"}.check(t, see(t, spool(config.Recording{Dir: filepath.Join(dir, "recording")})))
	limited := config.Recording{Dir: dir}
	if err := limited.SpoolLimit.UnmarshalText([]byte("20GiB")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		cfg        config.Recording
		free, used uint64
		wants
	}{
		{config.Recording{Dir: dir}, 1 << 40, 0, wants{OK, "1.0 TiB free", ""}},
		{config.Recording{Dir: dir}, 1 << 30, 0, wants{Warn, "1.0 GiB free", "Make room"}},
		{limited, 30 << 30, 1 << 30, wants{OK, "30 GiB free", ""}},
		{limited, 10 << 30, 1 << 30, wants{Warn, "full before recording.spool_limit, 20GiB", "Lower"}},
		{limited, 30 << 30, 20 << 30, wants{Fail, "nothing is recorded", "raise recording.spool_limit"}},
	} {
		c.check(t, examineSpool(c.cfg, c.free, c.used))
	}
}
