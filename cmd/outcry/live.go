package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"outcry/ingest/bluesky"
	"outcry/ingest/feed"
	"outcry/ingest/file"
	"outcry/ingest/folder"
	"outcry/ingest/mastodon"
	"outcry/ingest/reddit"
	"outcry/ingest/x"
	"outcry/nlp/catalog"
)

// kinds are what may stand as the type of a source. What they return lacks its
// kind.
func kinds() map[string]func(name string, settings yaml.Node, log *slog.Logger) (live, error) {
	return map[string]func(string, yaml.Node, *slog.Logger) (live, error){
		"bluesky": openBluesky, "mastodon": openMastodon, "feed": openFeeds, "folder": openFolder, "reddit": openReddit, "x": openX,
	}
}

// blueskySilence is far longer than that network is ever silent.
const blueskySilence = 30 * time.Second

func openBluesky(name string, settings yaml.Node, log *slog.Logger) (live, error) {
	var cfg struct {
		Type     string        `yaml:"type"`
		Hosts    []string      `yaml:"hosts"`
		Protocol string        `yaml:"protocol"`
		Compress *bool         `yaml:"compress"`
		Rewind   time.Duration `yaml:"rewind"`
		Silence  time.Duration `yaml:"silence"`
	}
	cfg.Silence = blueskySilence
	if err := decodeStrictly(settings, &cfg); err != nil {
		return live{}, err
	}
	if cfg.Silence <= 0 {
		return live{}, fmt.Errorf("silence: %s is no time", cfg.Silence)
	}
	source, err := bluesky.New(bluesky.Config{
		Name: name, Hosts: cfg.Hosts, Protocol: cfg.Protocol, Compress: cfg.Compress, Rewind: cfg.Rewind, HTTP: &http.Client{}, Log: log})
	return live{Source: source, silence: cfg.Silence}, err
}

func openMastodon(name string, settings yaml.Node, log *slog.Logger) (live, error) {
	var cfg struct {
		Type      string           `yaml:"type"`
		Instances []instanceConfig `yaml:"instances"`
		Silence   time.Duration    `yaml:"silence"`
	}
	if err := decodeStrictly(settings, &cfg); err != nil {
		return live{}, err
	}
	var errs []error
	config := mastodon.Config{Name: name, Silence: cfg.Silence, HTTP: &http.Client{}, Log: log}
	for n, i := range cfg.Instances {
		token, err := secret(i.Token)
		if err != nil {
			errs = append(errs, fmt.Errorf("instances[%d].token: %w", n, err))
		}
		config.Instances = append(config.Instances, mastodon.Instance{URL: i.URL, Token: token, Timelines: i.Timelines, Interval: i.Interval})
	}
	source, err := mastodon.New(config)
	return live{Source: source}, errors.Join(append(errs, err)...)
}

// instanceConfig is an address, or an address with settings.
type instanceConfig struct {
	URL       string        `yaml:"url"`
	Token     string        `yaml:"token"`
	Timelines []string      `yaml:"timelines"`
	Interval  time.Duration `yaml:"interval"`
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (i *instanceConfig) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&i.URL)
	}
	type plain instanceConfig
	return decodeStrictly(*node, (*plain)(i))
}

func openFeeds(name string, settings yaml.Node, log *slog.Logger) (live, error) {
	var cfg struct {
		Type     string        `yaml:"type"`
		Interval time.Duration `yaml:"interval"`
		Feeds    []feedConfig  `yaml:"feeds"`
	}
	if err := decodeStrictly(settings, &cfg); err != nil {
		return live{}, err
	}
	config := feed.Config{Name: name, Interval: cfg.Interval, HTTP: &http.Client{}, Log: log}
	for _, f := range cfg.Feeds {
		config.Feeds = append(config.Feeds, feed.Feed{URL: f.URL, Interval: f.Interval, About: f.About})
	}
	source, err := feed.New(config)
	return live{Source: source}, err
}

// feedConfig is an address, or an address with settings.
type feedConfig struct {
	URL      string        `yaml:"url"`
	Interval time.Duration `yaml:"interval"`
	About    []string      `yaml:"about"`
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (f *feedConfig) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&f.URL)
	}
	type plain feedConfig
	return decodeStrictly(*node, (*plain)(f))
}

func openFolder(name string, settings yaml.Node, log *slog.Logger) (live, error) {
	var cfg struct {
		Type     string            `yaml:"type"`
		Path     string            `yaml:"path"`
		Pattern  string            `yaml:"pattern"`
		Format   string            `yaml:"format"`
		Map      map[string]string `yaml:"map"`
		Comma    string            `yaml:"comma"`
		Settle   time.Duration     `yaml:"settle"`
		Interval time.Duration     `yaml:"interval"`
	}
	if err := decodeStrictly(settings, &cfg); err != nil {
		return live{}, err
	}
	comma, size := utf8.DecodeRuneInString(cfg.Comma)
	if size != len(cfg.Comma) {
		return live{}, fmt.Errorf("comma: %q must be one character", cfg.Comma)
	}
	if cfg.Comma == "" {
		comma = 0
	}
	source, err := folder.New(folder.Config{
		Name: name, Path: cfg.Path, Pattern: cfg.Pattern, Format: cfg.Format, Mapping: file.Mapping(cfg.Map), Comma: comma,
		Settle: cfg.Settle, Interval: cfg.Interval, Log: log})
	return live{Source: source}, err
}

func openReddit(name string, settings yaml.Node, log *slog.Logger) (live, error) {
	var cfg struct {
		Type         string        `yaml:"type"`
		Subreddits   []string      `yaml:"subreddits"`
		ClientID     string        `yaml:"client_id"`
		ClientSecret string        `yaml:"client_secret"`
		UserAgent    string        `yaml:"user_agent"`
		Interval     time.Duration `yaml:"interval"`
		Recheck      time.Duration `yaml:"recheck"`
		AuthURL      string        `yaml:"auth_url"`
		APIURL       string        `yaml:"api_url"`
	}
	if err := decodeStrictly(settings, &cfg); err != nil {
		return live{}, err
	}
	id, err1 := secret(cfg.ClientID)
	password, err2 := secret(cfg.ClientSecret)
	if err := errors.Join(field("client_id", err1), field("client_secret", err2)); err != nil {
		return live{}, err
	}
	source, err := reddit.New(reddit.Config{
		Name: name, Subreddits: cfg.Subreddits, ClientID: id, ClientSecret: password, UserAgent: cfg.UserAgent,
		Interval: cfg.Interval, Recheck: cfg.Recheck, AuthURL: cfg.AuthURL, APIURL: cfg.APIURL, HTTP: &http.Client{}, Log: log})
	return live{Source: source}, err
}

func openX(name string, settings yaml.Node, log *slog.Logger) (live, error) {
	var cfg struct {
		Type            string        `yaml:"type"`
		Token           string        `yaml:"token"`
		Services        []string      `yaml:"services"`
		Rules           []string      `yaml:"rules"`
		MaxRules        int           `yaml:"max_rules"`
		MaxRuleLength   int           `yaml:"max_rule_length"`
		BackfillMinutes int           `yaml:"backfill_minutes"`
		Compliance      bool          `yaml:"compliance"`
		Silence         time.Duration `yaml:"silence"`
		URL             string        `yaml:"url"`
	}
	cfg.Silence = xSilence
	if err := decodeStrictly(settings, &cfg); err != nil {
		return live{}, err
	}
	token, err := secret(cfg.Token)
	if err != nil {
		return live{}, field("token", err)
	}
	if len(cfg.Rules) == 0 {
		if cfg.Rules, err = rulesFor(cfg.Services, cfg.MaxRules, cfg.MaxRuleLength, log); err != nil {
			return live{}, err
		}
	}
	source, err := x.New(x.Config{
		Name: name, Token: token, Rules: cfg.Rules, MaxRules: cfg.MaxRules, MaxRuleLength: cfg.MaxRuleLength,
		BackfillMinutes: cfg.BackfillMinutes, Compliance: cfg.Compliance, Silence: cfg.Silence, BaseURL: cfg.URL, HTTP: &http.Client{}, Log: log})
	return live{Source: source, silence: cfg.Silence}, err
}

// xSilence is longer than X's pause between signs of life, of 20 s.
const xSilence = 30 * time.Second

// rulesFor asks X for the names and handles of services, all of the catalogue where
// none is named.
func rulesFor(slugs []string, most, length int, log *slog.Logger) ([]string, error) {
	services, err := catalog.Default()
	if err != nil {
		return nil, err
	}
	for _, slug := range slugs {
		if _, known := services.Lookup(slug); !known {
			return nil, fmt.Errorf("services: no service has the slug %q", slug)
		}
	}
	var names []string
	for _, s := range services.Services() {
		if len(slugs) > 0 && !slices.Contains(slugs, s.Slug) {
			continue
		}
		names = append(names, s.Names...)
		for _, handle := range s.Handles {
			names = append(names, "@"+handle)
		}
	}
	rules, left := x.Rules(names, most, length)
	if len(left) > 0 {
		log.Warn("the rules that X allows cannot hold all names; name the services that matter", "names", len(names), "left out", len(left))
	}
	return rules, nil
}

// field says of which field an error is.
func field(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

var variable = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)

// secret is a value of the file, or, as $NAME, of the environment, so that the
// file need not hold it.
func secret(value string) (string, error) {
	name, named := strings.CutPrefix(value, "$")
	if !named {
		return value, nil
	}
	if !variable.MatchString(name) { // it may be the secret itself
		return "", errors.New("what follows a $ must be the name of an environment variable: A to Z, digits, _")
	}
	if value = os.Getenv(name); value == "" {
		return "", fmt.Errorf("the environment has no %s", name)
	}
	return value, nil
}

// openSource makes a source of its settings; its type is its name where it names
// none.
func openSource(name string, settings yaml.Node, log *slog.Logger) (live, error) {
	var cfg struct {
		Type string `yaml:"type"`
	}
	if err := settings.Decode(&cfg); err != nil {
		return live{}, err
	}
	kind := cmp.Or(cfg.Type, name)
	open, known := kinds()[kind]
	if !known {
		return live{}, fmt.Errorf("type: %q is none of: %s", kind, strings.Join(slices.Sorted(maps.Keys(kinds())), ", "))
	}
	source, err := open(name, settings, log.With("component", "ingest", "source", name))
	source.kind = kind
	return source, err
}

// decodeStrictly refuses keys that are no field, and says where they stand.
func decodeStrictly(node yaml.Node, into any) error {
	if node.Kind != yaml.MappingNode && node.Tag != "!!null" {
		return fmt.Errorf("line %d: settings are field: value lines", node.Line)
	}
	var fields map[string]any
	text, err := yaml.Marshal(into)
	if err == nil {
		err = yaml.Unmarshal(text, &fields)
	}
	if err != nil {
		return err
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if key := node.Content[i]; !slices.Contains(slices.Collect(maps.Keys(fields)), key.Value) {
			return fmt.Errorf("line %d: unknown field %s; there are %s", key.Line, key.Value, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
		}
	}
	return node.Decode(into)
}
