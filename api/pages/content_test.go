package pages_test

import (
	"io/fs"
	"net/http"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The patterns by which pages and modules name each other and the elements of a page.
var (
	linked   = regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`)
	imported = regexp.MustCompile(`from "\./([a-z]+\.js)"`)
	typed    = regexp.MustCompile(`@ts-self-types="\./([a-z.]+)"`)
	wanted   = regexp.MustCompile(`byId\("([a-z-]+)"\)`)
	given    = regexp.MustCompile(`\bid="([^"]+)"`)
)

// sources reads the package's own html and assets, as they will be embedded, by path.
func sources(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, folder := range []string{"html", "assets"} {
		err := fs.WalkDir(os.DirFS("."), folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			found[name] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(found) < 20 {
		t.Fatalf("only %d files found", len(found))
	}
	return found
}

// modules lists the scripts of a page, with all that they import.
func modules(all map[string]string, page string) []string {
	var reached []string
	var add func(name string)
	add = func(name string) {
		if slices.Contains(reached, name) || path.Ext(name) != ".js" {
			return
		}
		reached = append(reached, name)
		for _, match := range imported.FindAllStringSubmatch(all[name], -1) {
			add("assets/" + match[1])
		}
	}
	for _, match := range linked.FindAllStringSubmatch(all[page], -1) {
		add(strings.TrimPrefix(match[1], "/"))
	}
	return reached
}

func TestEveryAssetIsServedAndUsed(t *testing.T) {
	all := sources(t)
	used := map[string]bool{}
	for name, text := range all {
		for _, match := range linked.FindAllStringSubmatch(text, -1) {
			used[strings.TrimPrefix(match[1], "/")] = true
		}
		for _, match := range typed.FindAllStringSubmatch(text, -1) {
			used["assets/"+match[1]] = true
		}
		if path.Ext(name) == ".html" {
			for _, module := range modules(all, name) {
				used[module] = true
			}
		}
	}
	kinds := map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".ts": "text/plain; charset=utf-8"}
	for name := range used {
		answer := do(http.MethodGet, "/"+name)
		if answer.Code != http.StatusOK || answer.Body.String() != all[name] {
			t.Errorf("%s is referred to, and answered with %d", name, answer.Code)
		}
		if got := answer.Header().Get("Content-Type"); got != kinds[path.Ext(name)] {
			t.Errorf("%s is sent as %q", name, got)
		}
		if answer.Header().Get("Content-Security-Policy") == "" || answer.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s is sent without its headers", name)
		}
	}
	for name := range all {
		if strings.HasPrefix(name, "assets/") && !used[name] {
			t.Errorf("%s is embedded, and nothing uses it", name)
		}
	}
}

func TestNoFileNamesAnotherHost(t *testing.T) {
	host := regexp.MustCompile(`(?i)(?:\b(?:https?|wss?|stuns?|turns?):)?//[a-z0-9][^\s"']*|\b(?:stuns?|turns?):[a-z0-9]`)
	for name, text := range sources(t) {
		if path.Ext(name) == ".ts" { // for compilers; no browser asks for it
			continue
		}
		text = strings.ReplaceAll(text, `xmlns="http://www.w3.org/2000/svg"`, "") // a name, never fetched
		for _, found := range host.FindAllString(text, -1) {
			t.Errorf("%s names %s", name, found)
		}
	}
}

func TestPagesHoldNothingThatTheirPolicyStops(t *testing.T) {
	stopped := regexp.MustCompile(`(?i)<script(?:>|[^>]*>[^<])|<style|\sstyle=|\son[a-z]+=|javascript:`)
	markup := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function`)
	for name, text := range sources(t) {
		if path.Ext(name) == ".html" && stopped.MatchString(text) {
			t.Errorf("%s holds %q", name, stopped.FindString(text))
		}
		if markup.MatchString(text) {
			t.Errorf("%s makes markup or code of text: %q", name, markup.FindString(text))
		}
	}
}

func TestModulesFindTheElementsTheyAskFor(t *testing.T) {
	all := sources(t)
	for page, text := range all {
		ids := map[string]bool{}
		for _, match := range given.FindAllStringSubmatch(text, -1) {
			if path.Ext(page) == ".html" && ids[match[1]] {
				t.Errorf("%s has two elements #%s", page, match[1])
			}
			ids[match[1]] = true
		}
		for _, module := range modules(all, page) {
			for _, match := range wanted.FindAllStringSubmatch(all[module], -1) {
				optional := module == "assets/view.js" && match[1] == "again"
				if !ids[match[1]] && !optional {
					t.Errorf("%s asks for #%s, which %s lacks", module, match[1], page)
				}
			}
		}
	}
}

func TestTheElementsThatOthersRelyOnAreThere(t *testing.T) {
	relied := map[string][]string{
		"/publish/demo": {"main", "start", "stop", "codec", "camera", "microphone", "preview", "state", "token-form", "token"},
		"/watch/demo":   {"main", "video", "state", "mute", "fullscreen", "stats", "token-form", "token"},
		"/":             {"room", "token", "obs-server"},
		"/recordings":   {"main", "rows", "detail", "player", "parts", "state", "token-form", "token"},
	}
	for path, ids := range relied {
		page := do(http.MethodGet, path).Body.String()
		for _, id := range ids {
			if !strings.Contains(page, `id="`+id+`"`) {
				t.Errorf("%s lacks #%s", path, id)
			}
		}
	}
}

func TestEveryRefusalHasWords(t *testing.T) {
	words := do(http.MethodGet, "/assets/words.js").Body.String()
	for _, code := range []string{
		"room_name_invalid", "offer_invalid", "token_missing", "token_invalid", "forbidden", "room_unknown",
		"session_unknown", "not_found", "method_not_allowed", "room_busy", "body_too_large",
		"media_type_unsupported", "no_common_codec", "offer_unsupported", "rate_limited", "room_full",
		"server_full", "too_many_rooms", "shutting_down", "unavailable", "internal",
		"recording_unknown", "recording_empty", "recording_live", "recording_state", "recording_pending", "room_idle",
		"spool_full", "cursor_invalid", "request_invalid", "link_invalid", "range_invalid", "file_changed",
	} {
		if !strings.Contains(words, "\n  "+code+`: ["`) {
			t.Errorf("there are no words for %s", code)
		}
	}
	own := regexp.MustCompile(`(?:new Problem\([^"),]*|lose\([^")]*|giveUpAfter\([A-Z]+, )"([a-z_]+)"`)
	for name, text := range sources(t) {
		for _, match := range own.FindAllStringSubmatch(text, -1) {
			if match[1] != "unexpected" && !strings.Contains(words, "\n  "+match[1]+`: ["`) {
				t.Errorf("%s raises %s, which has no words", name, match[1])
			}
		}
	}
}

// The pages know each state, reason and kind that the contract has for recordings.
func TestEveryStateOfARecordingHasWords(t *testing.T) {
	contract, err := os.ReadFile("../recordings_view.go")
	if err != nil {
		t.Fatal(err)
	}
	all := sources(t)
	for field, file := range map[string]string{"State": "assets/recording.js", "Reason": "assets/recording.js", "During": "assets/recordingdetail.js"} {
		match := regexp.MustCompile(field + `\s+string\s+.*enum:"([^"]+)"`).FindSubmatch(contract)
		if match == nil {
			t.Fatalf("the contract has no enum for %s", field)
		}
		for name := range strings.SplitSeq(string(match[1]), ",") {
			if !regexp.MustCompile(`"?\b` + name + `"?:`).MatchString(all[file]) {
				t.Errorf("%s has no words for %s", file, name)
			}
		}
	}
	for state := range strings.SplitSeq("started,finalized,uploading,stored,failed", ",") {
		if !strings.Contains(all["html/recordings.html"], `<option value="`+state+`">`) {
			t.Errorf("nobody can ask for recordings that are %s", state)
		}
	}
}

func TestEveryPageLeadsToTheOthers(t *testing.T) {
	for _, page := range everyPage {
		for _, link := range []string{`href="/"`, `href="/recordings"`, `href="/docs"`} {
			if !strings.Contains(do(http.MethodGet, page.path).Body.String(), link) {
				t.Errorf("%s has no %s", page.path, link)
			}
		}
	}
}

func TestServerAndPagesAgreeOnRoomNames(t *testing.T) {
	pattern := regexp.MustCompile("regexp.MustCompile\\(`([^`]+)`\\)")
	code, err := os.ReadFile("pages.go")
	if err != nil {
		t.Fatal(err)
	}
	match := pattern.FindStringSubmatch(string(code))
	if match == nil || !strings.Contains(sources(t)["assets/room.js"], "const PATTERN = /"+match[1]+"/;") {
		t.Errorf("assets/room.js does not hold the pattern %q", match)
	}
}

func sorted(list []string) []string {
	return slices.Sorted(slices.Values(list))
}
