package statictoken

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// maxFile is more than a file with one token has.
const maxFile = 4096

// bearer is what can stand behind "Authorization: Bearer" (RFC 6750 §2.1).
var bearer = regexp.MustCompile(`\A[A-Za-z0-9._~+/-]+=*\z`)

// Mint returns the token that the file at path holds, and when there is no such
// file makes it first, with a new random token of 32 letters and digits: then
// minted is true. Two that mint at once get the same token, and a crash leaves a
// whole file or none. A missing directory is made for its owner alone.
//
// It refuses a file that holds no token, or that others than its owner may
// access, and says what to do.
func Mint(path string) (token string, minted bool, err error) {
	token, err = load(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return token, false, err
	}
	raw := make([]byte, 16)
	rand.Read(raw) // never fails (crypto/rand)
	token = hex.EncodeToString(raw)
	err = create(path, token+"\n")
	if errors.Is(err, fs.ErrExist) { // another was faster
		token, err = load(path)
		return token, false, err
	}
	if err != nil {
		return "", false, fmt.Errorf("make token file %s: %w. Let the user that runs rostrum write there, or configure a token", path, err)
	}
	return token, true, nil
}

func load(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", unreadable(err)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("token file %s is not a regular file: move it away and start again, a new one is made", path)
	}
	if extra := info.Mode().Perm() &^ 0o600; extra != 0 {
		return "", fmt.Errorf("token file %s has mode %04o, so others may have read it: run \"chmod 600 %s\", or remove it and start again for a new token",
			path, info.Mode().Perm(), path)
	}
	if info.Size() > maxFile {
		return "", noToken(path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", unreadable(err)
	}
	token := strings.TrimRight(string(text), "\r\n")
	if len(token) < minLength || !bearer.MatchString(token) {
		return "", noToken(path)
	}
	return token, nil
}

func unreadable(err error) error {
	return fmt.Errorf("read token file: %w. Let the user that runs rostrum read it, or configure a token", err)
}

func noToken(path string) error {
	return fmt.Errorf("token file %s holds no token (one line of %d or more letters, digits and -._~+/): remove it and start again, a new one is made", path, minLength)
}

// create makes the file at path with the text in it, whole, durable and readable
// by its owner alone, or returns fs.ErrExist when there is one.
func create(path, text string) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	aside, err := os.CreateTemp(dir, filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(aside.Name()) }() // it is linked under its name by then, or of no use
	_, err = aside.WriteString(text)
	if err := errors.Join(err, aside.Sync(), aside.Close()); err != nil {
		return err
	}
	// A link, because a rename would replace the file of whoever was faster.
	if err := os.Link(aside.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
