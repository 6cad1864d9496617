package nlp_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"outcry/nlp"
)

// shared is built once: a classifier never changes.
var shared = sync.OnceValues(nlp.Default)

func defaultClassifier(t testing.TB) *nlp.Classifier {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewRefusesNothing(t *testing.T) {
	if _, err := nlp.New(nil, nil, nil); err == nil {
		t.Error("no catalogue and no lexicon were accepted")
	}
}

// TestSemantics holds one post for each rule of the taxonomy.
func TestSemantics(t *testing.T) {
	for name, tc := range map[string]struct {
		in       nlp.Input
		kind     nlp.Kind
		services []string
		symptoms []string
	}{
		"only the service that is down":   {nlp.Input{Text: "WhatsApp is down, moving to Telegram"}, nlp.Complaint, []string{"whatsapp"}, []string{"down"}},
		"a list shares the problem":       {nlp.Input{Text: "Facebook, Insta et WhatsApp en panne"}, nlp.Complaint, []string{"facebook", "instagram", "whatsapp"}, []string{"down"}},
		"a cause and its victims":         {nlp.Input{Text: "Cloudflare takes down X and ChatGPT"}, nlp.News, []string{"chatgpt", "cloudflare", "x"}, []string{"down"}},
		"a service implied":               {nlp.Input{Text: "one grey tick since noon"}, nlp.Complaint, []string{"whatsapp"}, []string{"messages"}},
		"two precise symptoms":            {nlp.Input{Text: "impossible d'envoyer des messages ou de se connecter à Messenger"}, nlp.Complaint, []string{"messenger"}, []string{"login", "messages"}},
		"no service named":                {nlp.Input{Text: "can't send messages anywhere"}, nlp.Complaint, []string{}, []string{"messages"}},
		"a question without a service":    {nlp.Input{Text: "is the internet down?"}, nlp.Complaint, []string{}, []string{"internet"}},
		"a hashtag run together":          {nlp.Input{Text: "#whatsappdown again"}, nlp.Complaint, []string{"whatsapp"}, []string{"down"}},
		"letters repeated":                {nlp.Input{Text: "Instagraaaam is dowwwwn"}, nlp.Complaint, []string{"instagram"}, []string{"down"}},
		"a handle":                        {nlp.Input{Text: "@SpotifyCares nothing plays, songs stop after ten seconds"}, nlp.Complaint, []string{"spotify"}, []string{"playback"}},
		"a handle called as the site":     {nlp.Input{Text: "@PODA_cz nejede vám web"}, nlp.Complaint, []string{"poda"}, []string{"website"}},
		"a handle in another script":      {nlp.Input{Text: "@카카오톡 메시지가 안 보내져요"}, nlp.Complaint, []string{"kakaotalk"}, []string{"messages"}},
		"a handle of nobody's":            {nlp.Input{Text: "@poda_fan nejede vám web"}, nlp.Other, []string{}, []string{}},
		"a name that trouble makes one":   {nlp.Input{Text: "Flink lädt seit einer Stunde nicht"}, nlp.Complaint, []string{"flink"}, []string{"loading"}},
		"without trouble it is none":      {nlp.Input{Text: "Flink wie ein Wiesel war sie weg"}, nlp.Other, []string{}, []string{}},
		"a name of another country's":     {nlp.Input{Text: "o povo tá meio louco hoje, tá todo mundo perdido"}, nlp.Other, []string{}, []string{}},
		"a list in another language":      {nlp.Input{Text: "Facebook i Instagram nie działają"}, nlp.Complaint, []string{"facebook", "instagram"}, []string{"down"}},
		"an address of mail":              {nlp.Input{Text: "write to ann.bee@gmail.com, it stays down there"}, nlp.Other, []string{}, []string{}},
		"the account of a site":           {nlp.Input{Text: "@github.bsky.social is it down?"}, nlp.Complaint, []string{"github"}, []string{"down"}},
		"a hashtag in Chinese":            {nlp.Input{Text: "#微信崩了#"}, nlp.Complaint, []string{"wechat"}, []string{"down"}},
		"a hashtag in Korean":             {nlp.Input{Text: "#카톡먹통 나만?"}, nlp.Complaint, []string{"kakaotalk"}, []string{"down"}},
		"a hashtag in Japanese":           {nlp.Input{Text: "#LINE障害 また"}, nlp.Complaint, []string{"line"}, []string{"down"}},
		"a hashtag in Thai":               {nlp.Input{Text: "#ไลน์ล่ม ใครเป็นบ้าง"}, nlp.Complaint, []string{"line"}, []string{"down"}},
		"letters swapped in a name":       {nlp.Input{Text: "instagrma is down again, anyone else?"}, nlp.Complaint, []string{"instagram"}, []string{"down"}},
		"a letter of a name replaced":     {nlp.Input{Text: "wharsapp no funciona, alguien más?"}, nlp.Complaint, []string{"whatsapp"}, []string{"down"}},
		"letters swapped in a word":       {nlp.Input{Text: "Instagram khnôg tải được"}, nlp.Complaint, []string{"instagram"}, []string{"loading"}},
		"a word drawn out":                {nlp.Input{Text: "instagram lakkasiiii toimimasta"}, nlp.Complaint, []string{"instagram"}, []string{"down"}},
		"trouble with a line":             {nlp.Input{Text: "router light gone red and everyone in our building has the same since lunch"}, nlp.Complaint, []string{}, []string{"internet"}},
		"a word near a name":              {nlp.Input{Text: "my favourite youtuber is down with the flu"}, nlp.Other, []string{}, []string{}},
		"a small word glued before":       {nlp.Input{Text: "בגוגל דף ריק כבר שעה"}, nlp.Complaint, []string{"google"}, []string{"website"}},
		"a hashtag that it is about":      {nlp.Input{Text: "is it down?", About: []string{"#whatsapp"}}, nlp.Complaint, []string{"whatsapp"}, []string{"down"}},
		"a hashtag that is a word":        {nlp.Input{Text: "lovely day", About: []string{"#free"}}, nlp.Other, []string{}, []string{}},
		"a name inside another":           {nlp.Input{Text: "Appena visto Mario Monti dalla #gruber"}, nlp.Other, []string{}, []string{}},
		"another language's ending":       {nlp.Input{Text: "Cloudflarem to zase nejde"}, nlp.Complaint, []string{"cloudflare"}, []string{"down"}},
		"what the post is about":          {nlp.Input{Text: "still not working after two days", About: []string{"Discord"}}, nlp.Complaint, []string{"discord"}, []string{"down"}},
		"a handle that it is about":       {nlp.Input{Text: "is it down?", About: []string{"@Free"}}, nlp.Complaint, []string{"free"}, []string{"down"}},
		"a homonym":                       {nlp.Input{Text: "free wifi at the cafe and orange juice"}, nlp.Other, []string{}, []string{}},
		"a homonym in another language":   {nlp.Input{Text: "über den Wolken"}, nlp.Other, []string{}, []string{}},
		"an ordinary word":                {nlp.Input{Text: "Er ist alt. Sein Körper macht schlapp."}, nlp.Other, []string{}, []string{}},
		"no name with an ending":          {nlp.Input{Text: "tragedia jak mnie boli głowa po wczoraj"}, nlp.Other, []string{}, []string{}},
		"no name inside a Korean word":    {nlp.Input{Text: "타이베이 여행 가고 싶다"}, nlp.Other, []string{}, []string{}},
		"an abbreviation":                 {nlp.Input{Text: "π.χ. το σπίτι μου είναι μεγάλο"}, nlp.Other, []string{}, []string{}},
		"a laugh":                         {nlp.Input{Text: "LOL too clever by half! Your daddy was disappointed"}, nlp.Other, []string{}, []string{}},
		"a game, as it is written":        {nlp.Input{Text: "LoL is down again"}, nlp.Complaint, []string{"league-of-legends"}, []string{"down"}},
		"two hashtags are no name":        {nlp.Input{Text: "conferenza stampa del governo #monti a #maancheno #LOL"}, nlp.Other, []string{}, []string{}},
		"a support account":               {nlp.Input{Text: "@AskPayPal can't log in"}, nlp.Complaint, []string{"paypal"}, []string{"login"}},
		"a company answers":               {nlp.Input{Text: "Sorry to hear that! Please DM us your account details"}, nlp.Other, []string{}, []string{}},
		"the past":                        {nlp.Input{Text: "WhatsApp was down last week"}, nlp.Other, []string{"whatsapp"}, []string{}},
		"since last night is now":         {nlp.Input{Text: "WhatsApp has been down since last night"}, nlp.Complaint, []string{"whatsapp"}, []string{"down"}},
		"what if":                         {nlp.Input{Text: "if WhatsApp ever goes down I'll cry"}, nlp.Other, []string{"whatsapp"}, []string{}},
		"works again":                     {nlp.Input{Text: "WhatsApp is back!"}, nlp.Resolved, []string{"whatsapp"}, []string{"down"}},
		"only a mention":                  {nlp.Input{Text: "Ask me anything on Telegram"}, nlp.Other, []string{"telegram"}, []string{}},
		"nothing":                         {nlp.Input{}, nlp.Other, []string{}, []string{}},
		"bytes that are no text":          {nlp.Input{Text: "\xff\xfe\x00"}, nlp.Other, []string{}, []string{}},
		"a service nobody knows, in lang": {nlp.Input{Text: "hola", About: []string{"Nobody Inc"}}, nlp.Other, []string{}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := defaultClassifier(t).Classify(tc.in)
			if got.Kind != tc.kind || !reflect.DeepEqual(got.Services, tc.services) || !reflect.DeepEqual(got.Symptoms, tc.symptoms) {
				t.Errorf("%q: got %s %v %v (%.2f), want %s %v %v", tc.in.Text, got.Kind, got.Services, got.Symptoms, got.Score, tc.kind, tc.services, tc.symptoms)
			}
		})
	}
}

// A post says by its own words in which language it is; a lone name says nothing.
func TestLanguageOfShortPosts(t *testing.T) {
	for text, want := range map[string]string{
		"Netflix": "", "WhatsApp down for thousands of users, says Downdetector": "en",
		"se restableció el servicio de Claro en Quito": "es", "busca do booking não acha hotel nenhum": "pt",
	} {
		if got := defaultClassifier(t).Classify(nlp.Input{Text: text}).Lang; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestClassifyIsDeterministicAndConcurrent(t *testing.T) {
	c := defaultClassifier(t)
	posts := []string{"WhatsApp caiu", "is netflix down", "nada que ver", "o zap não funciona", "Vodafone Störung", "ok"}
	want := make([]nlp.Tags, len(posts))
	for i, p := range posts {
		want[i] = c.Classify(nlp.Input{Text: p})
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for round := range 50 {
				i := round % len(posts)
				if got := c.Classify(nlp.Input{Text: posts[i]}); !reflect.DeepEqual(got, want[i]) {
					t.Errorf("%q: %+v, want %+v", posts[i], got, want[i])
				}
			}
		})
	}
	wg.Wait()
}

func FuzzClassify(f *testing.F) {
	for _, s := range []string{"WhatsApp is down", "#whatsappdown?? @x", "\xff", "l'appli ne marche plus", "微信 down", "x X o2 1&1", "@ @ # #"} {
		f.Add(s, "en", "Orange")
	}
	c := defaultClassifier(f)
	f.Fuzz(func(t *testing.T, s, hint, about string) {
		in := nlp.Input{Text: s, Lang: hint, About: []string{about}}
		got := c.Classify(in)
		if got.Services == nil || got.Symptoms == nil || got.Score < 0 || got.Score > 1 || got.Spans != nil && len(got.Spans) == 0 {
			t.Fatalf("%q: %+v", s, got)
		}
		for _, sp := range got.Spans {
			if sp.Start < 0 || sp.End <= sp.Start || sp.End > len(s) {
				t.Fatalf("%q: span %+v", s, sp)
			}
		}
		if again := c.Classify(in); !reflect.DeepEqual(got, again) {
			t.Fatalf("%q: %+v, then %+v", s, got, again)
		}
	})
}

// A long text is read as far as a post reaches, and spans stay inside it.
func TestClassifyReadsTheHeadOfALongText(t *testing.T) {
	c := defaultClassifier(t)
	long := strings.Repeat("whatsapp is down é👍🏽 ", 60_000)
	got := c.Classify(nlp.Input{Text: long})
	if got.Kind != nlp.Complaint || len(got.Services) != 1 {
		t.Errorf("got %s %v", got.Kind, got.Services)
	}
	for _, s := range got.Spans {
		if s.End > 4<<10 || !utf8.ValidString(long[s.Start:s.End]) {
			t.Errorf("span %+v", s)
		}
	}
}
