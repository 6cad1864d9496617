package api

// Safe is what people may be shown of a text.
func Safe(text string) string { return safe(text) }
