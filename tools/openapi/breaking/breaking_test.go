package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

const contract = "../../../api/openapi.yaml"

// changed returns the contract as it is, and as change makes it.
func changed(t *testing.T, change func(now *openapi3.T)) (before, now *openapi3.T) {
	t.Helper()
	before, err := read(contract)
	if err != nil {
		t.Fatal(err)
	}
	if now, err = read(contract); err != nil {
		t.Fatal(err)
	}
	change(now)
	return before, now
}

func operation(now *openapi3.T, path, method string) *openapi3.Operation {
	return now.Paths.Value(path).GetOperation(method)
}

func schema(now *openapi3.T, name string) *openapi3.Schema { return now.Components.Schemas[name].Value }

// parameter returns a parameter of an operation.
func parameter(op *openapi3.Operation, name string) *openapi3.Parameter {
	for _, p := range op.Parameters {
		if p.Value.Name == name {
			return p.Value
		}
	}
	panic("no parameter " + name)
}

// breaking are changes that break a client, and what they are called by.
var breaking = map[string]struct {
	change func(now *openapi3.T)
	key    string
}{
	"an operation is removed": {func(now *openapi3.T) { now.Paths.Value("/api/audit").Get = nil },
		"exportAudit api-removed-without-deprecation"},
	"an operation has another id": {func(now *openapi3.T) { operation(now, "/api/rooms", "GET").OperationID = "getRooms" },
		"listRooms api-operation-id-removed"},
	"a parameter must be given": {func(now *openapi3.T) {
		op := operation(now, "/api/rooms", "GET")
		op.AddParameter(openapi3.NewQueryParameter("tenant").WithRequired(true).WithSchema(openapi3.NewStringSchema()))
	}, "listRooms new-required-request-parameter"},
	"an answer has lost a member": {func(now *openapi3.T) { delete(schema(now, "Room").Properties, "display_name") },
		"getRoom response-optional-property-removed"},
	"an answer has lost a member that was always there": {func(now *openapi3.T) {
		room := schema(now, "Room")
		delete(room.Properties, "provisioned")
		room.Required = []string{"name"}
	}, "getRoom response-required-property-removed"},
	"fewer values are taken": {func(now *openapi3.T) {
		role := parameter(operation(now, "/api/sessions", "GET"), "role").Schema.Value
		role.Enum = role.Enum[:1]
	}, "listSessions request-parameter-enum-value-removed"},
	"fewer values are answered": {func(now *openapi3.T) {
		state := schema(now, "Recording").Properties["state"].Value
		state.Enum = state.Enum[:4]
	}, "listRecordings response-property-enum-value-removed"},
	"an answer has lost a header": {func(now *openapi3.T) {
		delete(operation(now, "/api/whip/publish/{room}", "POST").Responses.Value("201").Value.Headers, "ETag")
	}, "publishStream optional-response-header-removed"},
	"a refusal has another status": {func(now *openapi3.T) {
		responses := operation(now, "/api/rooms", "POST").Responses
		responses.Set("423", responses.Value("409"))
		responses.Delete("409")
	}, "createRoom response-non-success-status-removed"},
	"more values are answered": {func(now *openapi3.T) {
		state := schema(now, "Recording").Properties["state"].Value
		state.Enum = append(state.Enum, "archived")
	}, "listRecordings response-property-enum-value-added"},
	"a code is answered no more": {func(now *openapi3.T) {
		delete(operation(now, "/api/whip/publish/{room}", "POST").Responses.Value("409").Value.Content["application/problem+json"].Examples, "room_busy")
	}, "publishStream refusal-removed"},
	"a member must be given": {func(now *openapi3.T) {
		order := schema(now, "RoomOrder")
		order.Required = append(order.Required, "display_name")
	}, "createRoom request-property-became-required"},
}

func TestBreakingChangesAreDeclared(t *testing.T) {
	for name, tc := range breaking {
		t.Run(name, func(t *testing.T) {
			before, now := changed(t, tc.change)
			changes, err := compare(before, now)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, c := range changes {
				found = found || c.breaks && c.key() == tc.key
			}
			if !found {
				t.Fatalf("%v, want one that breaks: %s", changes, tc.key)
			}
			if err := judge(changes, "1.0.0", "1.0.0", ""); !errors.Is(err, errUndeclared) || !errors.Is(err, errVersion) {
				t.Errorf("not declared at all: %v", err)
			}
			if err := judge(changes, "1.0.0", "1.1.0", declaration(changes)); !errors.Is(err, errVersion) || errors.Is(err, errUndeclared) {
				t.Errorf("declared, and called an addition: %v", err)
			}
			if err := judge(changes, "1.0.0", "2.0.0", ""); !errors.Is(err, errUndeclared) || errors.Is(err, errVersion) {
				t.Errorf("declared by the version alone: %v", err)
			}
			if err := judge(changes, "1.0.0", "2.0.0", declaration(changes)); err != nil {
				t.Errorf("declared: %v", err)
			}
		})
	}
}

// declaration tells of all changes, as a file of api/changes does.
func declaration(changes []change) string {
	var b strings.Builder
	for _, c := range changes {
		b.WriteString("- `" + c.key() + "`: it had to be.\n")
	}
	return b.String()
}

func TestAdditionsRaiseTheVersionAlone(t *testing.T) {
	for name, change := range map[string]func(now *openapi3.T){
		"an operation": func(now *openapi3.T) {
			op := *operation(now, "/api/rooms", "GET")
			op.OperationID = "listHalls"
			now.Paths.Set("/api/halls", &openapi3.PathItem{Get: &op})
		},
		"a parameter that may be left out": func(now *openapi3.T) {
			operation(now, "/api/rooms", "GET").AddParameter(openapi3.NewQueryParameter("color").WithSchema(openapi3.NewStringSchema()))
		},
		"a member of an answer": func(now *openapi3.T) {
			schema(now, "Room").Properties["color"] = openapi3.NewStringSchema().NewRef()
		},
		"a code": func(now *openapi3.T) {
			examples := operation(now, "/api/rooms", "GET").Responses.Value("400").Value.Content["application/problem+json"].Examples
			examples["color_invalid"] = examples["request_invalid"]
		},
	} {
		t.Run(name, func(t *testing.T) {
			changes, err := compare(changed(t, change))
			if err != nil {
				t.Fatal(err)
			}
			if len(changes) == 0 {
				t.Fatal("nothing was found to have changed")
			}
			for version, want := range map[string]error{"1.0.0": errVersion, "1.0.1": errVersion, "1.1.0": nil, "2.0.0": nil} {
				if err := judge(changes, "1.0.0", version, ""); !errors.Is(err, want) {
					t.Errorf("version %s: %v, want %v, of %v", version, err, want, changes)
				}
			}
		})
	}
}

func TestWordsMayChange(t *testing.T) {
	changes, err := compare(changed(t, func(now *openapi3.T) {
		operation(now, "/api/rooms", "GET").Description = "Other words."
		now.Info.Description = "Other words."
	}))
	if err != nil || len(changes) != 0 {
		t.Errorf("%v, %v", changes, err)
	}
}

func TestVersions(t *testing.T) {
	for _, tc := range []struct {
		before, now string
		want        level
	}{
		{"1.0.0", "1.0.0", none}, {"1.0.0", "1.0.1", patch}, {"1.0.3", "1.1.0", minor}, {"1.2.3", "2.0.0", major}, {"1.9.9", "1.10.0", minor},
	} {
		if got, err := raise(tc.before, tc.now); got != tc.want || err != nil {
			t.Errorf("%s to %s: %d, %v", tc.before, tc.now, got, err)
		}
	}
	for _, now := range []string{"0.9.0", "1.0", "1.2.0", "3.0.0", "2.1.0", "one", "1.1.1", "1.0.0-rc1", ""} {
		if _, err := raise("1.0.0", now); !errors.Is(err, errNoVersion) {
			t.Errorf("1.0.0 to %q: %v", now, err)
		}
	}
}

func nextMajor(t *testing.T, version string) string {
	t.Helper()
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(n+1) + ".0.0"
}

// TestRun reads files, as make api-check does.
func TestRun(t *testing.T) {
	folder := t.TempDir()
	text, err := os.ReadFile(contract)
	if err != nil {
		t.Fatal(err)
	}
	document, err := read(contract)
	if err != nil {
		t.Fatal(err)
	}
	version := document.Info.Version
	next := nextMajor(t, version)
	renamed := filepath.Join(folder, "renamed.yaml")
	other := strings.NewReplacer("operationId: listRooms", "operationId: getRooms", "version: "+version, "version: "+next).Replace(string(text))
	if err := os.WriteFile(renamed, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(io.Discard, contract, contract, folder); err != nil {
		t.Errorf("the same: %v", err)
	}
	if err := run(io.Discard, contract, renamed, folder); !errors.Is(err, errUndeclared) {
		t.Errorf("not declared: %v", err)
	}
	declared := "`listRooms api-operation-id-removed`: call it getRooms."
	if err := os.WriteFile(filepath.Join(folder, next+".md"), []byte(declared), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run(&out, contract, renamed, folder); err != nil || !strings.Contains(out.String(), "breaks: listRooms api-operation-id-removed: ") {
		t.Errorf("declared: %v, printed %q", err, out.String())
	}
	if err := run(io.Discard, filepath.Join(folder, "missing.yaml"), contract, folder); err == nil {
		t.Error("a contract that is missing was compared")
	}
}
