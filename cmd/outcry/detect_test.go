package main_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// week is a series of a week, a row every ten minutes, with an event on its last
// day; stamp writes the times.
func week(stamp func(time.Time) string) string {
	var b strings.Builder
	begin := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 7 * 144 {
		count := 20 + i*i%7
		if i >= 950 && i < 960 {
			count *= 20
		}
		fmt.Fprintf(&b, "%s,%d\n", stamp(begin.Add(time.Duration(i)*10*time.Minute)), count)
	}
	return b.String()
}

func plain(t time.Time) string { return t.Format(time.DateTime) }

// alarms are the numbers of the rows, from 0, that have a score.
func alarms(t *testing.T, out string) (rows []int) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if lines[0] != "timestamp,value,anomaly_score" {
		t.Fatalf("header %q", lines[0])
	}
	for i, line := range lines[1:] {
		if !strings.HasSuffix(line, ",0") {
			rows = append(rows, i)
		}
	}
	return rows
}

func TestDetect(t *testing.T) {
	t.Parallel()
	out, errs, code := outcry(t, "timestamp,value\n"+week(plain), "detect", "--in", "-")
	rows := alarms(t, out)
	if code != 0 || len(rows) == 0 || rows[0] < 950 || rows[len(rows)-1] >= 960 {
		t.Fatalf("code %d, %s, rows with a score: %v, want some from 950 to 959", code, errs, rows)
	}
	for _, line := range strings.Split(strings.TrimSpace(week(plain)), "\n") {
		if !strings.Contains(out, "\n"+line+",") {
			t.Fatalf("the row %q did not come as it was", line)
		}
	}
	// The same by file, with the step given, other forms of time and other columns.
	dir := t.TempDir()
	for name, c := range map[string]struct {
		header string
		stamp  func(time.Time) string
		args   []string
	}{
		"step":         {"timestamp,value\n", plain, []string{"--step", "10m"}},
		"RFC 3339":     {"timestamp,value\r\n", func(t time.Time) string { return t.Format(time.RFC3339) }, nil},
		"Unix":         {"\ufefftimestamp,value\n", func(t time.Time) string { return fmt.Sprint(t.Unix()) }, nil},
		"minutes":      {"timestamp,value\n", func(t time.Time) string { return t.Format("2006-01-02 15:04") }, nil},
		"milliseconds": {"timestamp,value\n", func(t time.Time) string { return fmt.Sprint(t.UnixMilli()) }, nil},
		"columns": {"note, t ,authors\n", func(t time.Time) string { return `"a, b",` + plain(t) },
			[]string{"--time-column", "t", "--value-column", "authors"}},
	} {
		in, file := filepath.Join(dir, "in.csv"), filepath.Join(dir, "out.csv")
		if err := os.WriteFile(in, []byte(c.header+week(c.stamp)), 0o644); err != nil {
			t.Fatal(err)
		}
		_, errs, code := outcry(t, "", append([]string{"detect", "-i", in, "-o", file}, c.args...)...)
		got, err := os.ReadFile(file)
		if code != 0 || err != nil {
			t.Errorf("%s: code %d, %s%v", name, code, errs, err)
			continue
		}
		if again := alarms(t, string(got)); fmt.Sprint(again) != fmt.Sprint(rows) {
			t.Errorf("%s: rows with a score: %v, want %v", name, again, rows)
		}
	}
}

func TestDetectRefuses(t *testing.T) {
	t.Parallel()
	const head = "timestamp,value\n2024-01-01 00:00:00,1\n"
	far := "timestamp,value\n"
	for year := range 12 {
		far += fmt.Sprintf("%d-01-01,5\n", 2010+year)
	}
	for name, c := range map[string]struct{ in, args, want string }{
		"empty":         {"", "", `standard input: is empty: want a header with the columns "timestamp" and "value"`},
		"bad header":    {"time,count\n1,2\n", "", `no column "timestamp" among ["time" "count"]: name it by --time-column`},
		"other column":  {"time,count\n1,2\n", "", `no column "value" among ["time" "count"]: name it by --value-column`},
		"no header":     {"2024-01-01 00:00:00,1\n", "", `no column "timestamp" among ["2024-01-01 00:00:00" "1"]`},
		"NaN":           {head + "2024-01-01 00:05:00,NaN\n", "", `line 3: "NaN" is no count`},
		"negative":      {head + "2024-01-01 00:05:00,-1\n", "", `line 3: "-1" is no count`},
		"infinite":      {head + "2024-01-01 00:05:00,inf\n", "", `line 3: "inf" is no count`},
		"too much":      {head + "2024-01-01 00:05:00,1e300\n", "", `line 3: "1e300" is no count`},
		"no number":     {head + "2024-01-01 00:05:00,many\n", "", `line 3: "many" is no count`},
		"nothing":       {head + "2024-01-01 00:05:00,\n", "", `line 3: "" is no count: want a number from 0 to 1e+15; where nothing was counted, leave the row out`},
		"no time":       {head + "soon,1\n", "", `line 3: "soon" is no time`},
		"earlier":       {head + "2023-12-31 23:55:00,1\n", "", `line 3: "2023-12-31 23:55:00" is not later than "2024-01-01 00:00:00" of the row before: sort`},
		"the same time": {head + "2024-01-01T00:00:00Z,1\n", "--step 5m", `line 3: "2024-01-01T00:00:00Z" is not later than`},
		"fields":        {head + "2024-01-01 00:05:00,1,2\n", "", "line 3: wrong number of fields"},
		"open quote":    {head + "\"2024-01-01 00:05:00,1\n" + strings.Repeat("x\n", 1<<20), "", "a row is longer than 1048576 bytes: is a quote not closed?"},
		"long line":     {head + "2024-01-01 00:05:00,1" + strings.Repeat(" ", 2<<20) + "\n", "", "a row is longer than 1048576 bytes"},
		"gzip":          {"\x1f\x8b\x08\x00", "", "is gzip: unpack it first"},
		"far apart":     {far, "", "line 13: the rows are 8760h0m0s apart: want a day at most"},
		"long step":     {head, "--step 25h", "--step 25h0m0s: must be positive and at most 24h"},
		"one column":    {head, "--time-column value", `--time-column and --value-column are both "value"`},
		"no folder":     {head, "--out /nonexistent/x.csv", "--out: open /nonexistent/x.csv"},
	} {
		out, errs, code := outcry(t, c.in, append([]string{"detect", "--in", "-"}, strings.Fields(c.args)...)...)
		if code == 0 || !strings.Contains(errs, c.want) {
			t.Errorf("%s: code %d, %q, want %q", name, code, errs, c.want)
		}
		// What was good is answered before the complaint.
		if strings.Contains(c.want, "line 3") && !strings.HasSuffix(out, "\n2024-01-01 00:00:00,1,0\n") {
			t.Errorf("%s: answered %q", name, out)
		}
	}
}

// The file that is read is not overwritten.
func TestDetectIntoItsInput(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "series.csv")
	if err := os.WriteFile(path, []byte("timestamp,value\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, errs, code := outcry(t, "", "detect", "-i", path, "-o", path)
	if text, _ := os.ReadFile(path); code == 0 || len(text) == 0 || !strings.Contains(errs, "is the file to read") {
		t.Errorf("code %d, %s, left %q", code, errs, text)
	}
}

// Each row is answered before the next is sent, and an interrupt ends the wait.
func TestDetectStreams(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"detect", "-i", "-"}, {"detect", "-i", "-", "--step", "1m"}} {
		cmd := exec.Command(binary, args...)
		in, _ := cmd.StdinPipe()
		out, _ := cmd.StdoutPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		hung := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
		answers := bufio.NewReader(out)
		io.WriteString(in, "timestamp,value\n")
		if header, err := answers.ReadString('\n'); header != "timestamp,value,anomaly_score\n" {
			t.Fatalf("header %q, %v", header, err)
		}
		for i := range 40 {
			row := fmt.Sprintf("2024-01-01 00:%02d:00,%d", i, i)
			io.WriteString(in, row+"\n")
			if answer, _ := answers.ReadString('\n'); answer != row+",0\n" {
				t.Fatalf("%q is answered by %q", row, answer)
			}
		}
		cmd.Process.Signal(os.Interrupt)
		if rest, _ := io.ReadAll(answers); len(rest) > 0 {
			t.Errorf("after the interrupt: %q", rest)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("after an interrupt: %v", err)
		}
		hung.Stop()
	}
}
