package store

// Forget makes the store read everything anew.
func Forget(s *Store) { *s.answers = *newAnswers() }

// Kept is how many answers are kept.
func Kept(s *Store) int {
	s.answers.mu.Lock()
	defer s.answers.mu.Unlock()
	return len(s.answers.kept)
}
