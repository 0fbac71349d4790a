package postgres

// The queries of lists, whose plans are tested on tables with rows.
var (
	ListRooms      = listRooms
	ListSessions   = listSessions
	ListRecordings = listRecordings
)

// Planner is how every connection has PostgreSQL plan.
var Planner = planner

// Other statements whose plans are tested.
const (
	SelectRooms      = selectRooms
	SelectSessions   = selectSessions
	SelectRecordings = selectRecordings
	SelectAudit      = selectAudit
	DueDeliveries    = dueDeliveries
	CountRecordings  = countRecordings
	ForgetSessions   = forgetSessions
)
