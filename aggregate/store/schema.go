package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// migration is one schema file: its number, its name and its statements.
// Every statement is safe to run twice, because a crash between a file's
// statements and its record makes it run again.
type migration struct {
	version    uint32
	name       string
	statements []string
}

func migrations(fsys fs.FS) ([]migration, error) {
	names, err := fs.Glob(fsys, "schema/*.sql") // sorted by name
	if err != nil {
		return nil, fmt.Errorf("list schema: %w", err)
	}
	var all []migration
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read schema: %w", err)
		}
		number, _, _ := strings.Cut(path.Base(name), "_")
		version, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("schema file %s: its name must begin with a number", name)
		}
		all = append(all, migration{uint32(version), path.Base(name), statements(string(text))})
	}
	return all, nil
}

func statements(text string) []string {
	var out []string
	for statement := range strings.SplitSeq(text, ";\n") {
		if statement = strings.TrimSpace(statement); statement != "" {
			out = append(out, statement)
		}
	}
	return out
}

const createSchemaVersions = `
CREATE TABLE IF NOT EXISTS schema_versions
(
    version    UInt32,
    name       String,
    applied_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY version`

// migrate applies the schema files that the database does not have yet, in
// order, and records each.
func migrate(ctx context.Context, conn driver.Conn) error {
	all, err := migrations(schemaFiles)
	if err != nil {
		return err
	}
	if err := conn.Exec(ctx, createSchemaVersions); err != nil {
		return fmt.Errorf("create schema_versions: %w", err)
	}
	var have uint32
	if err := conn.QueryRow(ctx, "SELECT max(version) FROM schema_versions").Scan(&have); err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if newest := all[len(all)-1].version; have > newest {
		return fmt.Errorf("the database has schema version %d, made by a newer Outcry than this one (%d): update Outcry", have, newest)
	}
	for _, m := range all {
		if m.version > have {
			if err := m.apply(ctx, conn); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m migration) apply(ctx context.Context, conn driver.Conn) error {
	for _, statement := range m.statements {
		if err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("schema %s: %w", m.name, err)
		}
	}
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO schema_versions (version, name)")
	if err != nil {
		return fmt.Errorf("record schema %s: %w", m.name, err)
	}
	if err := batch.Append(m.version, m.name); err != nil {
		return fmt.Errorf("record schema %s: %w", m.name, err)
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("record schema %s: %w", m.name, err)
	}
	return nil
}
