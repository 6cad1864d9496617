package bus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/twmb/franz-go/pkg/kfake"
)

// Embedded is a broker in this process that keeps its topics in a folder and
// listens on loopback only.
type Embedded struct {
	cluster *kfake.Cluster
	lock    *flock.Flock
	dir     string
	Addr    string // host:port
}

// ErrInUse says that another process has the folder's broker open.
var ErrInUse = errors.New("the embedded queue is open in another process")

// addressFile tells other processes where the folder's broker listens.
const addressFile = "address"

// StartEmbedded opens the broker of the folder, on port of the loopback
// interface (0: any that is free). Every message is on disk before it is
// acknowledged. When another process has it open, the error is ErrInUse and
// FindEmbedded says where that one listens.
func StartEmbedded(dir string, port int, log *slog.Logger) (*Embedded, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("queue folder: %w", err)
	}
	lock := flock.New(filepath.Join(dir, "outcry.lock"))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock queue folder: %w", err)
	}
	if !locked {
		return nil, fmt.Errorf("%s: %w", dir, ErrInUse)
	}
	e := &Embedded{lock: lock, dir: dir}
	if err := e.start(port, log); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return e, nil
}

func (e *Embedded) start(port int, log *slog.Logger) error {
	if err := e.removeAddress(); err != nil { // of a process that was killed
		return err
	}
	cluster, err := kfake.NewCluster(
		kfake.NumBrokers(1),
		kfake.Ports(port),
		kfake.DataDir(filepath.Join(e.dir, "log")),
		kfake.SyncWrites(),
		kfake.ClusterID("outcry"),
		kfake.WithLogger(brokerLog{log}),
		kfake.BrokerConfigs(map[string]string{
			"message.max.bytes": strconv.Itoa(MaxMessageBytes),
			// Retention drops whole segments, so they are small and looked at often.
			"log.segment.bytes":      strconv.Itoa(16 << 20),
			"log.cleaner.backoff.ms": "600000",
		}),
	)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d of the embedded queue is taken by another program: choose another with --queue-port", port)
	}
	if err != nil {
		return fmt.Errorf("start the embedded queue in %s: %w", e.dir, err)
	}
	cluster.ApplyRetention()
	e.cluster, e.Addr = cluster, cluster.ListenAddrs()[0]
	if err := e.noteAddress(); err != nil {
		cluster.Close()
		return err
	}
	return nil
}

func (e *Embedded) noteAddress() error {
	path := filepath.Join(e.dir, addressFile)
	if err := os.WriteFile(path+".new", []byte(e.Addr), 0o644); err != nil {
		return fmt.Errorf("note the queue's address: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("note the queue's address: %w", err)
	}
	return nil
}

func (e *Embedded) removeAddress() error {
	if err := os.Remove(filepath.Join(e.dir, addressFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the queue's old address: %w", err)
	}
	return nil
}

// findTimeout is how long a process may take to open a full folder.
const findTimeout = 15 * time.Second

// FindEmbedded says where the broker of the folder listens in the process
// that has it open. One that has just started is waited for.
func FindEmbedded(ctx context.Context, dir string) (addr string, err error) {
	ctx, cancel := context.WithTimeout(ctx, findTimeout)
	defer cancel()
	path := filepath.Join(dir, addressFile)
	for {
		b, err := os.ReadFile(path)
		if err == nil && checkAddress(string(b)) != nil {
			return "", fmt.Errorf("%s is damaged: restart the process that has the folder open", path)
		}
		if err == nil {
			return string(b), nil
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("the process that has %s open does not say where it listens: %w", dir, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Close writes what is left and frees the folder.
func (e *Embedded) Close() error {
	err := e.removeAddress()
	e.cluster.Close()
	return errors.Join(err, e.lock.Close())
}

// brokerLog passes on what the broker cannot do, such as write to a full disk.
type brokerLog struct{ log *slog.Logger }

// Logf is the broker's logger; only warnings and errors concern an operator.
func (l brokerLog) Logf(level kfake.LogLevel, format string, args ...any) {
	switch level {
	case kfake.LogLevelError:
		l.log.Error("embedded queue: " + fmt.Sprintf(format, args...))
	case kfake.LogLevelWarn:
		l.log.Warn("embedded queue: " + fmt.Sprintf(format, args...))
	}
}
