package s3_test

import (
	"testing"
	"time"

	"rostrum/adapters/s3"
	"rostrum/ports"
	"rostrum/ports/porttest"
	"rostrum/ports/porttest/objectserver"
)

func TestObjects(t *testing.T) {
	server := objectserver.S3(t)
	porttest.Objects(t, func(t *testing.T) ports.Objects {
		return open(t, server, s3.Config{URL: address(server.URL, server.Bucket(t), "/recordings/a=b")})
	})
}

func TestObjectsUnderFaults(t *testing.T) {
	server := objectserver.S3(t)
	porttest.ObjectsUnderFaults(t, server, func(t *testing.T, endpoint, bucket string, patience time.Duration) ports.Objects {
		return open(t, server, s3.Config{URL: address(endpoint, bucket, ""), Patience: patience})
	})
}
