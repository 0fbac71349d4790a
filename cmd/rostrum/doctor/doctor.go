// Package doctor looks whether a server could do its work with a configuration on this
// machine: `rostrum doctor`. It changes nothing that lasts. No secret is in what it says.
package doctor

import (
	"context"
	"fmt"
	"time"
)

// Status is what a check has come to.
type Status string

// What a check can come to.
const (
	OK   Status = "ok"
	Warn Status = "warn" // the server works, but not as well as it might, or it could not be told
	Fail Status = "fail" // something that is configured does not work
)

// Result is what a check has seen, in words for an operator.
type Result struct {
	Status Status `json:"status"`
	Seen   string `json:"seen"`
	Fix    string `json:"fix,omitempty"` // what to do, in words to copy; empty where all is well
}

func ok(seen string, values ...any) Result {
	return Result{Status: OK, Seen: fmt.Sprintf(seen, values...)}
}

func warn(seen, fix string) Result { return Result{Warn, seen, fix} }

func fail(seen, fix string) Result { return Result{Fail, seen, fix} }

// Check is one thing to look at. Run returns soon after its context has ended. Checks do not
// disturb each other.
type Check struct {
	Name string
	Run  func(ctx context.Context) Result
}

// Finding is a check and what it has come to.
type Finding struct {
	Check string `json:"check"`
	Result
}

// patience is how long a check may take. What it asks has less, so that it can tell what
// did not answer.
const patience = 15 * time.Second

// examine runs all checks at once, and returns what they have come to in their order. Each
// has its patience. One that then does not end, for instance in a call of the
// system on a disk that hangs, is told of and left behind: the process ends soon.
func examine(ctx context.Context, checks []Check, tell func(done, of int)) []Finding {
	type answer struct {
		index  int
		result Result
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answers := make(chan answer, len(checks))
	findings := make([]Finding, len(checks))
	for i, check := range checks {
		findings[i] = Finding{check.Name, fail(fmt.Sprintf("no answer within %v", patience), "See whether what it asks is stopped, overloaded, or hangs: a network file system, a firewall that drops.")}
		go func() { answers <- answer{i, check.Run(ctx)} }()
	}
	late := time.NewTimer(patience + patience/10)
	defer late.Stop()
	for done := range checks {
		tell(done, len(checks))
		select {
		case a := <-answers:
			findings[a.index].Result = a.result
		case <-late.C:
			return findings
		}
	}
	return findings
}

// worst returns the worst that any check has come to.
func worst(findings []Finding) Status {
	result := OK
	for _, f := range findings {
		switch f.Status {
		case Fail:
			return Fail
		case Warn:
			result = Warn
		case OK:
		}
	}
	return result
}
