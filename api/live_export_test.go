package api

// LimitStreams bounds the live streams of a server.
func LimitStreams(s *Server, n int) { s.live.max = n }
