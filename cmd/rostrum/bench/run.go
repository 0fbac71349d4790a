// Package bench measures what a server holds: one publisher, many subscribers, and figures that are exact where they can be.
package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"rostrum/api/client"
)

// Measure does what the options say, and returns when nothing of it runs any more. An error means that there is nothing to
// report; a server that loses packets is none.
func Measure(ctx context.Context, o Options, p *Progress) (_ *Report, err error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	report := &Report{Machine: thisMachine(), Setup: o.setup()}
	for i := range o.Runs {
		if o.Runs > 1 {
			p.tell("run", "%d of %d", i+1, o.Runs)
		}
		run, trials, err := once(ctx, o, p)
		if err != nil {
			return nil, err
		}
		report.Runs = append(report.Runs, run)
		report.Trials = append(report.Trials, trials...)
	}
	report.summarize()
	return report, nil
}

func (o Options) setup() Setup {
	s := Setup{Server: o.Target.URL, Codec: o.Stream.Codec, Bitrate: o.Stream.Bitrate, FPS: o.Stream.FPS, Idle: o.Load.Idle, Search: o.Search}
	if s.Server == "" {
		s.Server, s.Cores = "own", o.Target.Cores
	}
	return s
}

// once is one run with everything of its own.
func once(ctx context.Context, o Options, p *Progress) (Run, []Trial, error) {
	r, err := setUp(ctx, o, p)
	if err != nil {
		return Run{}, nil, err
	}
	run, trials, err := r.measure()
	if late := r.close(); late != nil && err == nil {
		p.warn("the figures stand, but the end was not in order: %v", late)
	}
	return run, trials, err
}

func (r *rig) measure() (Run, []Trial, error) {
	if r.options.Search {
		return r.search()
	}
	if err := r.crowd.grow(r.alive, r.options.Load.Subscribers); err != nil {
		return Run{}, nil, err
	}
	run, err := r.window()
	return run, nil, err
}

// search returns the largest run that held. Who is connected stays so from trial to trial, as far as fewer are not asked for.
func (r *rig) search() (best Run, trials []Trial, err error) {
	ctx, cancel := context.WithTimeout(r.alive, r.options.Within)
	defer cancel()
	s := newSearch(r.options.Load.Subscribers, mostSubscribers())
	for n, ok := s.next(); ok && ctx.Err() == nil; n, ok = s.next() {
		run, trial, err := r.try(ctx, n)
		if err != nil {
			return Run{}, nil, err
		}
		s.tell(trial.Held)
		trials = append(trials, trial)
		if trial.Held {
			best = run
		}
		r.progress.warn("%s", trial)
	}
	if best.Subscribers == 0 {
		return Run{}, nil, fmt.Errorf("no number of subscribers was held within %v: give --max-time more, or begin with fewer by --subscribers",
			r.options.Within)
	}
	return best, trials, nil
}

// try measures n subscribers. Ones that can't join before ctx ends are a no, as long as the server is there. The media pauses
// meanwhile, since a server that has too many already would take minutes.
func (r *rig) try(ctx context.Context, n int) (Run, Trial, error) {
	trial := Trial{Subscribers: n}
	r.publisher.player.pause()
	defer r.publisher.player.resume()
	if err := r.crowd.shrink(r.alive, n); err != nil {
		r.progress.warn("%v", err) // its connection is closed: the server finds out
	}
	if err := r.crowd.grow(ctx, n); err != nil {
		if gone := context.Cause(r.alive); gone != nil {
			return Run{}, trial, gone
		}
		trial.Why = err.Error()
		if no := (*client.Problem)(nil); errors.As(err, &no) {
			trial.Why = fmt.Sprintf("%d joined, then %d: %s", len(r.crowd.members), no.Status, no.Detail)
		}
		return Run{}, trial, nil
	}
	r.publisher.player.resume()
	run, err := r.window()
	if err != nil {
		return Run{}, trial, err
	}
	trial.Held, trial.Why = run.held(cmp.Or(r.options.bounds, watchable))
	return run, trial, nil
}
