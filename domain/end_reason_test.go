package domain_test

import (
	"testing"

	"rostrum/domain"
)

func TestReasonsHaveWords(t *testing.T) {
	seen := map[string]domain.EndReason{}
	for _, reason := range domain.EndReasons() {
		words := reason.Words()
		if other, twice := seen[words]; words == "" || twice {
			t.Errorf("%s is %q, as %s is", reason, words, other)
		}
		seen[words] = reason
	}
	if len(seen) != 15 || domain.EndReason("").Words() != "" {
		t.Errorf("%d reasons: %v", len(seen), seen)
	}
}
