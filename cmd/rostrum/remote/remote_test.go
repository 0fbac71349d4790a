package remote

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"rostrum/api/client"
	"rostrum/cmd/rostrum/usage"
)

func TestTokenIsFoundWhereItIsMeantToBe(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("ROSTRUM_TOKEN", "")
	if err := os.MkdirAll("data", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("data", "token"), []byte("minted\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	find := func(said, server string) string {
		t.Helper()
		token, err := (&Flags{Token: said}).findToken(server)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	const local, other = "http://localhost:8080", "https://live.example.com"
	if got := find("", local); got != "minted" {
		t.Errorf("local: %q", got)
	}
	if got := find("", other); got != "" {
		t.Errorf("the local server's token %q would go to %s", got, other)
	}
	t.Setenv("ROSTRUM_TOKEN", "environment")
	if got := find("", other); got != "environment" {
		t.Errorf("environment: %q", got)
	}
	if got := find("flag", local); got != "flag" {
		t.Errorf("flag: %q", got)
	}
}

func TestWrongAddressesAreRefusedWithoutRepeatingSecrets(t *testing.T) {
	for _, server := range []string{
		"http://user:hunter2@host", "http://host?token=hunter2", "http://host?access_token=hunter2", "http://host#hunter2",
		"hunter2@host?token=hunter2", "127.0.0.1:8080", "ftp://host", "http://", "",
	} {
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		var f Flags
		f.Add(set)
		if err := set.Parse([]string{"--server", server}); err != nil {
			t.Fatal(err)
		}
		_, err := f.Client()
		var wrong *usage.Error
		if !errors.As(err, &wrong) || !errors.Is(err, client.ErrServer) || !strings.Contains(err.Error(), "ROSTRUM_TOKEN") ||
			strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", server, err)
		}
	}
	f := Flags{Server: "http://host", Token: "hunter2\n"}
	if _, err := f.Client(); err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "line break") {
		t.Errorf("a token with a line break: %v", err)
	}
}

func TestCheckRoom(t *testing.T) {
	for _, room := range []string{"", "no spaces", "a/b", strings.Repeat("x", 65)} {
		var wrong *usage.Error
		if err := CheckRoom(room); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "not a room name") {
			t.Errorf("%q: %v", room, err)
		}
	}
	if err := CheckRoom("main_Hall-2"); err != nil {
		t.Error(err)
	}
}

func TestExplainSaysWhatToDo(t *testing.T) {
	own := Advice{"room_busy": "use another room"}
	for _, c := range []struct {
		status int
		code   string
		says   string
	}{
		{400, "room_name_invalid", "1 to 64"},
		{400, "offer_invalid", "report it"},
		{401, "token_missing", "ROSTRUM_TOKEN"},
		{401, "token_invalid", "data/token"},
		{401, "", "ROSTRUM_TOKEN"},
		{403, "forbidden", "grant"},
		{404, "not_found", "--server"},
		{404, "", "--server"},
		{405, "method_not_allowed", "--server"},
		{409, "room_busy", "another room"},
		{413, "body_too_large", "report it"},
		{415, "media_type_unsupported", "report it"},
		{422, "offer_unsupported", "report it"},
		{429, "rate_limited", "wait"},
		{502, "", "is it running"},
		{503, "too_many_rooms", "limits.max_rooms"},
		{503, "shutting_down", "back"},
		{503, "unavailable", "/readyz"},
		{500, "internal", "log"},
		{418, "", "log"},
	} {
		refused := &client.Problem{Status: c.status, Code: c.code, Detail: "The detail."}
		err := own.Explain(fmt.Errorf("now: %w", refused))
		if !errors.Is(err, refused) || !strings.Contains(err.Error(), "The detail: ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%d %s: %q doesn't say %q", c.status, c.code, err, c.says)
		}
	}
	if err := own.Explain(client.ErrUnreachable); !errors.Is(err, client.ErrUnreachable) || !strings.Contains(err.Error(), "start it") {
		t.Error(err)
	}
	if err := own.Explain(nil); err != nil {
		t.Error(err)
	}
}
