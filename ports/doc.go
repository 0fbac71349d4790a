// Package ports is what Rostrum needs of the world, as promises: small interfaces
// that adapters keep and the app relies on. Package porttest has a contract suite
// for each; an adapter is finished when its one line passes.
//
// Every method may be called from several goroutines at once. A refusal that
// people may be shown is a *domain.Refusal; any other error is wrapped with %w
// and means that the port itself failed.
package ports
