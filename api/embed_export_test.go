package api

// CheckEmbedTexts says what is wrong with a file like embed.yaml.
func CheckEmbedTexts(file []byte) error {
	_, err := readEmbedTexts(file, reportYAML)
	return err
}
