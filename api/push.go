package api

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"outcry/ingest/push"
)

const postsPath = "/v1/posts"

// pushOperation documents what ingest/push answers.
func pushOperation(schemas huma.Registry) *huma.Operation {
	post := &huma.Schema{Type: huma.TypeObject, Required: []string{"text"}, Properties: map[string]*huma.Schema{
		"id":         {Type: huma.TypeString, Description: "Identifies the post: sent again, it counts once. Without one, a post that is sent again may count again."},
		"text":       {Type: huma.TypeString},
		"created_at": {Type: huma.TypeString, Description: "RFC 3339, or Unix time; now where it is absent."},
		"author":     {Type: huma.TypeString, Description: "Kept as a keyed hash only."},
		"lang":       {Type: huma.TypeString},
		"about":      {Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString}, Description: "Services that the post is about."},
		"deleted":    {Type: huma.TypeBoolean, Description: "Takes the post with this id back."},
	}}
	o := &huma.Operation{
		OperationID: "push-posts", Method: http.MethodPost, Path: postsPath,
		Summary:     "Send posts",
		Description: fmt.Sprintf("Answered when the posts are safe. One post as JSON, or several as NDJSON; at most %d bytes and %d posts. The name of the key, which needs the scope `posts`, is the source.", push.MaxBody, push.MaxPosts),
		Security:    []map[string][]string{{"key": {}}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: post}, "application/x-ndjson": {Schema: &huma.Schema{Type: huma.TypeString}},
		}},
		Responses: map[string]*huma.Response{},
	}
	answer := &huma.MediaType{Schema: schemas.Schema(reflect.TypeFor[push.Answer](), true, "PushAnswer")}
	o.Responses["200"] = &huma.Response{Description: "Posts were queued", Content: map[string]*huma.MediaType{"application/json": answer}}
	o.Responses["422"] = &huma.Response{Description: "None of them can be taken", Content: map[string]*huma.MediaType{"application/json": answer}}
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, status := range []int{400, 401, 403, 413, 415, 429, 503} {
		o.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status),
			Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
	}
	return o
}
