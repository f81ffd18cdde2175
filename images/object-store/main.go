// The object store: VersityGW's S3 server over the folder of a volume, with one account, whose keys are in files.
package main

import (
	"context"
	"errors"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

const (
	data = "/var/lib/object-store"
	keys = "/etc/spark-cluster/object-store-"
	port = ":7070"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx); err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

func serve(ctx context.Context) error {
	accessKey, err := os.ReadFile(keys + "access-key")
	if err != nil {
		return err
	}
	secretKey, err := os.ReadFile(keys + "secret-key")
	if err != nil {
		return err
	}
	objects, metadata := filepath.Join(data, "objects"), filepath.Join(data, "metadata")
	folders := []string{metadata}
	for _, bucket := range strings.Fields(os.Getenv("BUCKETS")) {
		folders = append(folders, filepath.Join(objects, bucket))
	}
	for _, folder := range folders {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	// Not in extended attributes of the objects' files: not every file system for volumes has them.
	sidecar, err := meta.NewSideCar(metadata)
	if err != nil {
		return err
	}
	// Each action has a buffer of 1 MiB, so their number limits the memory.
	store, err := posix.New(objects, sidecar, posix.PosixOpts{
		SideCarDir:          metadata,
		Concurrency:         64,
		CopyObjectThreshold: 5 << 30, // S3's own limit, in bytes
	})
	if err != nil {
		return err
	}
	log.Printf("Object store at port %s", strings.TrimPrefix(port, ":"))
	return embedgw.RunVersityGW(ctx, store, &embedgw.Config{
		RootUserAccess:    string(accessKey),
		RootUserSecret:    string(secretKey),
		Ports:             []string{port},
		HealthPath:        "/_health", // no bucket can have this name
		Quiet:             true,
		MaxConnections:    4096,
		MaxRequests:       1024,
		MultipartMaxParts: 10_000, // S3's own limit
	})
}
