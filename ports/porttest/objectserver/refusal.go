package objectserver

import (
	"fmt"
	"net/http"
)

// gcsReasons are what Google's JSON API calls its refusals.
var gcsReasons = map[int]struct{ reason, message string }{
	http.StatusUnauthorized:        {"authError", "Invalid Credentials"},
	http.StatusForbidden:           {"forbidden", "The account does not have storage.objects.create access to the Google Cloud Storage object."},
	http.StatusNotFound:            {"notFound", "The specified bucket does not exist."},
	http.StatusTooManyRequests:     {"rateLimitExceeded", "The project exceeded the rate limit for creating and deleting objects."},
	http.StatusInternalServerError: {"internalError", "We encountered an internal error. Please try again."},
	http.StatusServiceUnavailable:  {"backendError", "Backend Error"},
}

func gcsRefusal(status int) (contentType, body string) {
	r := gcsReasons[status]
	return "application/json; charset=UTF-8", fmt.Sprintf(
		`{"error":{"code":%d,"message":%q,"errors":[{"domain":"global","reason":%q,"message":%q}]}}`,
		status, r.message, r.reason, r.message)
}

// s3Codes are what Amazon S3 and its likes call their refusals.
var s3Codes = map[int]string{
	http.StatusUnauthorized:        "Unauthorized",
	http.StatusForbidden:           "AccessDenied",
	http.StatusNotFound:            "NoSuchBucket",
	http.StatusTooManyRequests:     "TooManyRequests",
	http.StatusInternalServerError: "InternalError",
	http.StatusServiceUnavailable:  "SlowDown",
}

func s3Refusal(status int) (contentType, body string) {
	return "application/xml", fmt.Sprintf(
		`<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message><RequestId>1</RequestId></Error>`,
		s3Codes[status], http.StatusText(status))
}
