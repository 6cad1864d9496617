package api

import "errors"

// CheckReportTexts says what is wrong with a file like report.yaml.
func CheckReportTexts(file []byte) error {
	_, err := readReportTexts(file)
	return err
}

// ReportButtons are what the page shows for each of the sectors; an error names
// those that it has no buttons of their own for.
func ReportButtons(sectors []string) error {
	texts, err := readReportTexts(reportYAML)
	if err != nil {
		return err
	}
	var errs []error
	for _, sector := range sectors {
		if texts.Buttons[sector] == nil {
			errs = append(errs, errors.New(sector))
		}
	}
	return errors.Join(errs...)
}
