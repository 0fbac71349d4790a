package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"
)

// change is one difference between two contracts that a client may notice.
type change struct {
	where  string // the operation's id, or method and path where it has none
	rule   string // what kind of change it is
	words  string
	breaks bool
}

func (c change) String() string {
	if c.breaks {
		return "breaks: " + c.key() + ": " + c.words
	}
	return "adds:   " + c.key() + ": " + c.words
}

// key names a change in a declaration.
func (c change) key() string { return c.where + " " + c.rule }

// stricter are changes that oasdiff takes for harmless, and that break clients which are
// generated: their methods are named for operations, their types for schemas, and what an
// answer may have is in these types.
var stricter = map[string]checker.Level{
	checker.APIOperationIdRemovedId:            checker.ERR,
	checker.APISchemasRemovedId:                checker.ERR,
	checker.ResponseOptionalPropertyRemovedId:  checker.ERR,
	checker.ResponsePropertyEnumValueRemovedId: checker.ERR,
	checker.ResponseNonSuccessStatusRemovedId:  checker.ERR,
	checker.OptionalResponseHeaderRemovedId:    checker.ERR,
}

// read returns an OpenAPI document, 3.0 or 3.1, whose references lead somewhere.
func read(name string) (*openapi3.T, error) {
	document, err := openapi3.NewLoader().LoadFromFile(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return document, nil
}

// compare returns what has changed, in the order of operations. What oasdiff warns of
// breaks some clients, and so it breaks.
func compare(before, now *openapi3.T) ([]change, error) {
	report, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(),
		&load.SpecInfo{Spec: before, Url: "released"}, &load.SpecInfo{Spec: now, Url: "contract"})
	if err != nil {
		return nil, err
	}
	config := checker.NewConfig(checker.GetAllChecks(), checker.WithSeverityLevels(stricter))
	words := checker.NewDefaultLocalizer()
	var all []change
	for _, c := range checker.CheckBackwardCompatibilityUntilLevel(config, report, sources, checker.INFO) {
		if c.GetSection() == "info" {
			continue // of the version, which judge looks at
		}
		all = append(all, change{where(c), c.GetId(), c.GetUncolorizedText(words), c.GetLevel() != checker.INFO})
	}
	all = append(all, compareCodes(before, now)...)
	slices.SortFunc(all, func(a, b change) int {
		return cmp.Or(strings.Compare(a.where, b.where), strings.Compare(a.rule, b.rule), strings.Compare(a.words, b.words))
	})
	return slices.Compact(all), nil
}

func where(c checker.Change) string {
	if id := c.GetOperationId(); id != "" {
		return id
	}
	if c.GetPath() != "" {
		return strings.TrimSpace(c.GetOperation() + " " + c.GetPath())
	}
	return c.GetSection()
}

// compareCodes returns which operations refuse by other codes than they did. Clients go
// by these, and oasdiff knows nothing of them.
func compareCodes(before, now *openapi3.T) (all []change) {
	then, today := codes(before), codes(now)
	for id, had := range then {
		has, there := today[id]
		for code := range had {
			if there && !has[code] {
				all = append(all, change{id, "refusal-removed", "`" + code + "` is answered no more", true})
			}
		}
	}
	for id, has := range today {
		had, there := then[id]
		for code := range has {
			if there && !had[code] {
				all = append(all, change{id, "refusal-added", "`" + code + "` is answered too", false})
			}
		}
	}
	return all
}

// codes returns the refusals of each operation by their status and code: the names of the
// examples of its problems.
func codes(document *openapi3.T) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for _, item := range document.Paths.Map() {
		for _, op := range item.Operations() {
			all[op.OperationID] = map[string]bool{}
			for status, response := range op.Responses.Map() {
				problem := response.Value.Content["application/problem+json"]
				if problem == nil {
					continue
				}
				for code := range maps.Keys(problem.Examples) {
					all[op.OperationID][status+" "+code] = true
				}
			}
		}
	}
	return all
}
