package doctor

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"rostrum/adapters/disk"
	"rostrum/adapters/gcs"
	"rostrum/adapters/s3"
	"rostrum/cmd/rostrum/config"
	"rostrum/domain"
	"rostrum/ports"
)

// How long a request to a store is tried again, and how long it may take altogether that an
// object goes there and back.
const (
	storePatience    = 2 * time.Second
	exchangePatience = 8 * time.Second
)

// sampleSize is what is written, of random bytes.
const sampleSize = 64 << 10

// bucket is an open store.
type bucket struct {
	ports.Objects
	origin string // that tells its time; "": it has no clock of its own
	close  func() error
}

// store writes an object, reads it back and deletes it.
func store(cfg config.Storage) func(context.Context) Result {
	return func(ctx context.Context) Result {
		if name, directory := cfg.Store(); name == config.StoreFile {
			if _, err := os.Stat(directory); errors.Is(err, fs.ErrNotExist) {
				return missing("storage.url", directory)
			}
		}
		objects, err := openStore(ctx, cfg)
		if err != nil {
			return fail(err.Error(), "Correct storage.url, or what the text names.")
		}
		defer func() { _ = objects.close() }() // its connections go with the process
		began := time.Now()
		if err := exchange(ctx, objects); err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				err = fmt.Errorf("%s: no answer within %v: %w", cfg.URL, exchangePatience, err)
			}
			return fail(err.Error(), "Recordings wait in the spool until it works. "+byHand(cfg, err))
		}
		return clockOf(ctx, objects, fmt.Sprintf("%s: an object was written, read back and deleted in %v", cfg.URL, time.Since(began).Round(time.Millisecond)))
	}
}

// byHand is how to try the store without rostrum, after it has failed.
func byHand(cfg config.Storage, why error) string {
	at, parameters, _ := strings.Cut(cfg.URL, "?")
	switch name, directory := cfg.Store(); name {
	case config.StoreGCS:
		return "Try it by hand: gcloud storage cp /etc/hostname " + at + "/"
	case config.StoreS3:
		command := "Try it by hand: aws s3 cp /etc/hostname " + at + "/"
		if values, err := url.ParseQuery(parameters); err == nil && values.Has("endpoint") {
			command += " --endpoint-url " + values.Get("endpoint")
		}
		return command
	default:
		return letWrite(directory, why)
	}
}

func openStore(ctx context.Context, cfg config.Storage) (bucket, error) {
	switch name, directory := cfg.Store(); name {
	case config.StoreGCS:
		objects, err := gcs.Open(ctx, gcs.Config{URL: cfg.URL, Patience: storePatience})
		if err != nil {
			return bucket{}, err
		}
		return bucket{objects, cmp.Or(first(objects.Origins()), "https://storage.googleapis.com"), objects.Close}, nil
	case config.StoreS3:
		objects, err := s3.Open(ctx, s3.Config{URL: cfg.URL, Patience: storePatience})
		if err != nil {
			return bucket{}, err
		}
		return bucket{objects, first(objects.Origins()), objects.Close}, nil
	default: // the configuration has no other
		objects, err := disk.Open(directory)
		return bucket{objects, "", func() error { return nil }}, err
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// exchange leaves nothing behind, also where it fails on the way.
func exchange(ctx context.Context, objects ports.Objects) (err error) {
	ctx, cancel := context.WithTimeout(ctx, exchangePatience)
	defer cancel()
	sample := make([]byte, sampleSize)
	_, _ = rand.Read(sample) // never fails
	key := domain.ObjectKey("rostrum-doctor-" + rand.Text())
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
		defer cancel()
		if left := objects.Delete(ending, key); err == nil {
			err = left
		}
	}()
	if err := objects.Put(ctx, key, content(sample), func(int64) {}); err != nil {
		return err
	}
	if size, err := objects.Stat(ctx, key); err != nil || size != sampleSize {
		return cmp.Or(err, fmt.Errorf("the object has %d bytes in the store, and %d were written", size, sampleSize))
	}
	reader, err := objects.Open(ctx, key, 0, -1)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // what was read counts
	got, err := io.ReadAll(io.LimitReader(reader, 2*sampleSize))
	if err == nil && !bytes.Equal(got, sample) {
		err = errors.New("the object that was read is not the one that was written")
	}
	return err
}

func content(sample []byte) ports.Content {
	sum := sha256.Sum256(sample)
	return ports.Content{
		Type: "application/octet-stream", Size: int64(len(sample)),
		SHA256: hex.EncodeToString(sum[:]), CRC32C: crc32.Checksum(sample, crc32.MakeTable(crc32.Castagnoli)),
		Open: func() (ports.SpoolFile, error) { return opened{bytes.NewReader(sample)}, nil },
	}
}

// opened is bytes as an open file.
type opened struct{ *bytes.Reader }

func (opened) Close() error { return nil }

// clockOf adds to what was seen how far the store's clock is from ours. Requests are signed
// with the time: stores refuse those that are minutes off.
func clockOf(ctx context.Context, objects bucket, seen string) Result {
	if objects.origin == "" {
		return ok("%s", seen)
	}
	ahead, err := httpClock(ctx, objects.origin)
	if err != nil {
		return ok("%s; it does not tell its time", seen)
	}
	seen = fmt.Sprintf("%s; its clock is %s", seen, apart(ahead, time.Second))
	if ahead.Abs() > clocksApart {
		return warn(seen, setClocks)
	}
	return ok("%s", seen)
}

// httpClock returns how far the clock of a server is ahead of ours, to the second.
func httpClock(ctx context.Context, origin string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, origin+"/", nil)
	if err != nil {
		return 0, err
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	if err := response.Body.Close(); err != nil {
		return 0, err
	}
	now, err := http.ParseTime(response.Header.Get("Date"))
	return now.Sub(time.Now().Truncate(time.Second)), err
}
