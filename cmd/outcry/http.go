package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// listen takes an address at start, so that a taken port is said before
// anything else is opened.
func listen(address, flag string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w (choose another address with --%s)", address, cause(err), flag)
	}
	return listener, nil
}

// cause is the last error of a chain: "address already in use".
func cause(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}

// serveHTTP serves until ctx ends, then lets running answers finish. A handler with
// answers that have no end closes them in Close.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) }}
	stopped := make(chan struct{})
	context.AfterFunc(ctx, func() {
		timeout, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if streams, ok := handler.(interface{ Close() }); ok {
			streams.Close()
		}
		if server.Shutdown(timeout) != nil { // who still holds on is cut off
			server.Close()
		}
		close(stopped)
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve HTTP: %w", err)
	}
	<-stopped
	return nil
}

// listen takes the address of --metrics; nil when there is none.
func (f metricsFlags) listen() (net.Listener, error) {
	if f.Metrics == "" {
		return nil, nil
	}
	return listen(f.Metrics, "metrics")
}

// serveMetrics serves /metrics of a stage that has no API.
func serveMetrics(ctx context.Context, listener net.Listener, registry *prometheus.Registry) error {
	if listener == nil {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return serveHTTP(ctx, listener, mux)
}
