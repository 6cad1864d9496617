package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// fileResolver answers kong with the values of the configuration file.
type fileResolver struct {
	path   string
	values map[string]yaml.Node
}

// configFile reads the file named by --config or OUTCRY_CONFIG. It is read
// before the command line is parsed, because parsing needs it.
func configFile(args []string) (fileResolver, error) {
	path := os.Getenv("OUTCRY_CONFIG")
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--config="); ok {
			path = value
		} else if arg == "--config" && i+1 < len(args) {
			path = args[i+1]
		}
	}
	r := fileResolver{path: path}
	if path == "" {
		return r, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return r, fmt.Errorf("configuration file: %w", err)
	}
	if err := yaml.Unmarshal(text, &r.values); err != nil {
		return r, fmt.Errorf("configuration file %s: %w", path, err)
	}
	return r, nil
}

// Validate refuses keys that are no flag of any command, and values that are
// no scalar or list, naming every one.
func (r fileResolver) Validate(app *kong.Application) error {
	known := flagNames(app.Node)
	var errs []error
	for key, node := range r.values {
		switch {
		case !slices.Contains(known, key):
			errs = append(errs, fmt.Errorf("%s:%d: unknown key %q", r.path, node.Line, key))
		case node.Kind == yaml.MappingNode:
			errs = append(errs, fmt.Errorf("%s:%d: %s: must be a value or a list", r.path, node.Line, key))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

// Resolve gives the file's value of a flag that the environment does not set.
func (r fileResolver) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	node, ok := r.values[flag.Name]
	if !ok || node.Tag == "!!null" || slices.ContainsFunc(flag.Envs, isSet) {
		return nil, nil
	}
	if node.Kind != yaml.SequenceNode {
		return node.Value, nil
	}
	var items []string
	if err := node.Decode(&items); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", r.path, node.Line, err)
	}
	return strings.Join(items, ","), nil
}

func isSet(name string) bool {
	_, ok := os.LookupEnv(name)
	return ok
}

func flagNames(node *kong.Node) []string {
	var names []string
	for _, flag := range node.Flags {
		names = append(names, flag.Name)
	}
	for _, child := range node.Children {
		names = append(names, flagNames(child)...)
	}
	return names
}

// knownVariables refuses OUTCRY_ variables that set no flag of any command:
// a misspelt one would otherwise be ignored without a word.
func knownVariables(app *kong.Application, environ []string) error {
	known := []string{}
	var collect func(*kong.Node)
	collect = func(node *kong.Node) {
		for _, flag := range node.Flags {
			known = append(known, flag.Envs...)
		}
		for _, child := range node.Children {
			collect(child)
		}
	}
	collect(app.Node)
	var errs []error
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		// OUTCRY_TEST_ variables steer the project's tests, not the program.
		if strings.HasPrefix(name, "OUTCRY_") && !strings.HasPrefix(name, "OUTCRY_TEST_") && !slices.Contains(known, name) {
			errs = append(errs, fmt.Errorf("environment: %s sets no flag", name))
		}
	}
	return errors.Join(errs...)
}
