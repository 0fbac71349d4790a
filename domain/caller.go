package domain

// Caller is who asks for something: what it may do, from where it asks, and by which
// program.
type Caller struct {
	Grant
	Address   string
	UserAgent string
}
