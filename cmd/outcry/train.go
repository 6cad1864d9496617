package main

import (
	"bytes"
	"fmt"
	"os"

	"outcry/nlp"
)

type trainCmd struct {
	Catalog string   `help:"Folder of YAML files with services, instead of the built-in ones." type:"path" placeholder:"DIR"`
	Lexicon string   `help:"Folder of YAML files with the language of complaints, instead of the built-in ones." type:"path" placeholder:"DIR"`
	Files   []string `arg:"" help:"Labelled posts, NDJSON." type:"existingfile" name:"FILE"`
	Out     string   `help:"File to write the model to." short:"o" required:"" placeholder:"FILE"`
}

// Run trains a model on top of the rules. The same files give the same model.
func (c *trainCmd) Run(e *env) error {
	posts, err := readLabelled(e, c.Files)
	if err != nil {
		return err
	}
	flags := nlpFlags{catalogFlags: catalogFlags{c.Catalog}, Lexicon: c.Lexicon}
	services, err := flags.services()
	if err != nil {
		return err
	}
	words, err := flags.words()
	if err != nil {
		return err
	}
	models, err := nlp.Train(services, words, posts)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	var data bytes.Buffer
	if err := models.Write(&data); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, data.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	e.log.Info("model trained", "posts", len(posts), "bytes", data.Len())
	return nil
}
