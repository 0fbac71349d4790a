package api_test

import (
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"rostrum/api"
)

// TestEnumsStandOnce holds that no two places of the contract spell out the same values:
// generators would make two types of them, which do not fit each other.
func TestEnumsStandOnce(t *testing.T) {
	text, err := api.WriteOpenAPI("3.1")
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	places := map[string]string{}
	eachEnum(document, "", func(place string, values []string) {
		slices.Sort(values)
		key := strings.Join(values, ", ")
		if before, ok := places[key]; ok {
			t.Errorf("%s and %s have both the values %s: give them a name in api/enums.go", before, place, key)
		}
		places[key] = place
	})
	if len(places) < 4 {
		t.Errorf("found the enums %v alone", places)
	}
}

// eachEnum calls do for every enum in a document, with its place and its values.
func eachEnum(node any, place string, do func(place string, values []string)) {
	switch n := node.(type) {
	case []any:
		for _, item := range n {
			eachEnum(item, place, do)
		}
	case map[string]any:
		for name, member := range n {
			list, ok := member.([]any)
			if name != "enum" || !ok {
				eachEnum(member, place+"/"+name, do)
				continue
			}
			values := []string{}
			for _, value := range list {
				text, _ := value.(string)
				values = append(values, text)
			}
			do(place, values)
		}
	}
}
