// Package web holds the tests of the TypeScript client (api/typescript), as others use
// it: a page of another origin imports the module from a real server, in Chromium, and
// publishes and plays with it. Between the page and the server may stand a wire, which
// keeps what was said and can say something else in the server's place.
//
// Files that begin with rig_ are the tests' own: the browser, the stranger's site, the
// server and the wire.
package web
