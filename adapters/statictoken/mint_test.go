package statictoken_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"rostrum/adapters/statictoken"
)

func TestMintMakesATokenOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "token")
	first, minted, err := statictoken.Mint(path)
	if err != nil || !minted {
		t.Fatalf("the first Mint: minted %v, %v", minted, err)
	}
	if !regexp.MustCompile(`^[a-z0-9]{32}$`).MatchString(first) {
		t.Errorf("token %q is not 32 letters and digits", first)
	}
	again, minted, err := statictoken.Mint(path)
	if err != nil || minted || again != first {
		t.Errorf("the second Mint: same token %v, minted %v, %v; want the first one's", again == first, minted, err)
	}
	other, _, err := statictoken.Mint(filepath.Join(t.TempDir(), "token"))
	if err != nil || other == first {
		t.Errorf("another file has the same token (%v)", err)
	}
	hasMode(t, path, 0o600)
	hasMode(t, filepath.Dir(path), 0o700)
	onlyFile(t, path)
}

func TestMintAtOnceAgrees(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	const starts = 16
	var wg sync.WaitGroup
	tokens, minted, errs := [starts]string{}, [starts]bool{}, [starts]error{}
	for i := range starts {
		wg.Go(func() { tokens[i], minted[i], errs[i] = statictoken.Mint(path) })
	}
	wg.Wait()
	makers := 0
	for i := range starts {
		if errs[i] != nil || tokens[i] == "" || tokens[i] != tokens[0] {
			t.Errorf("start %d has another token than start 0 (%v)", i, errs[i])
		}
		if minted[i] {
			makers++
		}
	}
	if makers != 1 {
		t.Errorf("%d of %d starts say that they made the token", makers, starts)
	}
	onlyFile(t, path)
}

func TestMintReadsWhatPeopleWrite(t *testing.T) {
	for name, text := range map[string]string{
		"no line end": "my-own.token~1", "a line end": "my-own.token~1\n", "of Windows": "my-own.token~1\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, text, 0o400)
			token, minted, err := statictoken.Mint(path)
			if err != nil || minted || token != "my-own.token~1" {
				t.Errorf("Mint: %q, minted %v, %v", token, minted, err)
			}
		})
	}
}

func TestMintRefusesFiles(t *testing.T) {
	const secret = "s3cret-s3cret-s3cret"
	for fault, c := range map[string]struct {
		text   string
		mode   os.FileMode
		advice string
	}{
		"empty":            {"", 0o600, "holds no token"},
		"only a line end":  {"\n", 0o600, "holds no token"},
		"short":            {"1234567\n", 0o600, "holds no token"},
		"two lines":        {secret + "\n" + secret + "\n", 0o600, "holds no token"},
		"binary":           {secret + "\x00\xff", 0o600, "holds no token"},
		"huge":             {strings.Repeat(secret, 1000), 0o600, "holds no token"},
		"group may read":   {secret, 0o640, "chmod 600"},
		"others may read":  {secret, 0o604, "chmod 600"},
		"others may write": {secret, 0o602, "chmod 600"},
	} {
		t.Run(fault, func(t *testing.T) {
			path := write(t, c.text, c.mode)
			token, minted, err := statictoken.Mint(path)
			if token != "" || minted {
				t.Errorf("refused with token %q, minted %v", token, minted)
			}
			says(t, err, path, c.advice)
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the token stands in %q", err)
			}
			if left, _ := os.ReadFile(path); string(left) != c.text {
				t.Error("the refused file was changed")
			}
		})
	}
}

func TestMintRefusesPlaces(t *testing.T) {
	file, dir := write(t, "a regular file", 0o600), t.TempDir()
	for fault, c := range map[string]struct{ path, advice string }{
		"below a file":           {filepath.Join(file, "token"), "not a directory"},
		"a directory":            {dir, "not a regular file"},
		"a device":               {"/dev/full", "not a regular file"},
		"a directory unwritable": {"/proc/token", "Let the user that runs rostrum write there"},
	} {
		t.Run(fault, func(t *testing.T) {
			_, minted, err := statictoken.Mint(c.path)
			if minted {
				t.Error("minted")
			}
			says(t, err, c.path, c.advice)
		})
	}
}

func write(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func says(t *testing.T, err error, path, advice string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), advice) {
		t.Errorf("error %q, want it to name %s and to say %q", err, path, advice)
	}
}

func hasMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("%s has mode %04o, want %04o", path, got, want)
	}
}

func onlyFile(t *testing.T, path string) {
	t.Helper()
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("beside the token file there are others: %v (%v)", files, err)
	}
}
