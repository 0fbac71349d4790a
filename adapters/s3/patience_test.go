package s3

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestSlowConnectionIsNotCut has one that takes far longer than silence may last, but
// gets on, while the answer is waited for.
func TestSlowConnectionIsNotCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		conn := &watched{Conn: near, silence: time.Minute}
		answer := make(chan error)
		go func() {
			_, err := io.ReadFull(conn, make([]byte, 2))
			answer <- err
		}()
		go func() {
			for range 10 {
				time.Sleep(50 * time.Second)
				_, _ = io.ReadFull(far, make([]byte, 10))
			}
			for range 2 {
				time.Sleep(50 * time.Second)
				_, _ = far.Write([]byte{0})
			}
		}()
		if n, err := conn.Write(make([]byte, 10)); err != nil {
			t.Errorf("wrote %d: %v", n, err)
		}
		for range 9 {
			if n, err := conn.Write(make([]byte, 10)); err != nil {
				t.Errorf("wrote %d: %v", n, err)
			}
		}
		if err := <-answer; err != nil {
			t.Errorf("the answer: %v", err)
		}
		_ = near.Close()
	})
}

func TestSilentConnectionIsCut(t *testing.T) {
	for name, do := range map[string]func(conn net.Conn) error{
		"that takes nothing": func(conn net.Conn) error { _, err := conn.Write(make([]byte, 10)); return err },
		"that says nothing":  func(conn net.Conn) error { _, err := conn.Read(make([]byte, 10)); return err },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, far := net.Pipe()
				defer far.Close()
				begun := time.Now()
				if err := do(&watched{Conn: near, silence: time.Minute}); !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("%v, want that the deadline is exceeded", err)
				}
				if took := time.Since(begun); took != time.Minute {
					t.Errorf("it was cut after %v, want a minute", took)
				}
			})
		})
	}
}

func TestPartLength(t *testing.T) {
	for size, want := range map[int64]int64{
		partSize + 1: partSize, mostParts * partSize: partSize, mostParts*partSize + 1: partSize + 1, 5 << 40: 610839794,
	} {
		if got := partLength(size); got != want {
			t.Errorf("parts of %d bytes have %d, want %d", size, got, want)
		}
	}
}
